// The lists of messages: insert, replace, day separators, shared headings, staying at the newest.

import { cameIn } from "./unread.js";

const TOGETHER = 5 * 60 * 1000;
const { repliesOne, repliesMany } = document.body.dataset;
const counted = new Set();

export const select = (attribute, value) => `[data-${attribute}="${CSS.escape(value)}"]`;

const fromHtml = (html) => {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
};

const messageBefore = (item) => {
  let before = item.previousElementSibling;
  while (before && !before.matches(".message")) before = before.previousElementSibling;
  return before;
};

function settle(item) {
  const before = messageBefore(item);
  const { author, at, day, dayLabel } = item.dataset;
  const sameDay = before?.dataset.day === day;
  const near = sameDay && new Date(at) - new Date(before.dataset.at) <= TOGETHER;
  const quiet = !item.matches(".private") && !before?.matches(".private");
  item.classList.toggle("continued", Boolean(near && quiet && before.dataset.author === author));
  if (!sameDay && !item.previousElementSibling?.matches(".day")) {
    item.before(fromHtml(`<li class="day" role="separator"><span></span></li>`));
    item.previousElementSibling.querySelector("span").textContent = dayLabel;
  }
}

// A card may change while someone fills in its form: what they typed stays, and where they type.
function keepTyping(old, fresh) {
  const table = fresh.querySelector(".figures");
  if (table) table.open = Boolean(old.querySelector(".figures")?.open);
  if (old.hasAttribute("aria-busy")) return;
  for (const field of old.querySelectorAll(".form [name]")) {
    const twin = [...fresh.querySelectorAll(".form [name]")].find(
      (one) => one.name === field.name && (one.type !== "checkbox" || one.value === field.value),
    );
    if (twin && field.type === "checkbox") twin.checked = field.checked;
    else if (twin) twin.value = field.value;
  }
}

// The element of a message's new face that takes the focus over: the field one was in, else the first wrong one.
function successor(focused, old, fresh) {
  const wrong = fresh.querySelector(":is(input, select, textarea)[aria-invalid], [aria-invalid] input");
  const twin = focused.name && !old.hasAttribute("aria-busy") && fresh.querySelector(`[name="${CSS.escape(focused.name)}"]`);
  return twin || wrong || fresh;
}

function put(list, message, html) {
  const fresh = fromHtml(html);
  const old = list.querySelector(`:scope > ${select("message", message.id)}`);
  if (old) {
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    keepTyping(old, fresh);
    keepCount(old, fresh);
    old.replaceWith(fresh);
    if (focused) successor(focused, old, fresh).focus();
  } else {
    list.append(fresh);
  }
  settle(fresh);
  return fresh;
}

const keepCount = (old, fresh) => {
  const count = Number(old.querySelector(".reply")?.dataset.count ?? 0);
  if (fresh.querySelector(".reply")) showCount(fresh, Math.max(count, Number(fresh.querySelector(".reply").dataset.count)));
};

const showCount = (item, count) => {
  const link = item.querySelector(".reply");
  link.dataset.count = count;
  link.classList.toggle("has-replies", count > 0);
  if (count) link.querySelector("span").textContent = (count === 1 ? repliesOne : repliesMany).replace("{n}", count);
};

export const atNewest = (scroll) => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120;
// A long answer is shown from its beginning.
function toAnswer(scroll, item) {
  if (item.offsetHeight > scroll.clientHeight) item.scrollIntoView({ block: "start" });
  else toNewest(scroll);
}

export const toNewest = (scroll) => scroll.scrollTo({ top: scroll.scrollHeight });

// Shows a message that came over the live stream in every open list that it belongs to.
export function arrive({ message, html, reply_count: total }) {
  const { channel, me } = document.body.dataset;
  if (message.author !== me && !message.edited) cameIn(message.channel, message.id);
  if (message.channel !== channel) return;
  const lists = document.querySelectorAll(message.thread ? select("list", message.thread) : select("list", channel));
  const root = message.thread ? null : document.querySelector(`.thread ${select("message", message.id)}`);
  for (const list of new Set([...lists, root?.parentElement].filter(Boolean))) {
    const scroll = list.closest(".scroll");
    const stay = atNewest(scroll) || message.author === me;
    const item = put(list, message, html);
    if (stay && message.edited) toNewest(scroll);
    else if (stay) toAnswer(scroll, item);
    else if (scroll.closest("main")) document.querySelector(".newer").hidden = false;
  }
  const parent = message.thread && document.querySelector(`main ${select("message", message.thread)}`);
  if (parent?.querySelector(".reply") && !counted.has(message.id)) {
    counted.add(message.id);
    const before = Number(parent.querySelector(".reply").dataset.count);
    showCount(parent, total ?? (message.edited ? before : before + 1));
  }
}
