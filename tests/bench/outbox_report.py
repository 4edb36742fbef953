"""The page of the outbox's figures: the call path's bars, without messages and while ten thousand leave.

Rule of this file: pure; a bar that was missed is written as plainly as one that was met.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.desk_report import M2
from tests.bench.report import VERDICTS, spoilt, table, times
from tests.bench.results import Bar, Results, ms

WITHOUT, WITH = "no messages", "messages leaving"
SHAPES = {
    "idle": "agents free, 10 calls/s",
    "busy": "agents free, 30 calls/s",
    "waiting-100": "100 callers waiting, 10 agents",
}


@dataclass(frozen=True, slots=True)
class Drain:
    """How the messages left."""

    messages: int
    seconds: float
    """From the first mail at the server to the last."""
    lost: int
    doubled: int
    cpu: float
    """Seconds of CPU of the engine in that time, calls included."""


def report(results: Results, drain: Drain, how: str) -> str:
    """The page. `how`: what is measured and how."""
    runs = {side: len([one for one in results.outcomes if one.side == side]) for side in (WITHOUT, WITH)}
    parts = [
        f"# Bench: {drain.messages:,} messages leave while people call",
        f"Measured {results.date} by `python -m tests.bench.outbox`, which writes this page. Runs: "
        f"{runs[WITHOUT]} without messages, {runs[WITH]} while they left.",
        table(("machine", ""), results.machine.items()),
        "## Bars",
        table(("figure", "wanted", WITH, WITHOUT, ""), [_bar(bar) for bar in bars(results, drain)]),
        "## The messages",
        table(("", ""), _drain(drain)),
        "## Hand-over without and with messages",
        table(("", "", "", "n", "p50", "p95", "p99"), times(results, SHAPES, (WITHOUT, WITH))),
        table(("", "", "runs", "calls", "lost", "overtaken", "engine ms/call", "engine MB"), _costs(results)),
        how,
        *spoilt(results),
    ]
    return "\n\n".join(parts) + "\n"


def bars(results: Results, drain: Drain) -> list[Bar]:
    """What was wanted, and what came of it."""
    times = [
        ("M2 at 10 calls/s, p50", M2, results.p50, "idle", "M2"),
        ("M4 at 10 calls/s, p99", 30.0, results.tail, "idle", "M4"),
        ("M3, 100 waiting, p50", 5.0, results.p50, "waiting-100", "M3"),
        ("M3, 100 waiting, p99", 50.0, results.tail, "waiting-100", "M3"),
    ]
    found = []
    for name, wanted, of, shape, figure in times:
        value, beside = of(WITH, shape, figure), of(WITHOUT, shape, figure)
        met = None if math.isnan(value) else value <= wanted
        found.append(Bar(name, f"≤ {wanted:g} ms", ms(value), ms(beside), met))
    return [
        *found,
        *(_none(results, count) for count in ("lost", "overtaken")),
        Bar("messages lost", "0", str(drain.lost), "", not drain.lost),
        Bar("messages that came twice", "0", str(drain.doubled), "", not drain.doubled),
    ]


def _none(results: Results, count: str) -> Bar:
    total = {
        side: sum(one.counts.get(count, 0) for one in results.outcomes if one.side == side and not one.invalid)
        for side in (WITH, WITHOUT)
    }
    return Bar(f"callers {count}, all runs", "0", str(total[WITH]), str(total[WITHOUT]), not total[WITH])


def _bar(bar: Bar) -> Sequence[str]:
    return (
        bar.figure,
        bar.wanted,
        bar.ours,
        bar.theirs,
        VERDICTS[bar.met],
    )


def _drain(drain: Drain) -> list[Sequence[object]]:
    return [
        ("messages, each by one mail", f"{drain.messages:,}"),
        ("first to last mail at the server", f"{drain.seconds:.0f} s"),
        ("mails per second", f"{drain.messages / max(drain.seconds, 0.001):.1f}"),
        ("engine's CPU meanwhile, calls included", f"{drain.cpu:.0f} s"),
    ]


def _costs(results: Results) -> list[Sequence[object]]:
    return [
        (words, side, len(runs), *(results.total(side, shape, count) for count in ("calls", "lost", "overtaken")),
         ms(results.cpu_per_call(side, shape, "engine")), f"{results.memory(side, shape, 'engine'):.0f}")
        for shape, words in SHAPES.items()
        for side in (WITHOUT, WITH)
        if (runs := results.of(side, shape))
    ]  # fmt: skip


def page_of(results: Results, drain: Drain, place: Path) -> str:
    """With what stands in the file beside this one."""
    return report(results, drain, (place / "outbox-how.md").read_text("utf-8").strip())
