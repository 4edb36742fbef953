// Signing out while the telephone rings or somebody talks: asked first, at this page, where the talk may be.
// Rule of this file: nobody loses a caller by one click; who wants to may go after the call.

import { ask } from "./link.js";
import { $, state } from "./page.js";

const BUSY = ["ringing", "talking"];
const place = document.getElementById("leaving");
let asked = null; // what was sent when it was asked, and has the focus again

function show(yes) {
  place.hidden = !yes;
  if (yes) $("button", place).focus();
  else asked?.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== "/sign-out" || form.elements.sure || !BUSY.includes(state())) return;
  event.preventDefault();
  asked = event.submitter;
  show(true);
});

place.addEventListener("click", async (event) => {
  const wish = event.target.closest("[data-leave]")?.dataset.leave;
  if (!wish) return;
  if (wish === "after") await ask("/desk/state", { method: "POST", body: new URLSearchParams({ state: "offline" }) });
  show(false);
});

place.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  show(false);
});
