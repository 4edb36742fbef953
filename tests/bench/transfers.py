"""`python -m tests.bench.transfers`: how long putting through takes on the real switch; writes its page in docs/bench.

Rule of this file: telephones of our own, one caller after the other, then twenty at once; every time is taken by the
clock of the telephones' process. Nothing is judged here but that everybody was put through.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import monotonic

from pbx.phone import Phone
from pbx.phone.g711 import PCMA, RATE
from tests.bench.figures import percentile
from tests.bench.machine import description
from tests.stories.installation import LIMIT, Installation, eventually, installed
from tests.stories.scene import NUMBER, Scene, story
from tests.stories.test_transfers_many import in_conversation, is_put_through, reached
from tests.stories.transfers import CARRIER, FIRST, KORN, TARGET_HZ, Talk, talking

PAGE = Path(__file__).parents[2] / "docs" / "bench" / "transfers.md"
TIMES = 40
LOOK = 0.002
"""Seconds between two looks at what is heard."""
_PACKET = RATE // 50
"""Bytes of 20 ms."""
SETTINGS = {
    "RING_TIME": "20", "WRAP_UP": "0.2", "TRANSFER_LEGS_PER_MINUTE": "100", "TRANSFER_LEGS_AT_ONCE": "100"
}  # fmt: skip


_ABOUT = """\
The order is given at the door of the command line, the customer is read from SQLite, and the INVITE has come to the
carrier's telephone. What the caller hears is known to 20 ms, the length of a packet; telephones and switch share
the machine, and others were at work on it.
"""


async def one_after_the_other(scene: Scene) -> tuple[list[float], list[float]]:
    """Order → INVITE at the target, and the target's 200 → the caller hears him; seconds."""
    talk = await talking(scene, KORN)
    invited, heard = [], []
    for n in range(TIMES):
        ordered = monotonic()
        await talk.puts_through("blind")
        await talk.callee.is_called(FIRST)
        invited.append(talk.callee.call.started - ordered)
        await talk.callee.call.alert()
        await talk.anna.rings_no_more()
        begun = monotonic()
        answering = asyncio.create_task(talk.callee.call.answer())
        heard.append(await first_sound(talk) - begun)
        await answering
        await talk.callee.hangs_up()
        await talk.caller.is_hung_up_on()
        if n + 1 < TIMES:
            await calls_again(scene, talk)
    await scene.trails()
    return invited, heard


async def first_sound(talk: Talk) -> float:
    """When the caller has heard the first 20 ms of the target."""

    async def look() -> bool:
        last = talk.caller.call.heard.audio[-_PACKET:]
        return len(last) == _PACKET and PCMA.tone_share(last, TARGET_HZ) > 0.7

    await eventually(look, "the target is heard", LIMIT, every=LOOK)
    return monotonic()


async def calls_again(scene: Scene, talk: Talk) -> None:
    """The same people, the next call."""
    await talk.anna.is_("ready")
    talk.caller = await scene.caller()
    await talk.caller.dials(NUMBER)
    await talk.anna.takes_the_call()
    await talk.caller.is_answered()
    await talk.anna.hears_the_caller()
    rows = {row["login"]: row["call"] for row in await scene.installation.ask("GET", "/agents")}
    talk.id = rows[talk.anna.login]
    await scene.noted_of(talk.id, "200")


async def twenty_at_once(scene: Scene) -> list[float]:
    """Order → INVITE of each."""
    carrier = await scene.phone(Phone(CARRIER))
    everybody = await in_conversation(scene, carrier)
    answering = asyncio.create_task(reached(carrier, {one.number: one for one in everybody}))
    try:
        await asyncio.gather(*(is_put_through(scene, one) for one in everybody))
        await scene.trails()
    finally:
        answering.cancel()
        await asyncio.gather(answering, return_exceptions=True)
    return [one.legs[0].started - one.ordered for one in everybody]


def row(what: str, seconds: Sequence[float]) -> str:
    """One line of the table."""
    shown = (f"{percentile(seconds, share) * 1000:.0f} ms" for share in (0.5, 0.95))
    return f"| {what} | {len(seconds)} | {' | '.join(shown)} | {max(seconds) * 1000:.0f} ms |"


def page(invited: Sequence[float], heard: Sequence[float], at_once: Sequence[float], load: float) -> str:
    """The whole page."""
    facts = [f"| {name} | {value} |" for name, value in description().items() if name != "SIPp"]
    return "\n".join([
        "# Bench: putting through",
        "",
        f"Measured {date.today()} by `python -m tests.bench.transfers`, which writes this page.",
        "",
        "| machine |  |", "| --- | --- |", *facts, f"| Load when it began | {load:.1f} in the last minute |",
        "",
        *_ABOUT.splitlines(),
        "",
        "| what | times | median | p95 | longest |", "| --- | --- | --- | --- | --- |",
        row("order → INVITE at the target", invited),
        row("target's 200 → the caller hears him", heard),
        row("order → INVITE, twenty callers at once", at_once),
        "",
    ])  # fmt: skip


async def measured(house: Installation) -> tuple[list[float], list[float], list[float]]:
    """All three, at this installation."""
    async with story(house) as scene:
        invited, heard = await one_after_the_other(scene)
    async with story(house) as scene:
        return invited, heard, await twenty_at_once(scene)


def main() -> None:
    """Measure and write the page."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as place, installed(Path(place), **SETTINGS) as house:
        times = asyncio.run(measured(house))
    PAGE.write_text(page(*times, load), "utf-8")
    print(PAGE.read_text("utf-8"))


if __name__ == "__main__":
    main()
