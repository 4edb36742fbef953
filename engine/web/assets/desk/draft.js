// A draft that was typed in another window of the same agent is written into the form here.
// Rule of this file: nobody who types is interrupted, no focus is moved, and what the page alone knows (the key under
// which it saves, what it has told) stays.

import { made } from "../live/renew.js";
import { ASKING } from "../live/stream.js";

const QUIET = 2_000; // ms after which nobody types any more
const box = (field) => field.matches("[type=checkbox]");

export class SharedDraft {
  // `form()`: the form's section; `isTyped()`: whether something was typed that is not kept yet, or is being sent;
  // `written()`: it is another one now
  constructor(form, isTyped, written) {
    Object.assign(this, { form, isTyped, written, edition: null, typedAt: -QUIET, isAsking: false });
  }

  typed() {
    this.typedAt = performance.now();
  }

  isHeld() {
    return this.isAsking || this.isTyped() || performance.now() - this.typedAt < QUIET;
  }

  // What the server says: the edition of this agent's drafts; the form has its own in `data-draft`.
  look(edition = this.edition) {
    this.edition = edition;
    const shown = this.form();
    if (edition === null || shown.dataset.draft === edition || this.isHeld()) return;
    if (shown.dataset.call) this.ask(shown);
    else shown.dataset.draft = edition;
  }

  async ask(shown) {
    const typedAt = this.typedAt;
    this.isAsking = true;
    const path = `/desk/calls/${encodeURIComponent(shown.dataset.call)}/form`;
    const answer = await fetch(path, { headers: ASKING }).catch(() => null);
    const html = answer?.ok ? await answer.text() : "";
    this.isAsking = false;
    const isAsItWas = this.form() === shown && this.typedAt === typedAt && !this.isHeld();
    if (!html || !isAsItWas) return;
    write(shown, made(html).firstElementChild);
    this.written();
  }
}

function write(shown, fresh) {
  shown.dataset.draft = fresh.dataset.draft;
  shown.toggleAttribute("data-typed", fresh.hasAttribute("data-typed"));
  for (const field of fresh.querySelectorAll("[data-note] [name]:not([type=hidden], button)")) {
    const same = box(field) ? `[name="${field.name}"][value="${CSS.escape(field.value)}"]` : `[name="${field.name}"]`;
    const there = shown.querySelector(`[data-note] ${same}`);
    if (!there) continue;
    if (box(field)) there.checked = field.checked;
    else if (there.value !== field.value) there.value = field.value;
  }
}
