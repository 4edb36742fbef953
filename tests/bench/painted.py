"""From the ring to the greeting on the screen, in a real browser: it is the phone itself, or stands beside a SIP phone.

Rule of this file: one desk, one call at a time; the phone's INVITE, the page and the engine's journal have the clock of
one machine.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench.shapes import Outcome
from tests.stories.browser_people import SWITCHES, BrowserAgent
from tests.stories.installation import Installation
from tests.stories.painting import Painted, again, is_painted, watch
from tests.stories.people import Agent, Caller
from tests.stories.scene import NUMBER, Scene, at, story
from tests.web.browsing import Visitor, chromium, visiting

SHAPE = "painted"
BROWSER, BESIDE = "browser is the phone", "beside a SIP phone"
GREETING = "Muster GmbH, mein Name ist {agent}, guten Tag."
_LOGIN = "dora"
Ring = tuple[float, Painted]
"""The INVITE at the phone, in milliseconds since 1970, and what the page saw."""


async def measure(home: Path, calls: int) -> list[Outcome]:
    """So many calls with each kind of phone. Times in milliseconds."""
    installation = Installation(home)
    await installation.start()
    try:
        return [await _tried(installation, kind, calls) for kind in (BROWSER, BESIDE)]
    finally:
        installation.stop()


async def _tried(installation: Installation, kind: str, calls: int) -> Outcome:
    try:
        return await _rings(installation, kind, calls)
    except Exception as problem:  # the others' figures must not be lost
        return Outcome(kind, SHAPE, invalid=f"{type(problem).__name__}: {problem}")


async def _rings(installation: Installation, kind: str, calls: int) -> Outcome:
    async with story(installation) as scene, _at_a_desk(installation) as desk:
        scene.has_customer(wait={"treatment": "delayed_connect"}, greeting=GREETING)
        once = await _with_a_phone(scene, desk) if kind == BESIDE else await _with_the_browser(scene, desk)
        await desk.becomes("ready")
        caller = await scene.caller()
        rings = [await once(caller) for _ in range(calls)]
        await desk.becomes("offline")
        told = await scene.calls()
        scene.has_told(*(record.id for record, _ in told))
        ordered = [at(trail, "ringing_agent").timestamp() * 1000 for _, trail in told]
    return _outcome(kind, ordered, rings)


def _outcome(kind: str, ordered: list[float], rings: list[Ring]) -> Outcome:
    pairs = list(zip(ordered, rings, strict=True))
    samples = {
        "order → INVITE": [invite - order for order, (invite, _) in pairs],
        "INVITE → look": [seen.look - invite for _, (invite, seen) in pairs],
        "look → painted": [seen.painted - seen.look for _, (_, seen) in pairs],
        "INVITE → painted": [seen.painted - invite for _, (invite, seen) in pairs],
    }
    return Outcome(kind, SHAPE, samples=samples, counts={"calls": len(rings)})


@asynccontextmanager
async def _at_a_desk(installation: Installation) -> AsyncIterator[BrowserAgent]:
    url = f"http://127.0.0.1:{installation.settings['WEB_PORT']}"
    async with chromium(*SWITCHES) as browser, visiting(browser, url, permissions=["microphone"]) as visitor:
        await watch(visitor.page)
        desk = BrowserAgent(_LOGIN, visitor, installation)
        desk.at = "/desk"
        yield desk


async def _with_the_browser(scene: Scene, desk: BrowserAgent) -> Callable[[Caller], Awaitable[Ring]]:
    scene.employs(_LOGIN, phone={"kind": "browser"})
    await scene.opens()
    await desk.signs_in()
    await desk.phone_is("ready")
    await desk.is_reachable(True)

    async def once(caller: Caller) -> Ring:
        await caller.dials(NUMBER)
        seen = await is_painted(desk.visitor.page)
        await caller.hangs_up()
        await desk.phone_is("ready")
        await again(desk.visitor.page)
        return seen.invite, seen

    return once


async def _with_a_phone(scene: Scene, desk: BrowserAgent) -> Callable[[Caller], Awaitable[Ring]]:
    dora = await scene.hires(_LOGIN)
    await scene.opens()
    await desk.signs_in()

    async def once(caller: Caller) -> Ring:
        return await _beside(caller, dora, desk.visitor)

    return once


async def _beside(caller: Caller, dora: Agent, visitor: Visitor) -> Ring:
    await caller.dials(NUMBER)
    await dora.is_rung()
    invite = dora.call.facts[0].at
    seen = await is_painted(visitor.page)
    await caller.hangs_up()
    await dora.rings_no_more()
    await again(visitor.page)
    return invite.timestamp() * 1000, seen
