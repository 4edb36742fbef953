"""`python -m tests.bench`: measure, write the page and the plots. `make bench` sets up what it needs and runs this.

Rule of this file: ours, theirs, ours, theirs …, so that whatever the machine does meanwhile falls on both. The exit
code is 1 only if a run was spoilt by the measuring side; a bar that was missed stands in the page.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.killed import kill
from tests.bench.machine import description
from tests.bench.plots import draw
from tests.bench.profiled import sample, shares
from tests.bench.report import report
from tests.bench.results import Results
from tests.bench.shapes import BUSY, IDLE, SILENT, WAITING, Outcome, Shape, run
from tests.bench.sides import Ours, Side, Theirs, stop

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "bench"
FEW = 10
PROFILED = 8
"""Seconds of the engine's profile."""


async def measure(results: Results, options: argparse.Namespace, place: Path) -> None:
    """Everything that the options ask for. What raises here is that a side cannot even be started."""
    async with AsyncExitStack() as stack:
        ours = await Ours.start(place / "ours", FEW, 10_000)
        stack.push_async_callback(stop, ours)
        theirs = await Theirs.start(place / "theirs", ours.numbers, 15_000)
        stack.push_async_callback(stop, theirs)
        for n in range(options.rounds):
            long = [*(WAITING[count] for count in options.waiting if count > 100), SILENT] if n < options.long else []
            shapes = [IDLE, BUSY, *(WAITING[count] for count in options.waiting if count <= 100), *long]
            for shape in shapes:
                for side in (ours, theirs):
                    await _do(results, side, shape, place)
        if options.rounds:
            await _profile(results, ours, place)
    await _customers(results, options, place)
    for _ in range(options.kills):
        await _kill(results, place)


async def _do(results: Results, side: Side, shape: Shape, place: Path) -> None:
    began = time.monotonic()
    try:
        outcome = await run(side, shape, place / "run")
    except Exception as problem:  # whatever a side does, the others' figures must not be lost
        outcome = Outcome(side.name, shape.name, invalid=f"{type(problem).__name__}: {problem}")
    _note(results, outcome, time.monotonic() - began)


def _note(results: Results, outcome: Outcome, seconds: float) -> None:
    results.outcomes.append(outcome)
    said = outcome.invalid or ", ".join(f"{name} {count}" for name, count in outcome.counts.items())
    print(f"{outcome.shape:>16} {outcome.side:<10} {seconds:5.0f} s  {said}", flush=True)


async def _profile(results: Results, ours: Ours, place: Path) -> None:
    raw = place / "profile"
    serving = asyncio.ensure_future(run(ours, BUSY, place / "run"))
    await asyncio.sleep(2.0)
    results.no_profile = await sample(ours.pids()["engine"], PROFILED, raw)
    await serving
    if raw.exists():
        results.profile = shares(raw.read_text("utf-8", "replace").splitlines())


async def _customers(results: Results, options: argparse.Namespace, place: Path) -> None:
    """M9: one installation for each number of customers, all up at once, asked in turn."""
    if not options.customer_rounds:
        return
    async with AsyncExitStack() as stack:
        sides: list[tuple[Shape, Ours]] = []
        for n, customers in enumerate(options.customers):
            side = await Ours.start(place / f"customers-{customers}", customers, 10_000 + 3000 * n)
            stack.push_async_callback(stop, side)
            sides.append((replace(IDLE, name=f"customers-{customers}"), side))
        for _ in range(options.customer_rounds):
            for shape, side in sides:
                await _do(results, side, shape, place)


async def _kill(results: Results, place: Path) -> None:
    home = place / "killed"
    shutil.rmtree(home, ignore_errors=True)
    side = await Ours.start(home, FEW, 10_000)
    began = time.monotonic()
    try:
        outcome = await kill(side, place / "run-killed")
    except Exception as problem:
        outcome = Outcome(side.name, "killed", invalid=f"{type(problem).__name__}: {problem}")
    _note(results, outcome, time.monotonic() - began)
    await stop(side)
    shutil.rmtree(place / "run-killed", ignore_errors=True)


def write(results: Results, page: Path, largest: int) -> None:
    """The page and its plots."""
    page.mkdir(parents=True, exist_ok=True)
    how, remarks = HERE / "how.md", HERE / "remarks.md"
    said = remarks.read_text("utf-8").strip() if remarks.exists() else ""
    (page / "README.md").write_text(report(results, largest, how.read_text("utf-8").strip(), said), "utf-8")
    draw(results, page)


def options_of(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Vorzimmer beside app_queue")
    parser.add_argument("--rounds", type=int, default=4, help="runs of each shape and side; 0 = none")
    parser.add_argument("--long", type=int, default=2, help="rounds with more than 100 callers waiting too")
    parser.add_argument("--waiting", type=int, nargs="*", default=list(WAITING), choices=list(WAITING))
    parser.add_argument("--customers", type=int, nargs="*", default=[FEW, 1000, 100_000])
    parser.add_argument("--customer-rounds", type=int, default=3, help="runs with each number of customers; 0 = none")
    parser.add_argument("--kills", type=int, default=3, help="how often the engine is killed")
    parser.add_argument("--page", type=Path, default=PAGE, help="where the page and the plots go")
    parser.add_argument("--raw", type=Path, help="also write every sample to this file, as JSON")
    parser.add_argument("--again", type=Path, help="measure nothing: write the page from such a file")
    return parser.parse_args(arguments)


def _measured(options: argparse.Namespace) -> Results:
    results = Results(description(), f"{datetime.now(UTC):%Y-%m-%d}")
    with tempfile.TemporaryDirectory(prefix="vorzimmer-bench-") as place:
        Path(place).chmod(0o711)  # Asterisk may run under another account
        try:
            asyncio.run(measure(results, options, Path(place)))
        except Exception as problem:  # what was measured until then is kept
            results.outcomes.append(
                Outcome("bench", "all that was left", invalid=f"{type(problem).__name__}: {problem}")
            )
    return results


def main() -> int:
    """Measure and write; 1 if a run was spoilt."""
    options = options_of(sys.argv[1:])
    results = Results.from_json(options.again.read_text("utf-8")) if options.again else _measured(options)
    if options.raw:
        options.raw.write_text(results.to_json(), "utf-8")
    write(results, options.page, max(options.customers))
    print(f"\nThe figures are in {options.page / 'README.md'}")
    for one in results.invalid:
        print(f"spoilt: {one.shape} {one.side}: {one.invalid}", file=sys.stderr)
    return 1 if results.invalid else 0


if __name__ == "__main__":
    sys.exit(main())
