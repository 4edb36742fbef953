// The tabs of the call.
// Rule of this file: what the agent has chosen stays, from call to call.

import { $, desk } from "./page.js";

let tab = "1";

export function tabs() {
  for (const one of document.querySelectorAll("[role=tab]")) {
    const chosen = one.dataset.tab === tab;
    one.setAttribute("aria-selected", String(chosen));
    one.tabIndex = chosen ? 0 : -1;
  }
  for (const one of document.querySelectorAll("[role=tabpanel]")) one.hidden = one.dataset.panel !== tab;
}

export function choose(which, focus = false) {
  tab = which;
  tabs();
  if (focus) $(`[role=tab][data-tab="${which}"]`)?.focus();
}

desk.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: 3, ArrowRight: 1 }[event.key];
  if (step && event.target.matches("[role=tab]")) choose(String(((Number(tab) - 1 + step) % 4) + 1), true);
});

desk.addEventListener("click", (event) => {
  const chosen = event.target.closest("[role=tab]");
  if (chosen) choose(chosen.dataset.tab);
});
