// Keys and buttons: the list on the page is the list.
// Rule of this file: in a field a key is text, but for those that count anywhere.

import { chose } from "./following.js";
import { load } from "./forms.js";
import { $, call, desk, message, stored } from "./page.js";
import { choose } from "./tabs.js";
import { byNumber, nextContact } from "./through.js";

const DOES = {
  tab: (key) => choose(key, true),
  message: async () => {
    chose();
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
  unlisten: () => press("unlisten"),
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

let before = null; // where the keyboard was

export function help(yes) {
  const keys = document.getElementById("keys");
  const within = keys.contains(document.activeElement);
  keys.hidden = !yes;
  const opener = $("[data-act=help]");
  opener.setAttribute("aria-expanded", String(yes));
  if (yes) {
    before = document.activeElement;
    keys.focus();
  } else if (within) (before?.isConnected ? before : opener).focus();
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
  const link = event.target.closest("a[data-form]");
  if (link) {
    event.preventDefault();
    chose();
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

const letters = $("[data-letters]");
letters.checked = stored("desk-letters") !== "no";
letters.addEventListener("change", () => stored("desk-letters", letters.checked ? "yes" : "no"));
