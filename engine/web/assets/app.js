// What every page has: htmx with server-sent events, and a word when the server cannot be reached.
import htmx from "htmx.org";
import "htmx-ext-sse";

const trouble = document.getElementById("trouble");

function shown(yes) {
  if (trouble) trouble.hidden = !yes;
}

document.addEventListener("htmx:sendError", () => shown(true));
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) shown(false);
});
window.addEventListener("offline", () => shown(true));
window.addEventListener("online", () => shown(false));

// An error summary takes the focus, so that it is read out (GOV.UK's error summary).
function focusSummary(root) {
  root.querySelector("[data-summary]")?.focus();
}
focusSummary(document);
document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.target));

// A text's length beside its limit, told while writing.
document.addEventListener("input", (event) => {
  const counter = document.getElementById(`${event.target.id}-count`);
  if (!counter) return;
  const length = event.target.value.length;
  counter.textContent = counter.dataset.words.replace("{n}", String(length));
  const longer = document.getElementById(`${event.target.id}-longer`);
  if (longer) longer.hidden = length <= Number(counter.dataset.most);
});

// What agents will see of a text with their name in it.
for (const preview of document.querySelectorAll("[data-preview]")) {
  const source = document.getElementById(preview.dataset.preview);
  source?.addEventListener("input", () => {
    preview.textContent = source.value.replaceAll("{agent}", preview.dataset.agent);
  });
}

// A sound is played here instead of on a page of its own; one at a time.
const player = new Audio();
let playing = null;

function hush() {
  player.pause();
  if (playing) swapWords(playing);
  playing = null;
}

function swapWords(link) {
  const words = link.querySelector("span");
  [words.textContent, link.dataset.stop] = [link.dataset.stop, words.textContent];
}

player.addEventListener("ended", hush);
player.addEventListener("error", hush);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-listen]");
  if (!link) return;
  event.preventDefault();
  const again = link === playing;
  hush();
  if (again) return;
  playing = link;
  swapWords(link);
  player.src = link.href;
  player.play().catch(hush);
});

window.htmx = htmx;
