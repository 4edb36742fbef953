// The end of the sign-in, told ten minutes before; who signs in anew in another window goes on here.
// Rule of this file: it says so, and takes nothing away.

import { serverNow } from "../live/times.js";
import { again } from "./link.js";
import { $ } from "./page.js";

const SOON = 600; // s
const place = document.getElementById("ends");
let ends = Infinity;

// `at`: seconds since 1970
export function endsAt(at) {
  ends = at;
  tell();
}

export function tell() {
  const left = ends - serverNow();
  place.hidden = left > SOON;
  if (place.hidden) return;
  const time = new Date(ends * 1000).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  const text = left > 0 ? place.dataset.soon.replace("{time}", time) : place.dataset.late;
  const told = $("span", place);
  if (told.textContent !== text) told.textContent = text;
}

// By now there may be another session.
window.addEventListener("focus", () => place.hidden || again());
