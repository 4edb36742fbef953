// The agent's desk: shows what happens as it happens, keeps what is typed, and answers to keys.
// Rule of this file: the server decides and writes; nothing that is typed is ever taken away, no focus is moved by what
// comes in, and a part in which somebody points or stands is not rearranged.

import { SharedDraft } from "./desk/draft.js";
import { byNumber, nextContact, propose, refuse } from "./desk/through.js";
import { made, renew, renewElement } from "./live/renew.js";
import { ASKING, Stream } from "./live/stream.js";
import { countTimes, serverNow, setClock } from "./live/times.js";

const desk = document.getElementById("desk");
const $ = (what, within = document) => within.querySelector(what);
const part = (name) => $(`[data-part="${name}"]`, desk);
const message = () => document.getElementById("message");
const call = () => $("[data-call]", part("call"))?.dataset.call ?? "";
const stored = (name, value) => {
  try {
    return value === undefined ? localStorage.getItem(name) : localStorage.setItem(name, value);
  } catch {
    return null; // a browser that keeps nothing
  }
};

// --- times

setClock(Number(desk.dataset.now));

function count() {
  countTimes();
  for (const one of document.querySelectorAll("[data-undo]")) {
    if ($("time", one).dataset.until < serverNow()) one.remove();
  }
}

// --- parts

const waiting = new Map(); // parts that somebody points at, and what they will be

function show(name, html) {
  const place = part(name);
  if (place.matches("[data-still]:is(:hover, :focus-within)")) return waiting.set(name, html);
  waiting.delete(name);
  renew(place, made(html));
}

function showWaiting() {
  for (const [name, html] of [...waiting]) show(name, html);
}

// --- what happens

let rings = "";

function look(parts, rows) {
  for (const [name, html] of Object.entries(parts)) show(name, html);
  for (const [login, html] of Object.entries(rows)) {
    const row = $(`[data-key="${CSS.escape(login)}"]`, part("team"));
    if (row) renewElement(row, made(html).firstElementChild);
  }
  settle();
}

function settle() {
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
  tabs();
  count();
  follow();
  ring();
}
const title = document.title;

// The form goes along with the next call, unless somebody writes in it or may still take something back.
let followed = call();
let following = null;

function isHeld() {
  const writes = $("[data-note] :is(input, select, textarea):focus");
  return writes || message().hasAttribute("data-typed") || $("[data-undo]") || busy.size > 0;
}

function follow() {
  if ($("[data-away]", part("call"))) return; // the store is away: there is no form to be had
  const [now, shown] = [call(), message().dataset.call];
  const other = $("[data-other]");
  if (other) other.hidden = !now || now === shown;
  if (now === shown) followed = now;
  if (now === followed || following === now || isHeld() || !(now || wasClosed(shown))) return;
  following = now;
  load("/desk/form").finally(() => (following = null));
}

function wasClosed(shown) {
  return ![...document.querySelectorAll("[data-form]")].some((one) => one.dataset.form.includes(`/${encodeURIComponent(shown)}/`));
}

// --- the connection

function band(which) {
  const lost = document.getElementById("lost");
  if (which === "" && lost.dataset.now === "over") return;
  lost.dataset.now = which;
  lost.hidden = !which;
  $("span", lost).textContent = which ? lost.dataset[which] : "";
  $("a", lost).hidden = which !== "over";
}

let stream;

function connect() {
  stream = new Stream("/desk/events", "/desk/form", {
    look: ({ now, parts, rows, draft }) => {
      setClock(now);
      if (document.getElementById("lost").dataset.now === "lost") band(""); // what failed stays until it has worked
      look(parts, rows);
      // Not for a new draft alone: while one types each would bring the next one.
      if (draft === shared.edition || Object.keys(parts).length) keep();
      shared.look(draft);
    },
    lost: () => band("lost"),
    over: () => band("over"),
  });
}

// --- forms: sent by hand, so that nothing but their own place changes

const busy = new Set();

async function load(path) {
  await keep();
  const answer = await ask(path, {});
  if (answer?.ok) place(await answer.text());
}

async function ask(path, more) {
  try {
    const answer = await fetch(path, { ...more, headers: ASKING });
    if (answer.status === 401) stream.over();
    else if (!answer.ok && answer.status !== 422) band("failed");
    else if (document.getElementById("lost").dataset.now === "failed") band("");
    return answer;
  } catch {
    band("failed");
    return null;
  }
}

function place(html) {
  message().replaceWith(made(html).firstElementChild);
  settle();
}

