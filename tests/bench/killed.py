"""The engine is killed (SIGKILL) with 10 callers talking and 100 waiting; its keeper starts the next.

Rule of this file: it only looks from outside, at the telephones and at `vorzimmer status`; an engine that does not come
back is a result, not an error.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

from tests.bench.farm import WAITS, Farm, callers, phones, sink
from tests.bench.shapes import PATIENCE, Outcome, end, judge
from tests.bench.sides import LOGINS, Ours
from tests.bench.wire import callers as callers_of
from tests.bench.wire import rings as rings_of

TALKING, WAITING = 10, 100
TALK, QUICK = 10.0, 0.3
"""Mean seconds of a conversation: of the ten, and of one more agent who gets free while no engine is there."""
BACK = 20.0
"""Longest wait for the engine to serve again."""
AFTER = 20.0
"""Seconds that are watched after the kill, for the order of service."""


async def kill(side: Ours, place: Path) -> Outcome:
    """Do it once. Samples `ready` and `served`: milliseconds from the kill; none where it did not come to that."""
    outcome = Outcome(side.name, "killed")
    if not await side.quiet():
        outcome.invalid = "calls of an earlier run do not end"
        return outcome
    await side.staff([])
    port, other = side.phones
    with sink() as rtp:
        async with (
            phones(place / "phones", side.server, port, talk=TALK) as office,
            phones(place / "quick", side.server, other, talk=QUICK) as quick,
        ):
            await _with_callers(side, place, rtp, office, quick, outcome)
    return outcome


async def _with_callers(side: Ours, place: Path, rtp: int, office: Farm, quick: Farm, outcome: Outcome) -> None:
    most = WAITING + TALKING + 1
    options = {"rate": 50, "at_once": most, "calls": 1_000_000}
    async with callers(place / "callers", side.server, side.numbers, rtp, **options) as crowd:
        if not await crowd.reaches(WAITS, most, most / 50 + PATIENCE):
            outcome.invalid = f"fewer than {most} callers wait"
        await side.staff([*LOGINS[:TALKING], LOGINS[-1]])
        if not await office.reaches(b"ACK sip:", TALKING, PATIENCE) or not await quick.reaches(
            b"ACK sip:", 1, PATIENCE
        ):
            outcome.invalid = "the agents do not talk"
        started, ready = await _kill_and_start(side)
        await asyncio.sleep(max(started + AFTER - time.time(), 0))
        until = time.time()
        rung = rings_of([*office.messages, *quick.messages])
        served = min((ring.rung for ring in rung if ring.rung > started), default=None)
        await end(side, crowd)
        judge(outcome, callers_of(crowd.messages), rings_of([*office.messages, *quick.messages]), started, until)
    outcome.samples |= {
        "ready": [(ready - started) * 1000] if ready else [],
        "served": [(max(served, ready) - started) * 1000] if served and ready else [],
    }


async def _kill_and_start(side: Ours) -> tuple[float, float | None]:
    """When the engine was killed, and when the next one said that it is ready."""
    before = side.installed.engine
    os.kill(before, signal.SIGKILL)
    started = time.time()
    while side.installed.engine in (0, before) and time.time() < started + BACK:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.005)  # what answers until then is the dead one's socket
    while time.time() < started + BACK:
        if await side.installed.is_ready():
            return started, time.time()
        await asyncio.sleep(0.02)
    return started, None
