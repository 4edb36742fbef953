// Forms: sent by hand, so that nothing but their own place changes.
// Rule of this file: the server decides and writes; nothing that is typed is ever taken away.

import { made } from "../live/renew.js";
import { isKept, keep, settled, unsettled } from "./keeping.js";
import { ask, failed } from "./link.js";
import { $, desk, message } from "./page.js";
import { settle } from "./parts.js";
import { refuse } from "./through.js";

export const busy = new Set();

export async function load(path) {
  if (!(await isSafe())) return;
  const answer = await ask(path, {});
  const html = answer?.ok ? await answer.text() : "";
  if (html && isKept()) place(html); // unless somebody has written on meanwhile
}

// Whether the form may be replaced: what is typed in it is with the server.
async function isSafe() {
  await keep();
  if (!isKept()) failed();
  return isKept();
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
  const isNote = form.matches("[data-note]");
  if (isNote) await settled(); // no draft may come after its message
  else if ((of.contains(form) || form.matches("[data-takes-over]")) && !(await isSafe())) return busy.delete(form);
  const body = new URLSearchParams(new FormData(form, button));
  const answer = await ask(form.getAttribute("action"), { method: "POST", body });
  const isRead = answer && (answer.ok || answer.status === 422);
  if (isNote && !isRead && message() === of) unsettled();
  if (isRead && answer.status !== 204 && message() === of) {
    const html = await answer.text();
    busy.delete(form);
    place(html);
    ($("[aria-invalid=true]", message()) ?? $("[data-summary], [data-told]", message()))?.focus();
  }
  busy.delete(form);
}

// Putting through: what comes of it comes by itself; only a refusal is an answer.
async function order(form, button) {
  busy.add(form);
  const body = new URLSearchParams(new FormData(form, button));
  const answer = await ask(form.getAttribute("action"), { method: "POST", body });
  refuse(answer?.status === 422 ? await answer.text() : "");
  busy.delete(form);
}

desk.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-send]")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});
