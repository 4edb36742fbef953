// What every page has: htmx with server-sent events, and a word when the server cannot be reached.
import htmx from "htmx.org";
import "htmx-ext-sse";

const trouble = document.getElementById("trouble");

function shown(yes) {
  if (trouble) trouble.hidden = !yes;
}

document.addEventListener("htmx:sendError", () => shown(true));
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) shown(false);
});
window.addEventListener("offline", () => shown(true));
window.addEventListener("online", () => shown(false));

// An error summary takes the focus, so that it is read out (GOV.UK's error summary).
function focusSummary(root) {
  root.querySelector("[data-summary]")?.focus();
}
focusSummary(document);
document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.target));

// A text's length beside its limit, told while writing.
document.addEventListener("input", (event) => {
  const counter = document.getElementById(`${event.target.id}-count`);
  if (!counter) return;
  const length = event.target.value.length;
  counter.textContent = counter.dataset.words.replace("{n}", String(length));
  const longer = document.getElementById(`${event.target.id}-longer`);
  if (longer) longer.hidden = length <= Number(counter.dataset.most);
});

// What agents will see of a text with their name in it.
for (const preview of document.querySelectorAll("[data-preview]")) {
  const source = document.getElementById(preview.dataset.preview);
  source?.addEventListener("input", () => {
    preview.textContent = source.value.replaceAll("{agent}", preview.dataset.agent);
  });
}

// A sound is played here instead of on a page of its own; one at a time.
const player = new Audio();
let playing = null;

function hush() {
  player.pause();
  if (playing) swapWords(playing);
  playing = null;
}

function swapWords(link) {
  const words = link.querySelector("span");
  [words.textContent, link.dataset.stop] = [link.dataset.stop, words.textContent];
}

player.addEventListener("ended", hush);
player.addEventListener("error", hush);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-listen]");
  if (!link) return;
  event.preventDefault();
  const again = link === playing;
  hush();
  if (again) return;
  playing = link;
  swapWords(link);
  player.src = link.href;
  player.play().catch(hush);
});

// Rows whose order counts are dragged by a handle, with mouse, pen or finger; for the keyboard there are buttons. Only
// the fields change places: numbers and buttons belong to the place, so the form is sent as if filled in that way.
const EDGE = 60; // pixels from the window's edge within which it scrolls
const NAMING = ["id", "name", "for", "aria-describedby"];

function renumber(fields, list, from, to) {
  const dashed = list.replaceAll(".", "-");
  const renamed = (text) =>
    text.replaceAll(`${list}.${from}.`, `${list}.${to}.`).replaceAll(`${dashed}-${from}-`, `${dashed}-${to}-`);
  for (const one of fields.flatMap((field) => [field, ...field.querySelectorAll("*")])) {
    for (const name of NAMING) {
      if (one.hasAttribute(name)) one.setAttribute(name, renamed(one.getAttribute(name)));
    }
  }
}

function moveRow(list, rows, from, to) {
  const contents = rows.map((row) => [...row.querySelectorAll(":scope > .field")]);
  const order = [...rows.keys()];
  order.splice(to, 0, ...order.splice(from, 1));
  order.forEach((old, place) => {
    for (const field of contents[old]) rows[place].insertBefore(field, rows[place].querySelector(":scope > .buttons"));
    if (old !== place) renumber(contents[old], list.dataset.ordered, old, place);
  });
  const summary = document.querySelector("[data-summary]"); // its links lead to places that are others' now
  if (summary) summary.hidden = true;
  const told = list.querySelector("[data-moved]");
  told.textContent = told.dataset.moved;
  told.hidden = false;
}

function drag(event, list, rows, from) {
  if (event.button !== 0 || list.querySelector(".dragged")) return;
  event.preventDefault();
  const handle = event.currentTarget;
  handle.setPointerCapture(event.pointerId);
  const listening = new AbortController();
  const dragged = rows[from].getBoundingClientRect();
  const middle = (dragged.top + dragged.bottom) / 2 - event.clientY; // of the row, from the pointer on
  let [to, y] = [from, event.clientY];

  function mark() {
    const reached = rows.findIndex((row) => y + middle < row.getBoundingClientRect().bottom);
    to = reached < 0 ? rows.length - 1 : reached;
    for (const [n, row] of rows.entries()) row.classList.toggle("reached", n === to && to !== from);
  }

  function scroll() {
    if (listening.signal.aborted) return;
    const step = y < EDGE ? -10 : y > window.innerHeight - EDGE ? 10 : 0;
    if (step) {
      window.scrollBy(0, step);
      mark();
    }
    requestAnimationFrame(scroll);
  }

  function end(dropped) {
    listening.abort();
    for (const row of rows) row.classList.remove("dragged", "reached");
    if (dropped && to !== from) moveRow(list, rows, from, to);
  }

  const until = { signal: listening.signal };
  handle.addEventListener("pointermove", (moved) => ((y = moved.clientY), mark()), until);
  handle.addEventListener("pointerup", () => end(true), until);
  handle.addEventListener("pointercancel", () => end(false), until);
  window.addEventListener("keydown", (pressed) => pressed.key === "Escape" && end(false), until);
  rows[from].classList.add("dragged");
  scroll();
}

for (const list of document.querySelectorAll("[data-ordered]")) {
  const rows = [...list.querySelectorAll(":scope > .row")].filter((row) => row.querySelector("[data-drag]"));
  for (const [n, row] of rows.entries()) {
    const handle = row.querySelector("[data-drag]");
    handle.hidden = false;
    handle.addEventListener("pointerdown", (event) => drag(event, list, rows, n));
  }
}

window.htmx = htmx;
