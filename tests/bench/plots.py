"""The plots, as SVG that is the same for the same figures: no time stamps, no random ids, text as text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.bench.results import OURS, THEIRS, Results

_STYLE = {"svg.hashsalt": "vorzimmer", "svg.fonttype": "none", "path.simplify": True, "font.size": 9}
_COLOURS = {OURS: "#0b6e4f", THEIRS: "#c1440e"}
_LINES = {"waiting-10": "-", "waiting-100": "--", "waiting-300": "-.", "waiting-1000": ":"}
_POINTS = 100
"""Of a curve: more are not seen."""


def draw(results: Results, directory: Path) -> None:
    """Write `handover.svg`, `connect.svg` and `cpu.svg`."""
    with mpl.rc_context(_STYLE):
        _save(_hand_over(results), directory / "handover.svg")
        _save(_connect(results), directory / "connect.svg")
        _save(_cpu(results), directory / "cpu.svg")


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None}, bbox_inches="tight")


def _curve(axes: Axes, values: Sequence[float], label: str, color: str, line: str = "-") -> None:
    """The share of calls that took no longer than so many milliseconds."""
    ordered = sorted(values)
    if ordered:
        picked = sorted({round(n * (len(ordered) - 1) / (_POINTS - 1)) for n in range(_POINTS)})
        shares = [(n + 1) / len(ordered) for n in picked]
        axes.plot([ordered[n] for n in picked], shares, label=label, color=color, linestyle=line)


def _curves(axes: Axes, title: str, unit: str = "ms") -> None:
    axes.set(xscale="log", ylim=(0, 1.02), xlabel=unit, ylabel="share of calls", title=title)
    axes.grid(visible=True, alpha=0.3)
    if axes.get_lines():
        axes.legend(frameon=False, loc="best", fontsize=8)


def _hand_over(results: Results) -> Figure:
    figure = Figure(figsize=(7, 3.2))
    axes = figure.subplots()
    for side, colour in _COLOURS.items():
        for shape, line in _LINES.items():
            label = f"{side}, {shape.partition('-')[2]} waiting"
            _curve(axes, results.samples(side, shape, "M3"), label, colour, line)
    _curves(axes, "Agent hangs up → the next caller rings at that agent's phone")
    return figure


def _connect(results: Results) -> Figure:
    figure = Figure(figsize=(9, 3))
    titles = {"M1": "INVITE → 183", "M2": "INVITE → 200", "M4": "agent's 200 → caller's 200"}
    panels = figure.subplots(1, 3, sharey=True)
    for axes, (name, title) in zip(panels, titles.items(), strict=True):
        for side, colour in _COLOURS.items():
            _curve(axes, results.samples(side, "idle", name), side, colour)
        _curves(axes, title, "ms at 10 calls/s")
        if name != "M1":
            axes.set_ylabel("")
    return figure


def _cpu(results: Results) -> Figure:
    figure = Figure(figsize=(7, 1.8))
    axes = figure.subplots()
    for place, side in enumerate((THEIRS, OURS)):
        start = 0.0
        for process, alpha in (("asterisk", 1.0), ("engine", 0.5)):
            cost = results.cpu_per_call(side, "busy", process)
            if cost > 0:
                axes.barh(place, cost, left=start, color=_COLOURS[side], alpha=alpha)
                axes.text(start + cost / 2, place, f"{process} {cost:.1f}", ha="center", va="center", color="white")
                start += cost
    axes.set_yticks([0, 1], [THEIRS, OURS])
    axes.set(xlabel="ms", title="CPU per call at 30 calls/s")
    return figure
