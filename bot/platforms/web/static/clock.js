// The demo clock: shows it running in the viewer's zone and moves it forward.

import { tell } from "./net.js";

const { language, zone, clockFailed } = document.body.dataset;
const locale = language === "zh" ? "zh-CN" : "en-GB";
const banner = document.querySelector(".demo");
const face = document.getElementById("clock");
const format = (options) => new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
const day = format({ weekday: "short", day: "numeric", month: "short" });
const time = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
let ahead = 0;

const now = () => Date.now() + ahead;

export function setClock(instant) {
  ahead = new Date(instant) - Date.now();
  show();
}

function show() {
  if (!face) return;
  face.dateTime = new Date(now()).toISOString();
  face.querySelector("span").textContent = day.format(now()).replace(",", "");
  face.querySelector("b").textContent = time.format(now());
}

// Minutes that the zone is ahead of UTC at an instant, by asking what its clocks show then.
function offset(instant) {
  const shown = Object.fromEntries(
    new Intl.DateTimeFormat("en", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
    }).formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  return Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute) - Math.floor(instant / MINUTE) * MINUTE;
}

export function nextMonday(instant) {
  const local = instant + offset(instant);
  const midnight = Math.floor(local / DAY) * DAY;
  const monday = midnight + ((8 - new Date(local).getUTCDay()) % 7) * DAY + 9 * 60 * MINUTE;
  const wanted = monday > local ? monday : monday + 7 * DAY;
  // Taken twice, because summer time may begin or end on the way.
  return new Date(wanted - offset(wanted - offset(wanted))).toISOString();
}

async function move(advance) {
  const buttons = banner.querySelectorAll("button");
  buttons.forEach((button) => (button.disabled = true));
  banner.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch("/workspace/clock", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(advance === "monday" ? { to: nextMonday(now()) } : { advance }),
    });
    const result = await answer.json();
    if (!answer.ok) throw new Error(answer.statusText, { cause: result.message });
    setClock(result.now);
    tell(banner, null);
  } catch (error) {
    tell(banner, error, clockFailed);
  } finally {
    buttons.forEach((button) => (button.disabled = false));
    banner.removeAttribute("aria-busy");
  }
}

if (banner) {
  setClock(face.dateTime);
  setInterval(show, 5000);
  banner.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-advance]");
    if (button) move(button.dataset.advance);
  });
}
