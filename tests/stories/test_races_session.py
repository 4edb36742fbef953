"""What happens to a session under way: hold and resume (RFC 3264), both sides at once, session timers (RFC 4028)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.sipp.messages import once
from tests.sipp.script import INVITE, asks, dials, is_answered, is_hung_up_on, script, sends, takes, within_call
from tests.sipp.sipp import Dialling, sipp, text
from tests.stories.people import Agent, Caller
from tests.stories.scene import Scene
from tests.stories.test_line import FIRST, lined_up, took
from tests.stories.test_line import arrived as line_arrived
from tests.stories.test_traces import ENDED, TALKED, arrived, talk, told

NUMBER = "030123450"
RANG = ["> INVITE SDP", "< 100", "< 180"]


@pytest.mark.parametrize("way", ["sendonly", "inactive"])
async def test_a_caller_holds_while_talking(scene: Scene, way: str) -> None:
    """The agent hears music until the caller is back, and the conversation goes on."""
    caller, anna = await in_conversation(scene)
    assert await caller.call.offer(way) == 200
    await anna.hears_music()
    assert await caller.call.offer("sendrecv") == 200
    await anna.hears_the_caller()
    await caller.hears_the_agent()
    await anna.hangs_up()
    await caller.is_hung_up_on()
    assert await scene.trails() == [[*line_arrived(FIRST), "ringing_agent anna", "180", *took("anna")[1:]]]


@pytest.mark.parametrize("way", ["sendonly", "inactive"])
async def test_an_agent_holds(scene: Scene, way: str) -> None:
    """The caller hears music until the agent is back."""
    caller, anna = await in_conversation(scene)
    assert await anna.call.offer(way) == 200
    await caller.hears_music()
    assert await anna.call.offer("sendrecv") == 200
    await caller.hears_the_agent()
    await anna.hears_the_caller()
    await anna.hangs_up()
    await caller.is_hung_up_on()
    assert await scene.trails() == [[*line_arrived(FIRST), "ringing_agent anna", "180", *took("anna")[1:]]]


@pytest.mark.parametrize("way", ["sendonly", "inactive"])
async def test_a_caller_holds_while_waiting(scene: Scene, way: str) -> None:
    """Answered and waiting: the place in the line stays, the music is there again after the hold."""
    scene.has_customer(wait={"treatment": "answered"})
    anna = await scene.hires("anna")
    await scene.opens()
    (caller,) = await lined_up(scene, FIRST)
    await scene.noted(["200"])
    await caller.hears_something()
    assert await caller.call.offer(way) == 200
    assert await caller.call.offer("sendrecv") == 200
    await caller.hears_something()
    await anna.becomes("ready")
    await anna.takes_the_call()
    await anna.hears_the_caller()
    await caller.hears_the_agent()
    await anna.hangs_up()
    await caller.is_hung_up_on()
    talked = ["ringing_agent anna", "picked_up anna", *took("anna")[3:]]
    assert await scene.trails() == [[*line_arrived(FIRST), "music default", "200", *talked]]


async def test_a_held_waiting_caller_meets_the_agent(scene: Scene) -> None:
    """The agent picks up while the caller holds: they hear each other when the hold ends."""
    scene.has_customer(wait={"treatment": "answered"})
    anna = await scene.hires("anna")
    await scene.opens()
    (caller,) = await lined_up(scene, FIRST)
    await scene.noted(["200"])
    await caller.is_answered()
    assert await caller.call.offer("inactive") == 200
    await anna.becomes("ready")
    await anna.takes_the_call()
    assert await caller.call.offer("sendrecv") == 200
    await anna.hears_the_caller()
    await caller.hears_the_agent()
    await anna.hangs_up()
    await caller.is_hung_up_on()
    talked = ["ringing_agent anna", "picked_up anna", *took("anna")[3:]]
    assert await scene.trails() == [[*line_arrived(FIRST), "music default", "200", *talked]]


async def test_both_sides_hold_and_resume_at_once(scene: Scene) -> None:
    caller, anna = await in_conversation(scene)
    for way in ("sendonly", "sendrecv", "inactive", "sendrecv"):
        assert set(await asyncio.gather(caller.call.offer(way), anna.call.offer(way))) == {200}
    await anna.hears_the_caller()
    await caller.hears_the_agent()
    await anna.hangs_up()
    await caller.is_hung_up_on()
    assert await scene.trails() == [[*line_arrived(FIRST), "ringing_agent anna", "180", *took("anna")[1:]]]


@pytest.mark.parametrize("first", ["agent", "caller"])
async def test_both_hang_up_before_the_engine_hears_of_it(scene: Scene, first: str) -> None:
    caller, anna = await in_conversation(scene)
    with scene.installation.asleep():
        for one in (anna, caller) if first == "agent" else (caller, anna):
            await one.hangs_up()
    left = ["agent_left normal"] if first == "agent" else ["caller_left"]
    talked = ["ringing_agent anna", "180", "picked_up anna", "200", *left, *ENDED]
    assert await scene.trails() == [[*line_arrived(FIRST), *talked]]
    await anna.is_("ready")


async def in_conversation(scene: Scene) -> tuple[Caller, Agent]:
    """A caller and an agent who hear each other."""
    scene.has_customer(wait={"treatment": "ringing"})
    anna = await scene.hires("anna")
    await scene.opens(anna)
    (caller,) = await lined_up(scene, FIRST)
    await anna.takes_the_call()
    await caller.hears_the_agent()
    await anna.hears_the_caller()
    return caller, anna


async def test_bye_crosses_bye(scene: Scene, tmp_path: Path) -> None:
    """Each side confirms the other's (RFC 3261 § 15.1.2)."""
    scene.has_customer(wait={"treatment": "ringing"})
    anna = await scene.hires("anna")
    await scene.opens()
    d = Dialling(NUMBER)
    kept = "Via:[$Via]\nFrom:[$From]\nTo:[$Us]\nCall-ID: [call_id]\nCSeq:[$CSeq]\n"
    crossing = [
        takes("BYE", keep="Via From To=Us CSeq", within=20),
        sends(within_call(d, "BYE", 2), opens="bye", again=False),
        takes(200, "bye"),
        sends(text("SIP/2.0 200 OK\n" + kept)),
    ]
    steps = script(*dials(d, 180), *is_answered(d), *crossing)
    async with sipp(tmp_path, "scripted", steps, scene.installation.sip) as caller:
        await scene.noted(["180"])
        await anna.becomes("ready")
        await anna.takes_the_call()
        await caller.saw("> ACK")
        await anna.hangs_up()
        (messages,) = await caller.over()
    crossed = ["< BYE", "> BYE", "< 200 of BYE", "> 200 of BYE"]
    assert told(once(messages)) == [*RANG, *TALKED[:2], *crossed]
    assert await scene.trails() == [[*arrived(d), "180", *talk(anna)]]


