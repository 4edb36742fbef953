"""The report: one Markdown page with every figure beside what was wanted, and how to get it again.

Rule of this file: pure; a bar that was missed is written as plainly as one that was met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from tests.bench.figures import percentile
from tests.bench.results import OURS, THEIRS, Results, bars, ms

SHAPES = {
    "idle": "agents free, 10 calls/s",
    "busy": "agents free, 30 calls/s",
    "waiting-10": "10 callers waiting",
    "waiting-100": "100 callers waiting",
    "waiting-300": "300 callers waiting",
    "waiting-1000": "1,000 callers waiting",
    "silent-1000": "1,000 callers waiting, no music",
}
FIGURES = {
    "M1": "INVITE → 183",
    "M2": "INVITE → 200, an agent free",
    "M3": "agent's BYE → next INVITE at that agent's phone",
    "M4": "agent's 200 → caller's 200",
}
_SIDES = (OURS, THEIRS)
VERDICTS = {True: "met", False: "**missed**", None: "not measured"}
"""What is said of a bar."""


def report(results: Results, largest: int, how: str, remarks: str) -> str:
    """The page. `how`: what is measured and how; `remarks`: what stands in the way of bars that were missed."""
    parts = [
        "# Bench: Vorzimmer beside app_queue",
        f"Measured {results.date} by `make bench`; this page and the plots are written by it.",
        table(("machine", ""), results.machine.items()),
        "## Bars",
        table(("figure", "wanted", "ours", "app_queue", ""), _bars(results, largest)),
        *([remarks] if remarks else []),
        "## Times",
        "p50: median of the runs' medians, least and greatest in brackets; p95 and p99: of all runs' calls together.",
        *_times(results),
        "![hand-over](handover.svg)\n\n![connect](connect.svg)",
        "## CPU and memory",
        table(("", "side", "Asterisk ms/call", "engine", "telephones", "Asterisk MB", "engine"), _costs(results)),
        "![cpu](cpu.svg)",
        "## Order and loss",
        table(
            ("", "side", "runs", "calls", "served", "overtaken", "by up to", "mixed up", "lost", "INVITEs repeated"),
            _counts(results),
        ),
        "## Number of customers",
        table(("customers", "M1 p50", "M1 p99", "M2 p50", "M2 p99"), _customers(results)),
        "## Engine killed with 100 waiting and 10 talking",
        table(
            ("run", "ready", "next agent rung", "served after that", "overtaken", "mixed up", "dropped"),
            _kills(results),
        ),
        "## Where the engine's time goes at 30 calls/s",
        results.no_profile or table(("", "share"), [(place, f"{share:.0%}") for place, share in results.profile]),
        how,
        *spoilt(results),
    ]
    return "\n\n".join(parts) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """In Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def times(
    results: Results, shapes: Mapping[str, str], sides: Sequence[str], shown: Callable[[float], str] = ms
) -> list[Sequence[object]]:
    """A row for each figure, shape (by name, in words) and side that has been measured; `shown(milliseconds)`."""
    return [
        (f"**{figure}**: {meaning}", words, side, len(found),
         *(shown(percentile(found, share)) for share in (0.5, 0.95, 0.99)))
        for figure, meaning in FIGURES.items()
        for shape, words in shapes.items()
        for side in sides
        if (found := results.samples(side, shape, figure))
    ]  # fmt: skip


def spoilt(results: Results) -> list[str]:
    """The runs that count nowhere; nothing if there are none."""
    rows = [(one.side, one.shape, one.invalid.replace("\n", " ")) for one in results.invalid]
    return ["## Spoilt runs, counted nowhere", table(("side", "shape", "why"), rows)] if rows else []


def _bars(results: Results, largest: int) -> list[Sequence[str]]:
    return [(bar.figure, bar.wanted, bar.ours, bar.theirs, VERDICTS[bar.met]) for bar in bars(results, largest)]


def _times(results: Results) -> list[str]:
    tables = []
    for figure, meaning in FIGURES.items():
        rows = [
            (words, side, *_row(results, side, shape, figure))
            for shape, words in SHAPES.items()
            for side in _SIDES
            if results.samples(side, shape, figure)
        ]
        tables += [f"**{figure}**: {meaning}", table(("", "side", "n", "p50", "p95", "p99"), rows)]
    return tables


def _row(results: Results, side: str, shape: str, figure: str) -> Sequence[str]:
    medians = results.medians(side, shape, figure)
    return (
        str(len(results.samples(side, shape, figure))),
        f"{ms(results.p50(side, shape, figure))} ({ms(min(medians))}–{ms(max(medians))})",
        ms(results.tail(side, shape, figure, 0.95)),
        ms(results.tail(side, shape, figure)),
    )


def _costs(results: Results) -> list[Sequence[str]]:
    return [
        (
            words, side,
            *(ms(results.cpu_per_call(side, shape, process)) for process in ("asterisk", "engine", "telephones")),
            *(_mb(results.memory(side, shape, process)) for process in ("asterisk", "engine")),
        )
        for shape, words in SHAPES.items()
        for side in _SIDES
        if results.of(side, shape)
    ]  # fmt: skip


def _mb(value: float) -> str:
    return f"{value:.0f}" if value > 0 else "–"


def _counts(results: Results) -> list[Sequence[object]]:
    return [
        (
            words, side, len(runs),
            *(results.total(side, shape, count) for count in ("calls", "served", "overtaken")),
            ms(results.tail(side, shape, "overtaken", 1)),
            *(results.total(side, shape, count) for count in ("mixed", "lost", "repeated")),
        )
        for shape, words in SHAPES.items()
        for side in _SIDES
        if (runs := results.of(side, shape))
    ]  # fmt: skip


def _customers(results: Results) -> list[Sequence[str]]:
    names = {one.shape for one in results.outcomes if one.shape.startswith("customers-")}
    sizes = sorted(int(name.partition("-")[2]) for name in names)
    return [
        (
            f"{size:,}",
            *(
                ms(of(OURS, f"customers-{size}", figure))
                for figure in ("M1", "M2")
                for of in (results.p50, results.tail)
            ),
        )
        for size in sizes
    ]


def _kills(results: Results) -> list[Sequence[object]]:
    return [
        (
            n,
            *(ms(one.samples[name][0]) if one.samples.get(name) else "never" for name in ("ready", "served")),
            *(one.counts[count] for count in ("served", "overtaken", "mixed", "lost")),
        )
        for n, one in enumerate(results.of(OURS, "killed"), start=1)
    ]
