// Putting through at the desk: buttons by number, refusals, and the proposal for the message.
// Rule of this file: the proposal is put into the message, and nothing that somebody has typed is taken out of it.

const $ = (what, within = document) => within.querySelector(what);

// The keyboard goes from one contact's buttons to the next one's.
export function nextContact() {
  const groups = [...document.querySelectorAll("[data-through]:has(button)")];
  const now = groups.filter((one) => $("button:not([aria-disabled=true])", one));
  const all = now.length ? now : groups;
  const at = all.indexOf(document.activeElement.closest("[data-through]"));
  if (all.length) $("button", all[(at + 1) % all.length]).focus();
}

// Among a contact's buttons a number is one of the contact's numbers. True: it was.
export function byNumber(event) {
  const button = /^[1-9]$/.test(event.key) && $(`[data-place="${event.key}"]`, event.target.closest("[data-through]") ?? new DocumentFragment());
  if (!button) return false;
  event.preventDefault();
  button.click();
  return true;
}

// Why something could not be; nothing: it could.
export function refuse(why) {
  const place = document.getElementById("refused");
  $("span", place).textContent = why;
  place.hidden = !why;
}

document.getElementById("refused").addEventListener("click", () => refuse(""));

// What came of it, into the form of the same call: once, and never while somebody writes there.
export function propose(message) {
  const shown = document.getElementById("through");
  const [field, text] = [$("[data-note] [name=text]", message), shown?.dataset.proposal];
  if (!text || !message.hasAttribute("data-fresh") || shown.dataset.of !== message.dataset.call) return;
  const before = field.dataset.proposed ?? "";
  if (text === before || field === document.activeElement) return;
  field.dataset.proposed = text;
  if (field.value.includes(text)) return;
  const isThere = before && field.value.includes(before);
  field.value = isThere ? field.value.replace(before, () => text) : [field.value, text].filter(Boolean).join("\n");
  if (message.hasAttribute("data-typed")) field.dispatchEvent(new Event("input", { bubbles: true }));
}