async def test_a_session_interval_too_small(scene: Scene, tmp_path: Path) -> None:
    """422 names the smallest interval (§ 6), and the caller tries again with it."""
    scene.has_customer(wait={"treatment": "ringing"})
    anna = await scene.hires("anna")
    await scene.opens()
    short = Dialling(NUMBER, headers=("Supported: timer", "Session-Expires: 60"))
    d = Dialling(NUMBER, headers=("Supported: timer", "Session-Expires: 90;refresher=uac"))
    refused = [
        sends(short.messages()["invite"], opens="short"),
        takes(100, "short", optional=True),
        takes(422, "short"),
        sends(d.messages()["refused_ack"], acks="short"),
    ]
    again = [text.replace("CSeq: 1 ", "CSeq: 2 ") for text in (*dials(d, 180), *is_answered(d))]
    steps = script(*refused, *again, *is_hung_up_on(d))
    async with sipp(tmp_path, "scripted", steps, scene.installation.sip) as caller:
        await scene.noted(["180"])
        await anna.becomes("ready")
        await anna.takes_the_call()
        await caller.saw("< 200 SDP", "> ACK")
        await anna.hangs_up()
        (messages,) = await caller.over()
    assert told(messages) == ["> INVITE SDP", "< 422", "> ACK", *RANG, *TALKED]
    refusal = next(message for message in messages if message.start == "422")
    assert refusal.header("Min-SE") == "90"
    assert await scene.trails() == [[*arrived(d), "180", *talk(anna)]]


async def test_a_caller_refreshes_the_session(scene: Scene, tmp_path: Path) -> None:
    """By UPDATE while waiting unanswered (RFC 3311 § 5.1), by UPDATE and re-INVITE while talking."""
    scene.has_customer(wait={"treatment": "delayed_connect"})
    anna = await scene.hires("anna")
    await scene.opens()
    timer = "Session-Expires: 90;refresher=uac"
    d = Dialling(NUMBER, headers=("Supported: timer", timer))
    early = [
        sends(d.messages()["invite"], opens=INVITE), takes(100, INVITE, optional=True),
        takes(183, INVITE, keep="To"), *asks(d, "UPDATE", 2, "Supported: timer", timer),
    ]  # fmt: skip
    refreshes = [
        *asks(d, "UPDATE", 3, "Supported: timer", timer),
        *asks(d, "INVITE", 4, "Supported: timer", timer, way="sendrecv"),
    ]
    steps = script(*early, *is_answered(d), *refreshes, *is_hung_up_on(d))
    async with sipp(tmp_path, "scripted", steps, scene.installation.sip) as caller:
        await caller.saw("< 200 of UPDATE")
        await scene.noted(["183"])
        await anna.becomes("ready")
        await anna.takes_the_call()
        await caller.saw("> ACK", "> ACK")
        await anna.hangs_up()
        (messages,) = await caller.over()
    refreshed = ["> UPDATE", "< 200 of UPDATE", "> INVITE SDP", "< 200 SDP", "> ACK"]
    waited = ["> INVITE SDP", "< 100", "< 183 SDP", "> UPDATE", "< 200 of UPDATE"]
    assert told(messages) == [*waited, *TALKED[:2], *refreshed, *TALKED[2:]]
    answers = [message.header("Session-Expires") for message in messages if message.start == "200"]
    assert answers == ["90;refresher=uac"] * 4 + [None]
    assert await scene.trails() == [[*arrived(d), "music default", "183", *talk(anna)]]
