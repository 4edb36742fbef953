"""Races of the agents' phones: who registers again while ringing, and who get free in the same moment."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pbx.phone import Loss
from tests.ports import free_port
from tests.sipp.script import moved_to
from tests.sipp.sipp import sipp
from tests.stories.installation import eventually
from tests.stories.people import Agent, Caller
from tests.stories.scene import Scene, at
from tests.stories.test_line import FIRST, SECOND, THIRD, arrived, ends, lined_up, took
from tests.stories.test_traces import told

DEAF = 1_000_000
"""More datagrams than a story has."""


async def test_a_phone_that_registers_again_rings_on(scene: Scene) -> None:
    """The same contact: the ring goes on and is picked up."""
    scene.has_customer(wait={"treatment": "ringing"})
    anna = await scene.hires("anna", registered=True)
    await scene.opens(anna)
    (caller,) = await lined_up(scene, FIRST)
    await anna.is_rung()
    await anna.phone.register(scene.installation.sip)
    await anna.picks_up()
    await ends(anna, caller)
    assert await scene.trails() == [[*arrived(FIRST), "ringing_agent anna", "180", *took("anna")[1:]]]


async def test_a_phone_whose_login_moves_rings_on(scene: Scene) -> None:
    """Another contact takes the place of the one that rings: that ring goes on, the next one is elsewhere."""
    scene.has_customer(wait={"treatment": "ringing"})
    anna = await scene.hires("anna", registered=True)
    await scene.opens(anna)
    (first,) = await lined_up(scene, FIRST)
    await anna.is_rung()
    moved = await scene.another_phone(anna)
    await anna.picks_up()
    await ends(anna, first)
    await anna.is_("ready")
    (second,) = await lined_up(scene, SECOND)
    await moved.takes_the_call()
    await ends(moved, second)
    rang = ["ringing_agent anna", "180", *took("anna")[1:]]
    assert await scene.trails() == [[*arrived(FIRST), *rang], [*arrived(SECOND), *rang]]


async def test_a_phone_that_starts_anew_is_rung_anew(scene: Scene) -> None:
    """It has lost its call without a word and is there again at another port: the caller keeps the place."""
    scene.has_customer(wait={"treatment": "ringing"})
    loss = Loss()
    anna = await scene.hires("anna", registered=True, loss=loss)
    await scene.opens(anna)
    (caller,) = await lined_up(scene, FIRST)
    await anna.is_rung()
    loss.sent = loss.received = DEAF
    anew = await scene.another_phone(anna)
    await anew.takes_the_call()
    await ends(anew, caller)
    missed = ["ringing_agent anna", "180", "missed anna: no_answer"]
    assert await scene.trails() == [[*arrived(FIRST), *missed, *took("anna")]]
    await anna.is_("ready")


async def test_a_phone_that_sends_the_call_elsewhere_has_missed_it(scene: Scene, tmp_path: Path) -> None:
    """302: no phone makes us dial what it names (toll fraud); the next agent is rung."""
    scene.has_customer(wait={"treatment": "ringing"})
    port = free_port()
    anna = await scene.hires("anna", at=f"sip:anna@127.0.0.1:{port}")
    ben, carl = await scene.hires("ben"), await scene.hires("carl")
    await scene.opens(anna, ben)
    parts = moved_to(f"sip:carl@127.0.0.1:{carl.phone.address[1]}")
    async with sipp(tmp_path, "scripted", parts, scene.installation.sip, local=("127.0.0.1", port)) as phone:
        (caller,) = await lined_up(scene, FIRST)
        await ben.takes_the_call()
        await ends(ben, caller)
        (messages,) = await phone.over()
    assert told(messages) == ["< INVITE SDP", "> 302", "< ACK"]
    missed = ["ringing_agent anna", "180", "missed anna: unknown"]
    assert await scene.trails() == [[*arrived(FIRST), *missed, *took("ben")]]
    assert carl.phone.waiting == ()


async def talking(scene: Scene, *agents: Agent) -> list[Caller]:
    """Each of these talks with a caller."""
    callers = []
    for agent in agents:
        await agent.becomes("ready")
        (caller,) = await lined_up(scene, FIRST)
        await agent.takes_the_call()
        await caller.is_answered()
        callers.append(caller)
    return callers


@pytest.mark.parametrize("waiting", [(SECOND,), (SECOND, THIRD)])
async def test_two_agents_get_free_in_the_same_moment(scene: Scene, waiting: tuple[str, ...]) -> None:
    """Nobody is rung twice, nobody is overtaken, and who is not needed stays ready."""
    scene.has_customer(wait={"treatment": "ringing"})
    agents = [await scene.hires("anna"), await scene.hires("ben")]
    await scene.opens()
    served = await talking(scene, *agents)
    callers = dict(zip(waiting, await lined_up(scene, *waiting), strict=True))
    with scene.installation.asleep():
        await asyncio.gather(*(agent.hangs_up() for agent in agents))
        legs_are_gone = len(served) + len(waiting)
        await eventually(lambda: channels(scene, legs_are_gone), "both legs are gone")
    for caller in served:
        await caller.is_hung_up_on()
    await eventually(lambda: ringing(agents, len(waiting)), "as many phones ring as callers wait")
    for agent in [agent for agent in agents if agent.phone.waiting]:
        await agent.takes_the_call()
        await ends(agent, callers[agent.call.number])
    for agent in agents:
        await agent.is_("ready")
    calls = await scene.calls()
    rang = [at(trail, "ringing_agent") for _, trail in calls]
    assert rang == sorted(rang)
    first = [[*arrived(FIRST), f"ringing_agent {login}", "180", *took(login)[1:]] for login in ("anna", "ben")]
    took_over = [str(record.agent) for record, _ in calls[2:]]
    assert len(set(took_over)) == len(waiting)
    rest = [[*arrived(number), "180", *took(login)] for number, login in zip(waiting, took_over, strict=True)]
    assert await scene.trails() == first + rest


async def ringing(agents: list[Agent], phones: int) -> bool:
    """Whether so many of their phones ring."""
    return sum(len(agent.phone.waiting) for agent in agents) == phones


async def channels(scene: Scene, number: int) -> bool:
    """Whether the switch has so many channels."""
    return len(await scene.installation.switch("channels")) == number
