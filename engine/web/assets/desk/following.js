// The form goes along with the next call, unless somebody writes in it or may still take something back.
// Rule of this file: a form in which something was typed stays until somebody asks for another one.

import { busy, load } from "./forms.js";
import { $, call, message, part } from "./page.js";

let followed = call();
let following = null;

function isHeld() {
  const writes = $("[data-note] :is(input, select, textarea):focus");
  return writes || message().hasAttribute("data-typed") || $("[data-undo]") || busy.size > 0;
}

export function follow() {
  if ($("[data-away]", part("call"))) return; // the store is away: there is no form to be had
  const [now, shown] = [call(), message().dataset.call];
  const other = $("[data-other]");
  if (other) other.hidden = !now || now === shown;
  if (now === shown) followed = now;
  if (now === followed || following === now || isHeld() || !(now || wasClosed(shown))) return;
  following = now;
  load("/desk/form").finally(() => (following = null));
}

// Somebody has chosen a form: the present call is not followed any more.
export function chose() {
  followed = call();
}

function wasClosed(shown) {
  return ![...document.querySelectorAll("[data-form]")].some((one) => one.dataset.form.includes(`/${encodeURIComponent(shown)}/`));
}
