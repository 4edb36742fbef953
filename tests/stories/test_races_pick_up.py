"""Races around the pick-up: it crosses the caller's leaving or the end of the ring time, and it cuts what plays."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path

import pytest

from pbx.phone import Loss
from tests.ports import free_port
from tests.sipp.ear import an_ear, is_tone
from tests.sipp.messages import once
from tests.sipp.script import dials, is_answered, is_hung_up_on, late_pick_up, script
from tests.sipp.sipp import Dialling, sipp
from tests.stories.installation import eventually
from tests.stories.people import AGENT_HZ
from tests.stories.scene import Scene
from tests.stories.test_line import FIRST, arrived, ends, lined_up, took
from tests.stories.test_traces import arrived as sipp_arrived
from tests.stories.test_traces import told

ABANDONED = ["caller_left", "ended abandoned, normal", "charged 0 min"]
LATE = ["< INVITE SDP", "> 180", "< CANCEL", "> 200 of CANCEL", "> 200 SDP", "< ACK", "< BYE", "> 200 of BYE"]
"""What a phone sees that is picked up in the moment in which it is told to stop ringing."""
AUDIBLE_WITHIN = 1.0
"""Seconds from the pick-up until the caller hears the agent, on a machine however busy."""


async def test_picked_up_after_the_caller_has_left(scene: Scene, tmp_path: Path) -> None:
    """The phone's 200 comes after our CANCEL: ACK and BYE (RFC 3261 § 13.2.2.4), and the agent may be rung again."""
    scene.has_customer(wait={"treatment": "ringing"})
    port = free_port()
    anna = await scene.hires("anna", at=f"sip:anna@127.0.0.1:{port}")
    await scene.opens(anna)
    server = scene.installation.sip
    async with sipp(tmp_path, "scripted", late_pick_up(), server, calls=2, local=("127.0.0.1", port)) as phone:
        for _ in range(2):
            (caller,) = await lined_up(scene, FIRST)
            await caller.sees(180)
            await phone.saw("> 180")
            await caller.hangs_up()
            await anna.is_("ready")
        seen = await phone.over()
    assert [told(once(messages)) for messages in seen] == [LATE, LATE]
    assert await scene.trails() == [[*arrived(FIRST), "ringing_agent anna", "180", *ABANDONED]] * 2


async def test_picked_up_after_the_ring_time(scene: Scene, tmp_path: Path) -> None:
    """The caller has gone on to the next agent: the first one's 200 is acknowledged and ended."""
    scene.has_customer(wait={"treatment": "ringing"})
    port = free_port()
    anna = await scene.hires("anna", at=f"sip:anna@127.0.0.1:{port}")
    ben = await scene.hires("ben")
    await scene.opens(anna, ben)
    server = scene.installation.sip
    async with sipp(tmp_path, "scripted", late_pick_up(), server, local=("127.0.0.1", port)) as phone:
        (caller,) = await lined_up(scene, FIRST)
        await ben.takes_the_call()
        await ends(ben, caller)
        (messages,) = await phone.over()
    assert told(once(messages)) == LATE
    missed = ["ringing_agent anna", "180", "missed anna: no_answer"]
    assert await scene.trails() == [[*arrived(FIRST), *missed, *took("ben")]]
    await anna.is_("ready")


async def test_picked_up_before_the_caller_leaves_but_told_after(scene: Scene) -> None:
    """The phone's 200 is lost and our CANCEL reaches a phone that is picked up: the 200 that comes again is ended."""
    scene.has_customer(wait={"treatment": "ringing"})
    loss = Loss()
    anna = await scene.hires("anna", loss=loss)
    await scene.opens(anna)
    (caller,) = await lined_up(scene, FIRST)
    await anna.is_rung()
    loss.sent = 1
    await asyncio.gather(anna.picks_up(), caller.hangs_up())
    await anna.rings_no_more()
    assert [fact.what for fact in anna.call.facts if "RTP" not in fact.what] == [
        "INVITE received", "180 sent", "200 sent", "ACK", "BYE received",
    ]  # fmt: skip
    assert caller.saw == ["100", "180", "487"]
    assert await scene.trails() == [[*arrived(FIRST), "ringing_agent anna", "180", *ABANDONED]]