async function send(form, button) {
  if (busy.has(form) || button?.getAttribute("aria-disabled") === "true") return;
  if (form.dataset.send === "through") return order(form, button);
  const of = message();
  // The second half of a double click, which meets the form for one more message.
  if (form.matches("[data-note]") && $("[data-told]", of) && !of.hasAttribute("data-typed")) return;
  busy.add(form);
  if (form.matches("[data-note]")) await settled(); // no draft may come after its message
  else if (of.contains(form) || form.matches("[data-takes-over]")) await keep();
  const body = new URLSearchParams(new FormData(form, button));
  const answer = await ask(form.getAttribute("action"), { method: "POST", body });
  if (answer && (answer.ok || answer.status === 422) && answer.status !== 204 && message() === of) {
    const html = await answer.text();
    busy.delete(form);
    place(html);
    $("[data-summary], [data-told]", message())?.focus();
  }
  busy.delete(form);
}

// Putting through: what comes of it comes by itself; only a refusal is an answer.
async function order(form, button) {
  busy.add(form);
  const answer = await ask(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(form, button)) });
  refuse(answer?.status === 422 ? await answer.text() : "");
  busy.delete(form);
}

desk.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-send]")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

// --- the draft: with the server within a second

const SOON = 600; // ms
let timer,
  unkept = false,
  sending = 0,
  keeping = Promise.resolve();

desk.addEventListener("input", (event) => {
  if (!event.target.closest("[data-note]")) return;
  message().setAttribute("data-typed", "");
  shared.typed();
  unkept = true;
  clearTimeout(timer);
  timer = setTimeout(keep, SOON);
});

// What is typed in another window of the same agent is seen here too.
const shared = new SharedDraft(message, () => unkept || sending > 0 || busy.size > 0);

const typed = () => new URLSearchParams(new FormData($("[data-note]")));

function keep() {
  clearTimeout(timer);
  if (!unkept) return keeping;
  unkept = false;
  const [of, body] = [message(), typed()];
  const path = `/desk/calls/${encodeURIComponent(of.dataset.call)}/draft`;
  sending += 1;
  keeping = keeping.then(async () => {
    const answer = await fetch(path, { method: "PUT", body, headers: ASKING, keepalive: true }).catch(() => null);
    sending -= 1;
    if (!answer?.ok && message() === of) unkept = true;
    if (answer?.ok) of.dataset.draft = answer.headers.get("Draft-Edition") ?? of.dataset.draft;
    const told = $("[data-kept]", of);
    told.textContent = unkept ? told.dataset.unkept : told.dataset.kept;
  });
  return keeping;
}

async function settled() {
  clearTimeout(timer);
  unkept = false;
  await keeping;
  unkept = false;
}

// A page that is left within that second asks the next one to keep the rest before it shows the form.
const LATE = "desk-late";

window.addEventListener("pagehide", () => {
  if (unkept) sessionStorage.setItem(LATE, JSON.stringify([message().dataset.call, String(typed())]));
  keep();
});

async function late() {
  const left = JSON.parse(sessionStorage.getItem(LATE) ?? "null");
  if (!left) return;
  const path = `/desk/calls/${encodeURIComponent(left[0])}`;
  const body = new URLSearchParams(left[1]);
  if (!(await ask(`${path}/draft`, { method: "PUT", body }))?.ok) return;
  sessionStorage.removeItem(LATE);
  if (message().dataset.call === left[0] && !unkept) await load(`${path}/form`);
}

document.addEventListener("visibilitychange", () => (document.hidden ? keep() : follow()));

// --- tabs

let tab = "1";

function tabs() {
  for (const one of document.querySelectorAll("[role=tab]")) {
    const chosen = one.dataset.tab === tab;
    one.setAttribute("aria-selected", String(chosen));
    one.tabIndex = chosen ? 0 : -1;
  }
  for (const one of document.querySelectorAll("[role=tabpanel]")) one.hidden = one.dataset.panel !== tab;
}

function choose(which, focus = false) {
  tab = which;
  tabs();
  if (focus) $(`[role=tab][data-tab="${which}"]`)?.focus();
}

desk.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: 3, ArrowRight: 1 }[event.key];
  if (step && event.target.matches("[role=tab]")) choose(String(((Number(tab) - 1 + step) % 4) + 1), true);
});

// --- keys: the list on the page is the list

