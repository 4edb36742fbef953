"""Limits per trunk and per customer, on the real switch: 503 and 486, and a flood that nobody else notices."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from engine.service.gate import RECORDED
from tests.attacks.sockets import attacker, request
from tests.stories.installation import Installation, installed
from tests.stories.people import Agent, Caller
from tests.stories.scene import NUMBER, Scene, story

CALLER = "+491701234567"


@pytest.fixture(scope="module")
def own_installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One that may complain of limits ten seconds after the story."""
    with installed(tmp_path_factory.mktemp("vz")) as made:
        yield made


@pytest_asyncio.fixture
async def scene(own_installation: Installation) -> AsyncIterator[Scene]:
    """A story at that installation."""
    async with story(own_installation) as scene:
        scene.complains_of = {"limit_reached"}
        yield scene


FLOOD, FLOODED, RATE = 800, 400, 5
"""Calls of the flood in all, calls of it per second, and how many of them per second are let in."""
PATIENCE = 6.0
"""Seconds: a caller who is not flooding must not wait longer for the music, on a machine with other work to do."""


async def dials(scene: Scene, number: str = NUMBER) -> Caller:
    caller = await scene.caller()
    await caller.dials(number)
    return caller


def refused(limit: str, cause: str, *known: str) -> list[str]:
    return [f"arrived {CALLER} for {NUMBER}", *known, f"limited {limit}", f"ended limited, {cause}", "charged 0 min"]


def waited(end: str) -> list[str]:
    customer = "customer K1 Muster GmbH"
    return [f"arrived {CALLER} for {NUMBER}", customer, "music default", "183", *end.split("; "), "charged 0 min"]


ABANDONED = waited("caller_left; ended abandoned, normal")


async def test_calls_at_once_of_a_trunk(scene: Scene) -> None:
    scene.has_customer()
    scene.limits("carrier", max_calls=1)
    await scene.opens()
    first = await dials(scene)
    await first.sees(183)
    second = await dials(scene)
    await second.is_refused(503)
    await first.hangs_up()
    await scene.waiting(0)
    third = await dials(scene)
    await third.sees(183)
    await third.hangs_up()
    full = "trunk carrier: 1 calls at once"
    assert await scene.trails() == [ABANDONED, refused(full, "congestion"), ABANDONED]


async def test_calls_at_once_of_a_customer_and_a_limit_that_is_taken_away(scene: Scene) -> None:
    scene.has_customer(max_calls=1)
    await scene.opens()
    first = await dials(scene)
    await first.sees(183)
    second = await dials(scene)
    await second.is_refused(486)
    scene.change_customer(max_calls=2)
    await scene.opens()
    third = await dials(scene)
    await third.sees(183)
    for caller in (first, third):
        await caller.hangs_up()
    full = refused("customer K1: 1 calls at once", "busy", "customer K1 Muster GmbH")
    assert await scene.trails() == [ABANDONED, full, ABANDONED]


async def test_a_flood_of_one_trunk_is_refused_and_the_others_callers_are_served(scene: Scene) -> None:
    scene.has_customer()
    scene.limits("by-to", max_rate=RATE)
    anna = await scene.hires("anna")
    await scene.opens(anna)
    async with attacker(scene.installation.sip, "127.0.0.2") as flood:
        began = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(flood.send_all([a_call(flood.address) for _ in range(FLOOD)], FLOODED))
            patience = [await a_good_call(scene, anna) for _ in range(3)]
        await flood.falls_silent(1.0, within=30)
        seconds = time.monotonic() - began
    assert max(patience) < PATIENCE, patience
    records = await scene.records()
    outcomes = Counter(record.outcome for record in records)
    assert outcomes.keys() == {"answered", "unknown_number", "limited"}
    codes = Counter(flood.finals.values())
    assert codes.keys() == {404, 503}
    assert codes.total() > FLOOD / 2, "what is too much for the machine gets no answer at all"
    assert codes[404] == outcomes["unknown_number"] <= RATE * (seconds + 1)
    assert outcomes["limited"] <= RECORDED * (seconds + 1) < codes[503], "most have no record"
    assert outcomes["answered"] == len(patience)
    scene.has_told(*(record.id for record in records))


def a_call(here: tuple[str, int]) -> bytes:
    return request("INVITE", "+4930999", here)


async def a_good_call(scene: Scene, anna: Agent) -> float:
    """Dialled, rung, answered, talked; the seconds from INVITE to 183."""
    began = time.monotonic()
    caller = await dials(scene)
    await caller.sees(183)
    patience = time.monotonic() - began
    await anna.takes_the_call()
    await caller.hears_the_agent()
    await caller.hangs_up()
    await anna.rings_no_more()
    await anna.is_("ready")
    return patience
