// The workspace: writing, pressing, forms, threads, the live stream. Everything else is plain links.

import { setClock } from "./clock.js";
import { arrive, atNewest, toNewest } from "./messages.js";
import { fetchPage, post, tell } from "./net.js";

const { me, lastEvent, failed, failedAction, live, reconnecting } = document.body.dataset;
const shell = document.querySelector(".shell");
const state = document.getElementById("state");
const mainBox = () => document.querySelector("main .composer textarea");

// Composers: a draft stays with its person, channel and thread until it is sent.

const draftOf = (form) => ["draft", me, form.dataset.channel, form.dataset.thread ?? ""].join("/");

function written(form) {
  const box = form.elements.text;
  sessionStorage.setItem(draftOf(form), box.value);
  form.querySelector(".send").disabled = !box.value.trim();
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}

async function send(form, file = null) {
  const box = form.elements.text;
  const text = file ? "" : box.value.trim();
  if (!(text || file) || form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  try {
    await post("/workspace/messages", { as: me, channel: form.dataset.channel, text, thread: form.dataset.thread ?? null, file });
    if (box.value.trim() === text) box.value = "";
    tell(form, null);
    await catchUp();
  } catch (error) {
    tell(form, error, failed);
  } finally {
    form.removeAttribute("aria-busy");
    written(form);
    box.focus();
  }
}

// A spreadsheet that is chosen or dropped is sent as it is.
async function sendFile(form, file) {
  const content = new Uint8Array(await file.arrayBuffer());
  let bytes = "";
  for (let at = 0; at < content.length; at += 32768) bytes += String.fromCharCode(...content.subarray(at, at + 32768));
  await send(form, { name: file.name, content: btoa(bytes) });
}

function fill(line) {
  const box = mainBox();
  box.value = line;
  written(box.form);
  box.focus();
}

// Buttons and forms of messages: locked while one press is under way.

function answers(form) {
  const values = {};
  for (const field of form.querySelectorAll("[name]")) {
    if (!("many" in field.dataset)) values[field.name] = field.value;
    else values[field.name] = [...(values[field.name] ?? []), ...(field.checked ? [field.value] : [])];
  }
  return values;
}

async function press(button) {
  const item = button.closest(".message");
  if (item.hasAttribute("aria-busy")) return;
  const form = button.closest(".form");
  const values = form && button.dataset.command !== "cancel" ? answers(form) : null;
  item.setAttribute("aria-busy", "true");
  button.classList.add("pressed");
  try {
    await post("/workspace/actions", { as: me, message: item.dataset.message, button: button.dataset.button, form: values });
    tell(item.querySelector(".content"), null);
    await catchUp();
  } catch (error) {
    tell(item.querySelector(".content"), error, failedAction);
  } finally {
    item.removeAttribute("aria-busy");
    button.classList.remove("pressed");
  }
}

// Threads open beside the channel without leaving it; their address is a page of its own.

function showThread(thread) {
  shell.querySelector(".thread")?.remove();
  if (!thread) return mainBox().focus();
  shell.append(thread);
  ready(thread);
  thread.querySelector("textarea").focus();
}

async function goTo(address) {
  try {
    const page = await fetchPage(address);
    showThread(page.querySelector(".thread"));
    history.pushState(null, "", address);
  } catch {
    location.assign(address);
  }
}

// The live stream brings every change; while it is down the page is fetched again after a press.

// A browser keeps six connections to one host, so a page that nobody looks at gives its own back.

let last = lastEvent;
let stream = null;

const say = (isLive) => {
  state.classList.toggle("live", isLive);
  state.querySelector("span").textContent = isLive ? live : reconnecting;
};

function listen() {
  stream = new EventSource(`/workspace/events?${new URLSearchParams({ as: me, last })}`);
  stream.addEventListener("open", () => say(true));
  stream.addEventListener("error", () => say(false));
  stream.addEventListener("clock", ({ data }) => setClock(JSON.parse(data).now));
  stream.addEventListener("message", ({ data, lastEventId }) => {
    last = lastEventId;
    arrive(JSON.parse(data));
  });
}

function hush() {
  stream?.close();
  stream = null;
  say(false);
}

async function catchUp() {
  if (stream?.readyState === EventSource.OPEN) return;
  const page = await fetchPage(location.href).catch(() => document.createDocumentFragment());
  for (const fresh of page.querySelectorAll(".messages")) {
    const list = document.querySelector(`.messages[data-list="${CSS.escape(fresh.dataset.list)}"]`);
    list?.replaceChildren(...fresh.childNodes);
    if (list) toNewest(list.closest(".scroll"));
  }
}

function ready(part) {
  for (const form of part.querySelectorAll(".composer")) {
    form.elements.text.value ||= sessionStorage.getItem(draftOf(form)) ?? "";
    written(form);
  }
  for (const scroll of part.querySelectorAll(".scroll")) {
    // Whoever reads the newest stays there while pictures load and messages grow.
    let pinned = true;
    toNewest(scroll);
    scroll.addEventListener("scroll", () => (pinned = atNewest(scroll)), { passive: true });
    new ResizeObserver(() => pinned && toNewest(scroll)).observe(scroll.querySelector(".messages"));
  }
}

// The side covers a phone: what lies under it is out of reach until it closes.
function side(isOpen) {
  document.body.classList.toggle("side-open", isOpen);
  document.querySelector("main").inert = isOpen;
  document.querySelector(isOpen ? ".close-side" : ".open-side").focus();
}

document.addEventListener("click", (event) => {
  const { target } = event;
  const hit = (selector) => target.closest(selector);
  const plain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.button);
  if (hit("[data-fill]")) fill(hit("[data-fill]").dataset.fill);
  else if (hit(".button")) press(hit(".button"));
  else if (hit(".newer")) toNewest(document.querySelector("main .scroll"));
  else if (plain && hit(".reply, .close-thread")) {
    event.preventDefault();
    goTo(hit("a").href);
  } else if (hit(".open-side, .close-side, .scrim")) {
    event.preventDefault();
    side(Boolean(hit(".open-side")));
  }
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.matches(".composer")) send(form);
  else form.querySelector(".button")?.click();
});

document.addEventListener("input", ({ target }) => target.form?.matches(".composer") && written(target.form));

document.addEventListener("change", ({ target }) => {
  if (!target.matches(".attach input") || !target.files[0]) return;
  sendFile(target.form, target.files[0]);
  target.value = "";
});

document.addEventListener("dragover", (event) => document.querySelector(".attach") && event.preventDefault());

document.addEventListener("drop", (event) => {
  const [file] = event.dataTransfer.files;
  if (!file || !document.querySelector(".attach")) return;
  event.preventDefault();
  sendFile(mainBox().form, file);
});

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  // An input method also ends a Chinese word with Enter; that Enter is not ours.
  if (event.isComposing) return;
  if (key === "Enter" && !event.shiftKey && target.matches(".composer textarea")) {
    event.preventDefault();
    send(target.form);
  } else if (key === "/" && !target.matches("input, textarea, select")) {
    event.preventDefault();
    mainBox().focus();
  } else if (key === "Escape") {
    if (document.body.matches(".side-open")) side(false);
    else if (shell.querySelector(".thread")) goTo(shell.querySelector(".close-thread").href);
  }
});

document.querySelector("main .scroll").addEventListener("scroll", ({ target }) => {
  if (atNewest(target)) document.querySelector(".newer").hidden = true;
}, { passive: true });

document.addEventListener("visibilitychange", () => (document.hidden ? hush() : stream ?? listen()));
window.addEventListener("popstate", () => location.reload());
ready(document);
if (!document.hidden) listen();
