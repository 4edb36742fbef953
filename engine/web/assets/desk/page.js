// What the desk's page is made of, to be found by all that works on it.
// Rule of this file: it only looks.

export const desk = document.getElementById("desk");
export const $ = (what, within = document) => within.querySelector(what);
export const part = (name) => $(`[data-part="${name}"]`, desk);
export const message = () => document.getElementById("message"); // the form; another element after each answer
export const call = () => $("[data-call]", part("call"))?.dataset.call ?? "";
export const state = () => $("[data-state]", part("state"))?.dataset.state ?? "";

// What this browser keeps; written where there is a value.
export function stored(name, value) {
  try {
    return value === undefined ? localStorage.getItem(name) : localStorage.setItem(name, value);
  } catch {
    return null; // a browser that keeps nothing
  }
}
