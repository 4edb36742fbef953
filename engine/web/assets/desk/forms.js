// Forms: sent by hand, so that nothing but their own place changes.
// Rule of this file: the server decides and writes; nothing that is typed is ever taken away.

import { made } from "../live/renew.js";
import { keep, settled } from "./keeping.js";
import { ask } from "./link.js";
import { $, desk, message } from "./page.js";
import { settle } from "./parts.js";
import { refuse } from "./through.js";

export const busy = new Set();

export async function load(path) {
  await keep();
  const answer = await ask(path, {});
  if (answer?.ok) place(await answer.text());
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
