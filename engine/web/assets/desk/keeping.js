// The draft of what is typed: with the server within a second.
// Rule of this file: what is typed is not lost, whenever the page is left, and no draft comes after its message.

import { ASKING } from "../live/stream.js";
import { SharedDraft } from "./draft.js";
import { follow } from "./following.js";
import { busy, load } from "./forms.js";
import { ask } from "./link.js";
import { $, desk, message } from "./page.js";

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

// What is typed in another window of the same agent is seen here too; what was saved there holds no form here any more.
export const shared = new SharedDraft(message, () => unkept || sending > 0 || busy.size > 0, follow);

const typed = () => new URLSearchParams(new FormData($("[data-note]")));

export function keep() {
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

export async function settled() {
  clearTimeout(timer);
  unkept = false;
  await keeping;
  unkept = false;
}

// What could not be kept is in the form alone: another one must not take its place.
export const isKept = () => !unkept;

// It was not taken after all, as far as is known: kept as a draft before anything else takes its place.
export function unsettled() {
  unkept = true;
}

// A page that is left within that second asks the next one to keep the rest before it shows the form.
const LATE = "desk-late";

window.addEventListener("pagehide", () => {
  if (unkept) sessionStorage.setItem(LATE, JSON.stringify([message().dataset.call, String(typed())]));
  keep();
});

export async function late() {
  const left = JSON.parse(sessionStorage.getItem(LATE) ?? "null");
  if (!left) return;
  const path = `/desk/calls/${encodeURIComponent(left[0])}`;
  const body = new URLSearchParams(left[1]);
  if (!(await ask(`${path}/draft`, { method: "PUT", body }))?.ok) return;
  sessionStorage.removeItem(LATE);
  if (message().dataset.call === left[0] && !unkept) await load(`${path}/form`);
}

document.addEventListener("visibilitychange", () => (document.hidden ? keep() : follow()));
