"""What is done to a side, and what came of it.

Rule of this file: a shape is the same for both sides. A run that the measuring side has spoilt is `invalid`, with the
reason, and nothing of it counts.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.bench import figures
from tests.bench.farm import ENDING, WAITS, Farm, callers, phones, sink
from tests.bench.machine import children, resident_mb
from tests.bench.sides import Side, cpu
from tests.bench.wire import Caller, Ring
from tests.bench.wire import callers as callers_of
from tests.bench.wire import rings as rings_of

NEVER = 3_600_000.0
"""Milliseconds that stand for ever: JSON knows no infinity."""
PATIENCE = 60.0
"""Seconds that a side may take beyond the time that the shape needs."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Calls at a rate: `calls` of them, or with `waiting` > 0 so many in the line all the time for `seconds`.

    With callers waiting every caller who has talked is followed by another, so the line stays as long as it is.
    Who waits hears music, but with `silent`: there they get 180 and no sound.
    """

    name: str
    agents: int
    talk: float
    rate: int
    calls: int = 0
    waiting: int = 0
    seconds: float = 0.0
    silent: bool = False
    rings: float = 0.0
    """Seconds until an agent picks up."""
    settles: float = 0.0
    """Seconds that do not count, after all agents have become ready in one moment and are all rung at once."""


IDLE = Shape("idle", agents=40, talk=0.5, rate=10, calls=120)
BUSY = Shape("busy", agents=40, talk=1.0, rate=30, calls=360)
WAITING = {n: Shape(f"waiting-{n}", agents=10, talk=1.0, rate=50, waiting=n, seconds=15) for n in (10, 100, 300, 1000)}
SILENT = replace(WAITING[1000], name="silent-1000", silent=True)
"""The long line by itself: 1,000 callers with music are 50,000 packets a second."""


@dataclass
class Outcome:
    """One run. Samples in milliseconds by figure (`M1` …), counts, CPU in milliseconds by process."""

    side: str
    shape: str
    samples: dict[str, list[float]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    """Resident MB by process, at the end."""
    invalid: str = ""
    since: float = 0.0
    until: float = 0.0
    """From when to when it counts, in seconds since 1970; 0 = from the beginning."""


async def run(side: Side, shape: Shape, place: Path) -> Outcome:
    """Do it. Never raises for what the side does; `invalid` for what the measuring side does."""
    shutil.rmtree(place, ignore_errors=True)
    outcome = Outcome(side.name, shape.name)
    if not await side.quiet():
        outcome.invalid = "calls of an earlier run do not end"
        return outcome
    await side.staff([] if shape.waiting else side.logins[: shape.agents])
    before, telephones = cpu(side), children()
    with sink() as rtp:
        async with phones(place / "phones", side.server, side.phones[0], talk=shape.talk, rings=shape.rings) as office:
            measure = _with_a_line if shape.waiting else _until_all_are_over
            await measure(side, shape, office, place, rtp, outcome)
    outcome.cpu = outcome.cpu or {name: (used - before[name]) * 1000 for name, used in cpu(side).items()}
    outcome.cpu["telephones"] = (children() - telephones) * 1000
    outcome.memory = {name: resident_mb(pid) for name, pid in side.pids().items()}
    return outcome


async def _until_all_are_over(side: Side, shape: Shape, office: Farm, place: Path, rtp: int, outcome: Outcome) -> None:
    options = {"rate": shape.rate, "at_once": shape.calls, "calls": shape.calls}
    async with callers(place / "callers", side.server, side.numbers, rtp, **options) as crowd:
        within = shape.calls / shape.rate + shape.talk + PATIENCE
        if not await crowd.over(within):
            outcome.invalid = f"callers: {crowd.errors[-300:] or f'not over after {within:.0f} s'}"
        if not await side.quiet():
            outcome.invalid = outcome.invalid or "calls are left"
        judge(outcome, callers_of(crowd.messages), rings_of(office.messages), 0.0, time.time())


async def _with_a_line(side: Side, shape: Shape, office: Farm, place: Path, rtp: int, outcome: Outcome) -> None:
    most = shape.waiting + shape.agents
    options = {"rate": shape.rate, "at_once": most, "calls": 1_000_000}
    numbers = side.silent if shape.silent else side.numbers
    async with callers(place / "callers", side.server, numbers, rtp, **options) as crowd:
        await crowd.reaches(WAITS, most, most / shape.rate + PATIENCE)  # who is missing then counts as lost
        if crowd.process.returncode is not None:
            outcome.invalid = f"the callers' SIPp has ended: {crowd.errors[-300:]}"
        await asyncio.sleep(1.0)
        since, before = time.time(), cpu(side)
        await side.staff(side.logins[: shape.agents])
        if shape.settles:
            await asyncio.sleep(shape.settles)
            since, before = time.time(), cpu(side)
        await asyncio.sleep(shape.seconds)
        until = time.time()
        outcome.cpu = {name: (used - before[name]) * 1000 for name, used in cpu(side).items()}
        await end(side, crowd)
        judge(outcome, callers_of(crowd.messages), rings_of(office.messages), since, until)


async def end(side: Side, crowd: Farm) -> None:
    """Let nobody call any more, and hang up on everybody until nobody is left."""
    crowd.places_no_more_calls()
    await side.staff([])
    deadline = time.monotonic() + ENDING
    while time.monotonic() < deadline:
        await side.hang_up_all()
        if await crowd.over(1.0) or crowd.process.returncode is not None:
            return


def judge(outcome: Outcome, crowd: list[Caller], office: list[Ring], since: float, until: float) -> None:
    """Put the figures of everything between the two moments into the outcome."""
    outcome.since, outcome.until = since, until
    rung = [ring for ring in office if ring.rung >= since]
    ahead = figures.overtaken(crowd, office, since, until)
    outcome.samples = {
        "M1": figures.early(crowd, since, until),
        "M4": figures.picked_up(crowd, rung, until),
        "overtaken": [min(by, NEVER) for by in ahead if by > figures.TOGETHER],
    }
    if since:
        outcome.samples["M3"] = figures.handed_over(crowd, rung, until)
    else:
        outcome.samples["M2"] = figures.connected(crowd, since, until)
    outcome.counts |= {
        "calls": sum(since <= caller.invited < until for caller in crowd),
        "served": len(outcome.samples["M4"]),
        "overtaken": len(outcome.samples["overtaken"]),
        "mixed": sum(by <= figures.TOGETHER for by in ahead),
        "lost": figures.lost(crowd, office, until),
        "repeated": sum(caller.sent - 1 for caller in crowd),
    }
