// The supervisor's live board: shows who waits and who works as it changes, gives orders, and answers to keys.
// Rule of this file: the server decides and draws; what comes in moves no focus, and no row under the pointer.

import { draw } from "./board/chart.js";
import { List } from "./board/lists.js";
import { made, renew } from "./live/renew.js";
import { ASKING, Stream } from "./live/stream.js";
import { countTimes, serverNow, setClock } from "./live/times.js";

const board = document.getElementById("board");
const $ = (what, within = document) => within.querySelector(what);
const lists = Object.fromEntries([...document.querySelectorAll("[data-list]")].map((one) => [one.dataset.list, new List(one)]));
const choice = document.getElementById("choice");

// --- what happens

setClock(Number(board.dataset.now));

function look({ now, lists: changed = {}, parts = {} }) {
  setClock(now);
  asOf = now;
  band("");
  for (const [name, html] of Object.entries(parts)) renew($(`[data-part="${name}"]`, board), made(html));
  for (const [name, news] of Object.entries(changed)) lists[name].show(news);
  settle();
}

function settle() {
  const held = lists.waiting.settle();
  document.getElementById("held").hidden = !held;
  const stop = $("[data-act=stop]");
  if (stop) stop.setAttribute("aria-disabled", String(!own() || !$(`[data-listener="${CSS.escape(own())}"]`)));
  for (const one of document.querySelectorAll("[data-list=team] [data-of]")) one.hidden = one.dataset.of !== own();
  countTimes();
  draw();
}

const own = () => board.dataset.own;

// --- the connection

let asOf = serverNow();

function band(which) {
  const lost = document.getElementById("lost");
  lost.hidden = !which;
  board.classList.toggle("is-old", Boolean(which));
  $("a", lost).hidden = which !== "over";
  if (!which || lost.dataset.now === which) return void (lost.dataset.now = which);
  lost.dataset.now = which;
  $("span", lost).textContent = lost.dataset[which];
  const at = new Date(asOf * 1000);
  $("time", lost).textContent = which === "lost" ? at.toLocaleTimeString(document.documentElement.lang) : "";
}

const stream = new Stream("/desk/board/events", "/desk/board/there", {
  look,
  lost: () => band("lost"),
  over: () => band("over"),
});

// --- orders: sent by hand, so that nothing but what they change changes

const busy = new Set();

async function ask(path, more = {}) {
  try {
    const answer = await fetch(path, { ...more, headers: ASKING });
    if (answer.status === 401 || answer.status === 403) stream.over();
    return answer;
  } catch {
    band("lost");
    return null;
  }
}

async function order(form, button) {
  if (busy.has(form) || button?.getAttribute("aria-disabled") === "true") return;
  busy.add(form);
  const body = new URLSearchParams(new FormData(form, button));
  const answer = await ask(form.getAttribute("action"), { method: "POST", body });
  busy.delete(form);
  if (answer && (answer.ok || answer.status === 409)) tell(await answer.text());
  if (answer?.ok && form.closest("[data-choice]")) close();
}

const TOLD = 8_000; // ms that good news stands; a refusal stands until the next order, or Escape
let told;

function tell(html) {
  clearTimeout(told);
  document.getElementById("told").replaceChildren(made(html));
  if ($("#told .good")) told = setTimeout(() => tell(""), TOLD);
}

board.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-order]")) return;
  event.preventDefault();
  order(event.target, event.submitter);
});

// --- what can be chosen for one row

let opener = null;

async function open(link, first = "button") {
  const answer = await ask(link.getAttribute("href"));
  if (!answer) return;
  const html = await answer.text();
  if (!answer.ok) return answer.status === 409 ? tell(html) : undefined;
  opener = link.closest("[data-key]") ?? link;
  choice.replaceChildren(made(html));
  countTimes();
  ($(first, choice) ?? $("h2", choice)).focus();
}

function close() {
  if (!choice.childElementCount) return false;
  choice.replaceChildren();
  opener?.focus();
  return true;
}

board.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-choose], a[data-close]");
  if (link) {
    event.preventDefault();
    if (link.matches("[data-close]")) close();
    else open(link);
  }
  if (event.target.closest("[data-act=help]")) help(document.getElementById("keys").hidden);
});

// --- keys: the list on the page is the list

const WRITING = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])";
const row = () => document.activeElement.closest?.("[data-list] > [data-key]");

function press(act, within = row()) {
  if (within) $(`[data-act="${act}"]:not(:disabled)`, within)?.click();
}

function enter(name) {
  const list = lists[name];
  (list.place.contains(document.activeElement) ? row() : list.rows[0])?.focus();
}

function step(by) {
  const here = row();
  if (!here) return false;
  const next = by > 0 ? here.nextElementSibling : here.previousElementSibling;
  next?.focus();
  return true;
}

// An agent's state: sent from the row where there is nothing to choose.
function state(value) {
  const here = row();
  if (!here?.closest("[data-list=team]")) return;
  const form = document.createElement("form");
  form.setAttribute("action", `/desk/board/agents/${encodeURIComponent(here.dataset.key)}/state`);
  const wanted = Object.assign(document.createElement("input"), { name: "state", value });
  form.append(wanted);
  order(form);
}

const DOES = {
  waiting: () => enter("waiting"),
  team: () => enter("team"),
  down: () => step(1),
  up: () => step(-1),
  front: () => press("front"),
  assign: () => press("assign"),
  take: () => press("take"),
  choose: () => document.activeElement.matches("[data-list=team] > li") && (press("choose"), true),
  ready: () => state("ready"),
  pause: () => {
    const link = row() && $("[data-act=choose]", row());
    if (link) open(link, "[data-pause]");
  },
  offline: () => state("offline"),
  listen: () => press("listen"),
  stop: () => press("stop", board),
  leave: () => {
    tell("");
    if (!close() && !help(false)) document.activeElement.blur();
  },
  help: () => help(document.getElementById("keys").hidden),
};
const MAY_PASS = new Set(["down", "up", "choose"]); // keys that are the browser's own where there is no row

function help(yes) {
  const keys = document.getElementById("keys");
  const was = !keys.hidden;
  const within = keys.contains(document.activeElement);
  keys.hidden = !yes;
  const shows = $(".tools [data-act=help]");
  shows.setAttribute("aria-expanded", String(yes));
  if (within && !yes) shows.focus();
  return was;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.metaKey || event.ctrlKey) return;
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const found = $(`#keys [data-key="${CSS.escape(name)}"]`);
  if (!found) return;
  if (event.repeat && !MAY_PASS.has(found.dataset.does)) return;
  if (!found.hasAttribute("data-anywhere") && (event.target.matches(WRITING) || !$("[data-letters]").checked)) return;
  const done = DOES[found.dataset.does]();
  if (!MAY_PASS.has(found.dataset.does) || done) event.preventDefault();
});

const letters = $("[data-letters]");
try {
  letters.checked = localStorage.getItem("desk-letters") !== "no";
  letters.addEventListener("change", () => localStorage.setItem("desk-letters", letters.checked ? "yes" : "no"));
} catch {
  // a browser that keeps nothing
}

// --- begin

$(".tools [data-act=help]").hidden = false;
for (const event of ["pointerleave", "focusout"]) lists.waiting.place.addEventListener(event, () => setTimeout(settle));
setInterval(() => {
  countTimes();
  stream.watch();
}, 500);
settle();
