"""What a whole bench has brought: its runs, and the figures over them.

Rule of this file: pure. A median is that of the runs' medians; a percentile is that of all runs' samples together.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from statistics import median

from tests.bench.figures import percentile
from tests.bench.shapes import Outcome

OURS, THEIRS = "vorzimmer", "app_queue"


@dataclass
class Results:
    """Every run, the machine, the engine's profile."""

    machine: dict[str, str] = field(default_factory=dict)
    date: str = ""
    outcomes: list[Outcome] = field(default_factory=list)
    profile: list[tuple[str, float]] = field(default_factory=list)
    no_profile: str = ""
    """Why there is none."""

    def to_json(self) -> str:
        """To be read again by `from_json`."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Results:
        """What `to_json` wrote."""
        told = json.loads(text)
        outcomes = [Outcome(**one) for one in told.pop("outcomes")]
        profile = [(place, share) for place, share in told.pop("profile")]
        return cls(**told, outcomes=outcomes, profile=profile)

    @property
    def invalid(self) -> list[Outcome]:
        """The runs that the measuring side has spoilt."""
        return [outcome for outcome in self.outcomes if outcome.invalid]

    def of(self, side: str, shape: str) -> list[Outcome]:
        """The good runs of this shape."""
        return [one for one in self.outcomes if (one.side, one.shape) == (side, shape) and not one.invalid]

    def samples(self, side: str, shape: str, figure: str) -> list[float]:
        """Those of all runs together, in milliseconds."""
        return [value for outcome in self.of(side, shape) for value in outcome.samples.get(figure, [])]

    def medians(self, side: str, shape: str, figure: str) -> list[float]:
        """The median of each run that has samples."""
        runs = (outcome.samples.get(figure, []) for outcome in self.of(side, shape))
        return [percentile(values, 0.5) for values in runs if values]

    def p50(self, side: str, shape: str, figure: str) -> float:
        """The median of the runs' medians; NaN without samples."""
        return _median(self.medians(side, shape, figure))

    def tail(self, side: str, shape: str, figure: str, share: float = 0.99) -> float:
        """The percentile of all samples; NaN without samples."""
        return percentile(self.samples(side, shape, figure), share)

    def cpu_per_call(self, side: str, shape: str, process: str) -> float:
        """Milliseconds of CPU per call, median over the runs; NaN if it did not run."""
        runs = self.of(side, shape)
        return _median([o.cpu[process] / o.counts["calls"] for o in runs if process in o.cpu and o.counts.get("calls")])

    def memory(self, side: str, shape: str, process: str) -> float:
        """Resident MB at the end, the most of all runs; NaN if it did not run."""
        return max((o.memory[process] for o in self.of(side, shape) if process in o.memory), default=math.nan)

    def total(self, side: str, shape: str, count: str) -> int:
        """The sum over the runs."""
        return sum(outcome.counts.get(count, 0) for outcome in self.of(side, shape))


@dataclass(frozen=True, slots=True)
class Bar:
    """What was wanted, what came of it. `met` is None where it was not measured."""

    figure: str
    wanted: str
    ours: str
    theirs: str
    met: bool | None


def bars(results: Results, largest: int) -> list[Bar]:
    """The bars of issue 3; `largest`: the greatest number of customers measured."""
    r = results
    cost = r.cpu_per_call(OURS, "busy", "asterisk") / r.cpu_per_call(THEIRS, "busy", "asterisk")
    engine = r.cpu_per_call(OURS, "busy", "engine")
    allowed = r.p50(THEIRS, "idle", "M2") + 8
    return [
        _under(r, "M3, 10 waiting, p50", "waiting-10", "M3", r.p50, 5),
        _under(r, "M3, 10 waiting, p99", "waiting-10", "M3", r.tail, 50),
        _under(r, "M2 at 10 calls/s, p50", "idle", "M2", r.p50, allowed, f"≤ app_queue + 8 ms = {ms(allowed)}"),
        _under(r, "M4, p99", "idle", "M4", r.tail, 30),
        Bar("M6 Asterisk CPU per call at 30 calls/s", "≤ 1.3 × app_queue", _times(cost), "1", _met(cost, 1.3)),
        Bar("M6 engine CPU per call at 30 calls/s", "≤ 5 ms", ms(engine), "–", _met(engine, 5)),
        *_far(r, "waiting-1000", "M7 1,000 waiting"),
        *_far(r, "silent-1000", "M7 1,000 waiting, no music"),
        *[_customers(r, figure, largest) for figure in ("M1", "M2")],
        *_killed(r),
    ]  # fmt: skip


def _far(r: Results, shape: str, name: str) -> list[Bar]:
    ours, theirs = (str(r.total(side, shape, "overtaken")) if r.of(side, shape) else "–" for side in (OURS, THEIRS))
    met = ours == "0" if r.of(OURS, shape) else None
    return [
        _under(r, f"{name}, M3 p99", shape, "M3", r.tail, 100),
        Bar(f"{name}, callers overtaken", "0", ours, theirs, met),
    ]


def _under(
    r: Results, name: str, shape: str, figure: str, of: Callable[[str, str, str], float], most: float, wanted: str = ""
) -> Bar:
    ours, theirs = of(OURS, shape, figure), of(THEIRS, shape, figure)
    return Bar(name, wanted or f"≤ {most:g} ms", ms(ours), ms(theirs), _met(ours, most))


def _customers(r: Results, figure: str, largest: int) -> Bar:
    few, many = (r.p50(OURS, f"customers-{n}", figure) for n in (10, largest))
    ratio = many / few
    return Bar(
        f"M9 {figure} with {largest:,} customers", "≤ 1.2 × of 10 customers",
        f"{_times(ratio)} ({ms(few)} → {ms(many)})", "–", _met(ratio, 1.2),
    )  # fmt: skip


def _killed(r: Results) -> list[Bar]:
    runs = r.of(OURS, "killed")
    dropped, overtaken = (r.total(OURS, "killed", count) for count in ("lost", "overtaken"))
    back = [one.samples["served"][0] for one in runs if one.samples.get("served")]
    late = f"{len(runs) - len(back)} of {len(runs)} never" if len(back) < len(runs) else f"{_median(back) / 1000:.2f} s"
    return [
        Bar("kill -9, calls dropped", "0", str(dropped) if runs else "–", "–", dropped == 0 if runs else None),
        Bar("kill -9, callers overtaken", "0", str(overtaken) if runs else "–", "–", overtaken == 0 if runs else None),
        Bar(
            "kill -9, serving again after the kill", "≤ 2 s", late if runs else "–", "–",
            (len(back) == len(runs) and _median(back) <= 2000) if runs else None,
        ),
    ]  # fmt: skip


def ms(value: float) -> str:
    """Milliseconds as people read them; a dash for NaN."""
    if math.isnan(value):
        return "–"
    return f"{value:.1f} ms" if value < 100 else f"{value:.0f} ms"


def _times(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f} ×"


def _met(value: float, most: float) -> bool | None:
    return None if math.isnan(value) else value <= most


def _median(values: list[float]) -> float:
    return median(values) if values else math.nan
