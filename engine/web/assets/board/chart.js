// The day by the hour as bars: answered, and above them lost. The table beside it says the same in numbers.
// Rule of this file: the numbers are read from that table; colours are the page's, light and dark.

import uPlot from "uplot";

const place = document.getElementById("chart");
const dark = matchMedia("(prefers-color-scheme: dark)");
const LABEL = 22; // pixels of an hour's name, with room
let plot, shown;

function read() {
  const rows = [...document.querySelectorAll("tr[data-begin]")];
  const answered = rows.map((row) => Number(row.dataset.answered));
  const all = rows.map((row, n) => answered[n] + Number(row.dataset.lost));
  return { hours: rows.map((row) => row.dataset.hour), data: [rows.map((_, n) => n), all, answered] };
}

function options(hours) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const each = Math.ceil((hours.length * LABEL) / Math.max(place.clientWidth - 40, LABEL));
  const bars = uPlot.paths.bars({ size: [0.7, 40] });
  const axis = { stroke: colour("--faint"), grid: { show: false }, ticks: { show: false }, font: "12px system-ui" };
  const series = (label, name) => ({ label, fill: colour(name), width: 0, paths: bars, points: { show: false } });
  return {
    width: place.clientWidth,
    height: 130,
    cursor: { show: false },
    legend: { show: false },
    scales: { x: { time: false, range: [-0.6, Math.max(hours.length, 8) - 0.4] }, y: { range: (_, __, most) => [0, Math.max(most, 4)] } },
    axes: [
      { ...axis, size: 24, splits: () => hours.map((_, n) => n), values: (_, at) => at.map((n) => (n % each ? "" : hours[n])), space: 0 },
      { ...axis, size: 34, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000], grid: { stroke: colour("--line"), width: 1 } },
    ],
    series: [{}, series(place.dataset.lost, "--bad"), series(place.dataset.answered, "--good")],
  };
}

export function draw(again = false) {
  const { hours, data } = read();
  const now = JSON.stringify(data);
  if (now === shown && !again) return;
  shown = now;
  plot?.destroy();
  place.hidden = !hours.length;
  if (!hours.length) return;
  place.setAttribute("aria-hidden", "true");
  plot = new uPlot(options(hours), data, place);
}

dark.addEventListener("change", () => draw(true));
new ResizeObserver(() => plot && plot.width !== place.clientWidth && draw(true)).observe(place);