async def test_both_at_once_the_pick_up_first(scene: Scene) -> None:
    """The engine hears of the pick-up when the caller has left already: nobody is charged, the agent is free."""
    scene.has_customer(wait={"treatment": "delayed_connect"})
    anna = await scene.hires("anna")
    await scene.opens(anna)
    (caller,) = await lined_up(scene, FIRST)
    await anna.is_rung()
    await scene.noted(["183"])
    with scene.installation.asleep():
        await anna.picks_up()
        await eventually(lambda: one(scene.installation.answered()), "the agent's leg is up")
        await caller.hangs_up()
        await eventually(lambda: one(scene.installation.switch("channels")), "the caller's channel is gone")
    await anna.rings_no_more()
    assert caller.saw == ["100", "183 SDP", "487"]
    left = ["picked_up anna", "caller_left", "ended answered, normal", "charged 0 min"]
    early = ["music default", "ringing_agent anna", "183"]
    assert await scene.trails() == [[*arrived(FIRST), *early, *left]]


async def test_both_at_once_the_caller_first(scene: Scene) -> None:
    """The engine hears of the caller's leaving when the agent has picked up already."""
    scene.has_customer(wait={"treatment": "delayed_connect"})
    anna = await scene.hires("anna")
    await scene.opens(anna)
    (caller,) = await lined_up(scene, FIRST)
    await anna.is_rung()
    await scene.noted(["183"])
    with scene.installation.asleep():
        await caller.hangs_up()
        await eventually(lambda: one(scene.installation.switch("channels")), "the caller's channel is gone")
        await anna.picks_up()
        await eventually(lambda: one(scene.installation.answered()), "the agent's leg is up")
    await anna.rings_no_more()
    assert caller.saw == ["100", "183 SDP", "487"]
    early = ["music default", "ringing_agent anna", "183"]
    assert await scene.trails() == [[*arrived(FIRST), *early, *ABANDONED]]


async def one(those: Awaitable[list[str]]) -> bool:
    """Whether there is exactly one of them."""
    return len(await those) == 1


@pytest.mark.parametrize("treatment", ["ringing_announced", "answered", "delayed_connect"])
async def test_an_announcement_is_cut_at_once_by_the_pick_up(scene: Scene, tmp_path: Path, treatment: str) -> None:
    """No dead air: the agent is heard a moment after the 200, and nothing of the announcement after that."""
    shown = {"ringing_announced": "183", "answered": "200", "delayed_connect": "183"}[treatment]
    scene.has_customer(wait={"treatment": treatment, "greeting": "welcome"})
    anna = await scene.hires("anna")
    await scene.opens()
    async with an_ear() as ear:
        d = Dialling("030123450", rtp=ear.port)
        steps = script(*dials(d), *is_answered(d), *is_hung_up_on(d))
        if treatment != "answered":
            steps = script(*dials(d, 183), *is_answered(d), *is_hung_up_on(d))
        async with sipp(tmp_path, "scripted", steps, scene.installation.sip) as caller:
            await scene.noted([shown])
            await anna.becomes("ready")
            await anna.is_rung()
            await ear.hears(-45.0, within=5)
            await anna.picks_up()
            heard_at = await ear.hears_tone(AGENT_HZ, within=5)
            await anna.hangs_up()
            await caller.over()
    delay = (heard_at - anna.picked_up_at).total_seconds()
    assert delay < AUDIBLE_WITHIN
    assert {is_tone(sound, AGENT_HZ) for at, sound in ear.packets if at >= heard_at} == {True}
    answer = [] if treatment == "answered" else ["200"]
    talked = ["ringing_agent anna", "picked_up anna", *answer, "agent_left normal", "ended answered, normal"]
    assert await scene.trails() == [[*sipp_arrived(d), "announcement welcome", shown, *talked, "charged 1 min"]]
