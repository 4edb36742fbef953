// Times that run, counted here by the server's clock: `<time data-since>` and `<time data-until>`, seconds since 1970.
// Rule of this file: nothing is asked of the server, and what reads the same is not written again.

let ahead = 0; // ms that the server's clock is before ours

export function setClock(now) {
  ahead = now * 1000 - Date.now();
}

export function serverNow() {
  return (Date.now() + ahead) / 1000;
}

export function span(seconds) {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const two = (n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export function countTimes() {
  const now = serverNow();
  for (const one of document.querySelectorAll("time[data-since]")) write(one, span(Math.max(now - one.dataset.since, 0)));
  for (const one of document.querySelectorAll("time[data-until]")) {
    write(one, span(Math.ceil(Math.max(one.dataset.until - now, 0))));
  }
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
