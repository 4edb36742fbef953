// The parts of the desk that change by themselves.
// Rule of this file: no focus is moved by what comes in, and a part in which somebody points or stands is not rearranged.

import { made, renew, renewElement } from "../live/renew.js";
import { countTimes, serverNow } from "../live/times.js";
import { follow } from "./following.js";
import { help } from "./keys.js";
import { $, desk, message, part } from "./page.js";
import { tabs } from "./tabs.js";
import { propose } from "./through.js";
import { ring } from "./tone.js";

const waiting = new Map(); // parts that somebody points at, and what they will be
const title = document.title;
let rings = "";

export function show(name, html) {
  const place = part(name);
  if (place.matches("[data-still]:is(:hover, :focus-within)")) return waiting.set(name, html);
  waiting.delete(name);
  renew(place, made(html));
}

export function showWaiting() {
  for (const [name, html] of [...waiting]) show(name, html);
}

// `rows`: those of the team that have changed, by login
export function look(parts, rows) {
  for (const [name, html] of Object.entries(parts)) show(name, html);
  for (const [login, html] of Object.entries(rows)) {
    const row = $(`[data-key="${CSS.escape(login)}"]`, part("team"));
    if (row) renewElement(row, made(html).firstElementChild);
  }
  settle();
}

// Brings in line with what is there all that the page itself decides.
export function settle() {
  const there = $("[data-call]", part("call"));
  const ringing = there?.matches(".rings") ? there.dataset.call : "";
  if (ringing && ringing !== rings) {
    document.getElementById("told").textContent = there.dataset.told;
    part("call").parentElement.scrollTop = 0;
    help(false);
  }
  rings = ringing;
  propose(message());
  const handset = document.getElementById("phone-set");
  if (handset) handset.dataset.hold = there?.dataset.hold ?? "no";
  document.title = ringing ? `☎ ${there.dataset.told}` : title;
  for (const one of document.querySelectorAll("[data-for]")) one.hidden = one.dataset.of !== message().dataset.call;
  relabel();
  tabs();
  count();
  follow();
  ring(Boolean(rings));
}

// In the form of this call the contacts say to whom their messages go just now; what is chosen stays chosen.
function relabel() {
  const told = $("[data-labels]", part("instead"));
  if (told?.dataset.labels !== message().dataset.call) return;
  for (const one of told.children) {
    const option = $(`[name=contact] option[value="${CSS.escape(one.dataset.contact)}"]`, message());
    if (option && option.textContent !== one.textContent) option.textContent = one.textContent;
  }
}

// A message can be taken back for some seconds, and no longer than until something of it has left the house.
export function count() {
  countTimes();
  for (const one of document.querySelectorAll("[data-undo]")) {
    const isOver = $("time", one).dataset.until < serverNow();
    if (isOver || $(`[data-left="${one.dataset.undo}"]`, desk)) one.remove();
  }
}
