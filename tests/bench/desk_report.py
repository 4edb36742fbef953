"""The page of the desks' figures: every bar beside what came of it, with and without desks side by side.

Rule of this file: pure; a bar that was missed is written as plainly as one that was met.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from tests.bench.figures import percentile
from tests.bench.painted import BESIDE, BROWSER, SHAPE
from tests.bench.report import VERDICTS, spoilt, table, times
from tests.bench.results import Bar, Results
from tests.bench.results import ms as milliseconds
from tests.bench.shapes import NEVER, Outcome

AGENTS, WAITING = 50, 200
WITHOUT, WITH = "no desks", f"{AGENTS} desks"
LINE = "line"
SHAPES = {
    "idle": "agents free, 10 calls/s",
    "busy": "agents free, 30 calls/s",
    LINE: f"{WAITING} callers waiting, 2.5 hand-overs/s",
    "rush": f"{WAITING} callers waiting, 10 hand-overs/s",
}
UPDATE, RING = 500.0, 300.0
"""Milliseconds that a change may take to every desk, and a ring to one's own (issue, "done when" 3 and 1)."""
M2 = 12.6
"""Milliseconds: app_queue's 4.6 in README.md, and 8."""
UPDATES = {
    "line": "a caller joins or leaves the line → every desk shows it",
    "team": "an agent's state changes → every desk shows it",
    "own ring": "INVITE at the phone → the call is at the agent's own desk",
}
_WAYS = ("order → INVITE", "INVITE → look", "look → painted", "INVITE → painted")


def report(results: Results, how: str, remarks: str) -> str:
    """The page. `how`: what is measured and how; `remarks`: what there is to say of the figures."""
    boards = max((one.counts.get("boards", 0) for one in results.outcomes), default=0)
    parts = [
        f"# Bench: {AGENTS} desks and {WAITING} callers waiting",
        f"Measured {results.date} by `python -m tests.bench.desks`, which writes this page. Boards open: {boards}.",
        table(("machine", ""), results.machine.items()),
        "## Bars",
        table(("figure", "wanted", "measured", ""), [_bar(bar) for bar in bars(results)]),
        remarks,
        "## Until every desk shows it",
        table(("", "", "n", "p50", "p95", "p99", "p99.9", "max"), _updates(results)),
        table(("", "changes/s", "looks/s", "HTML kB/s"), _traffic(results)),
        "## From the ring to the greeting on the screen",
        table(("", "", "n", "p50", "p95", "max"), _painted(results)),
        "## Hand-over without and with desks",
        table(("", "", "", "n", "p50", "p95", "p99"), times(results, SHAPES, (WITHOUT, WITH), ms)),
        table(
            ("", "", "runs", "calls", "lost", "overtaken", "Asterisk ms/call", "engine", "engine MB"), _costs(results)
        ),
        how,
        *spoilt(results),
    ]
    return "\n\n".join(parts) + "\n"


def ms(value: float) -> str:
    """As people read them."""
    return "never" if value >= NEVER else milliseconds(value)


def bars(results: Results) -> list[Bar]:
    """What was wanted, and what came of it."""
    r, most = results, percentile
    own = [value for shape in ("idle", LINE) for value in r.samples(WITH, shape, "own ring")]
    return [
        *(_under(f"{name}, max", most(r.samples(WITH, LINE, key), 1), UPDATE) for key, name in (
            ("line", "line on every desk"), ("team", "agents' states on every desk"))),
        _under("own ring at the desk, 10 calls/s and in the line, max", most(own, 1), RING),
        *(_under(f"greeting painted, {kind}, max", most(r.samples(kind, SHAPE, _WAYS[-1]), 1), RING)
          for kind in (BROWSER, BESIDE)),
        _under(f"M3, {WAITING} waiting, p50", r.p50(WITH, LINE, "M3"), 5, r.p50(WITHOUT, LINE, "M3")),
        _under(f"M3, {WAITING} waiting, p99", r.tail(WITH, LINE, "M3"), 50, r.tail(WITHOUT, LINE, "M3")),
        _under("M2 at 10 calls/s, p50", r.p50(WITH, "idle", "M2"), M2, r.p50(WITHOUT, "idle", "M2")),
        _under("M4 at 10 calls/s, p99", r.tail(WITH, "idle", "M4"), 30, r.tail(WITHOUT, "idle", "M4")),
        _none(r, "lost"),
        _none(r, "overtaken"),
    ]  # fmt: skip


def _under(name: str, value: float, wanted: float, without: float | None = None) -> Bar:
    beside = "" if without is None else f" ({WITHOUT}: {ms(without)})"
    met = None if math.isnan(value) else value <= wanted
    return Bar(name, f"≤ {wanted:g} ms", ms(value) + beside, "", met)


def _none(results: Results, count: str) -> Bar:
    runs = [one for one in results.outcomes if one.side == WITH and not one.invalid]
    total = sum(one.counts.get(count, 0) for one in runs)
    return Bar(
        f"callers {count}, all runs with desks", "0", str(total) if runs else "–", "", not total if runs else None
    )


def _bar(bar: Bar) -> Sequence[str]:
    return bar.figure, bar.wanted, bar.ours, VERDICTS[bar.met]


def _updates(results: Results) -> list[Sequence[object]]:
    return [
        (meaning, SHAPES[shape], len(found), *(ms(percentile(found, share)) for share in (0.5, 0.95, 0.99, 0.999, 1)))
        for key, meaning in UPDATES.items()
        for shape in SHAPES
        if (found := results.samples(WITH, shape, key))
    ]


def _traffic(results: Results) -> list[Sequence[object]]:
    return [(words, *(_rate(results.of(WITH, shape), count) for count in ("changes", "looks", "kilobytes")))
            for shape, words in SHAPES.items() if results.of(WITH, shape)]  # fmt: skip


def _rate(runs: Sequence[Outcome], count: str) -> str:
    return f"{sum(one.counts[count] for one in runs) / max(sum(one.counts['seconds'] for one in runs), 1):.0f}"


def _painted(results: Results) -> list[Sequence[object]]:
    return [
        (kind, way, len(found), *(ms(percentile(found, share)) for share in (0.5, 0.95, 1)))
        for kind in (BROWSER, BESIDE)
        for way in _WAYS
        if (found := results.samples(kind, SHAPE, way))
    ]


def _costs(results: Results) -> list[Sequence[object]]:
    return [
        (words, side, len(runs), *(results.total(side, shape, count) for count in ("calls", "lost", "overtaken")),
         *(ms(results.cpu_per_call(side, shape, process)) for process in ("asterisk", "engine")),
         f"{results.memory(side, shape, 'engine'):.0f}")
        for shape, words in SHAPES.items()
        for side in (WITHOUT, WITH)
        if (runs := results.of(side, shape))
    ]  # fmt: skip


def page_of(results: Results, place: Path) -> str:
    """With what stands in the two files beside this one."""
    how, remarks = ((place / f"desks-{name}.md").read_text("utf-8").strip() for name in ("how", "remarks"))
    return report(results, how, remarks)