const DOES = {
  tab: (key) => choose(key, true),
  message: async () => {
    followed = call();
    if (call() && call() !== message().dataset.call) await load("/desk/form");
    $("[data-note] :is(select, input:not([type=hidden]), textarea)")?.focus();
  },
  none: () => $(".none button")?.focus(),
  open: () => $("[data-form]")?.focus(),
  through: () => {
    choose("1");
    nextContact();
  },
  take_back: () => press("take_back"),
  skip: () => press("skip"),
  swap: () => press("swap"),
  conference: () => press("conference"),
  hand_over: () => press("hand_over"),
  undo: () => press("undo"),
  take_over: () => press("take_over"),
  ready: () => press("ready"),
  pause: () => press("pause"),
  end: () => press("end"),
  save: () => press("save"),
  answer: () => phone("answer"),
  hangup: () => phone("hangup"),
  mute: () => phone("mute"),
  leave: () => (document.getElementById("keys").hidden ? document.activeElement.blur() : help(false)),
  help: () => help(document.getElementById("keys").hidden),
};

// Where the browser is the telephone: phone.js hears it.
function phone(order) {
  document.dispatchEvent(new CustomEvent(`desk:${order}`));
}

function press(what) {
  $(`[data-act="${what}"]:not(:disabled)`)?.click();
}

function help(yes) {
  const keys = document.getElementById("keys");
  const within = keys.contains(document.activeElement);
  keys.hidden = !yes;
  const opener = $("[data-act=help]");
  opener.setAttribute("aria-expanded", String(yes));
  if (!yes && within) opener.focus();
}

const WRITING = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])";

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.metaKey || event.repeat) return;
  if (!event.ctrlKey && $("[data-letters]").checked && byNumber(event)) return;
  const name = event.ctrlKey ? `Control+${event.key}` : event.key;
  const found = $(`#keys [data-key="${CSS.escape(name.length === 1 ? name.toLowerCase() : name)}"]`);
  if (!found) return;
  const anywhere = found.hasAttribute("data-anywhere");
  if (!anywhere && (event.target.matches(WRITING) || !$("[data-letters]").checked)) return;
  event.preventDefault();
  DOES[found.dataset.does](found.dataset.key);
});

desk.addEventListener("click", (event) => {
  const chosenTab = event.target.closest("[role=tab]");
  if (chosenTab) choose(chosenTab.dataset.tab);
  const link = event.target.closest("a[data-form]");
  if (link) {
    event.preventDefault();
    followed = call();
    load(link.dataset.form);
  }
  const contact = event.target.closest("[data-for]");
  if (contact) {
    const field = $("[data-note] [name=contact]");
    field.value = contact.dataset.for;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    $("[data-note] [name=caller_name]").focus();
  }
  const act = event.target.closest("button[type=button][data-act]")?.dataset.act;
  if (act in DOES) DOES[act]();
});

// --- the ring tone: a short sound of our own, again and again while it rings

const TONES = { soft: [440, 0.15], bright: [880, 0.2], deep: [220, 0.35] }; // Hz, loudness
const chosen = $("[data-tone]");
let sound, beat;

function beep() {
  if (!(navigator.userActivation?.hasBeenActive ?? true)) return; // browsers let no page sound before that
  const [hertz, loud] = TONES[chosen.value];
  sound ??= new AudioContext();
  if (sound.state === "suspended") sound.resume();
  for (const at of [0, 0.35]) {
    const [tone, volume] = [new OscillatorNode(sound, { frequency: hertz }), new GainNode(sound, { gain: 0 })];
    const begin = sound.currentTime + at;
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(loud, begin + 0.03);
    volume.gain.linearRampToValueAtTime(0, begin + 0.28);
    tone.connect(volume).connect(sound.destination);
    tone.start(begin);
    tone.stop(begin + 0.3);
  }
}

function ring() {
  const wanted = Boolean(rings) && chosen.value in TONES;
  if (wanted === Boolean(beat)) return;
  clearInterval(beat);
  beat = wanted ? setInterval(beep, 2000) : null;
  if (wanted) beep();
}

chosen.value = stored("desk-tone") ?? "";
if (chosen.selectedIndex < 0) chosen.value = "";
chosen.addEventListener("change", () => {
  stored("desk-tone", chosen.value);
  if (chosen.value) beep();
  ring();
});
const letters = $("[data-letters]");
letters.checked = stored("desk-letters") !== "no";
letters.addEventListener("change", () => stored("desk-letters", letters.checked ? "yes" : "no"));

// --- begin

setInterval(() => {
  count();
  showWaiting();
  follow();
  shared.look();
  propose(message());
  stream.watch();
}, 500);
settle();
connect();
late();
