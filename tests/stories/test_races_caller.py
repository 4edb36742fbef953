"""Races between a caller and the answer: what a caller may send at the worst moment (RFC 3261 § 8, 9, 13, 17)."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from tests.sipp.ear import an_ear
from tests.sipp.messages import once
from tests.sipp.script import INVITE, dials, is_answered, is_hung_up_on, script, sends, takes, waits, within_call
from tests.sipp.sipp import Dialling, sipp
from tests.stories.installation import eventually
from tests.stories.people import Caller
from tests.stories.scene import NUMBER as ACCESS
from tests.stories.scene import Scene
from tests.stories.test_line import FIRST
from tests.stories.test_line import arrived as line_arrived
from tests.stories.test_traces import TALKED, arrived, talk, told

RANG = ["> INVITE SDP", "< 100", "< 180"]
NUMBER = "030123450"
BRANCH = "z9hG4bK-[pid]-[call_number]-own"


async def test_a_cancel_after_the_200_comes_too_late(scene: Scene, tmp_path: Path) -> None:
    """RFC 3261 § 9.2: it has no effect, and the conversation goes on until somebody hangs up."""
    scene.has_customer(wait={"treatment": "ringing"})
    anna = await scene.hires("anna")
    await scene.opens()
    async with an_ear() as ear:
        d = Dialling(NUMBER, rtp=ear.port)
        late = [sends(d.messages()["cancel"], opens="cancel"), takes(200, "cancel")]
        answered, acknowledged = is_answered(d)
        steps = script(*dials(d, 180), answered, *late, acknowledged, *is_hung_up_on(d))
        async with sipp(tmp_path, "scripted", steps, scene.installation.sip) as caller:
            await scene.noted(["180"])
            await anna.becomes("ready")
            await anna.takes_the_call()
            await caller.saw("> ACK")
            await anna.call.hears()
            await anna.hangs_up()
            (messages,) = await caller.over()
    assert told(messages) == [*RANG, "< 200 SDP", "> CANCEL", "< 200 of CANCEL", *TALKED[1:]]
    assert await scene.trails() == [[*arrived(d), "180", *talk(anna)]]


async def test_a_caller_who_gives_up_when_the_200_is_on_its_way_says_bye(scene: Scene, tmp_path: Path) -> None:
    """The CANCEL crosses the 200: the caller's side acknowledges and ends what it did not want (§ 15)."""
    scene.has_customer(wait={"treatment": "ringing"})
    anna = await scene.hires("anna")
    await scene.opens()
    d = Dialling(NUMBER)
    late = [sends(d.messages()["cancel"], opens="cancel"), takes(200, "cancel")]
    answered, acknowledged = is_answered(d)
    bye = [sends(within_call(d, "BYE", 2), opens="bye"), takes(200, "bye")]
    steps = script(*dials(d, 180), answered, *late, acknowledged, *bye)
    async with sipp(tmp_path, "scripted", steps, scene.installation.sip) as caller:
        await scene.noted(["180"])
        await anna.becomes("ready")
        await anna.takes_the_call()
        await anna.rings_no_more()
        (messages,) = await caller.over()
    crossed = ["< 200 SDP", "> CANCEL", "< 200 of CANCEL", "> ACK", "> BYE", "< 200 of BYE"]
    assert told(messages) == [*RANG, *crossed]
    left = ["caller_left", "ended answered, normal", "charged 1 min"]
    assert await scene.trails() == [[*arrived(d), "180", "ringing_agent anna", "picked_up anna", "200", *left]]


async def test_a_200_is_sent_again_until_it_is_acknowledged(scene: Scene, tmp_path: Path) -> None:
    """§ 13.3.1.4; the conversation has begun all the same."""
    scene.has_customer(wait={"treatment": "ringing"})
    anna = await scene.hires("anna")
    await scene.opens()
    async with an_ear() as ear:
        d = Dialling(NUMBER, rtp=ear.port)
        answered, acknowledged = is_answered(d)
        steps = script(*dials(d, 180), answered, waits(1.0), acknowledged, *is_hung_up_on(d))
        async with sipp(tmp_path, "scripted", steps, scene.installation.sip) as caller:
            await scene.noted(["180"])
            await anna.becomes("ready")
            await anna.takes_the_call()
            await caller.saw("< 200 SDP", "< 200 SDP", "> ACK")
            await anna.call.hears()
            await anna.hangs_up()
            (messages,) = await caller.over()
    assert told(once(messages)) == [*RANG, *TALKED]
    assert await scene.trails() == [[*arrived(d), "180", *talk(anna)]]


async def test_an_invite_that_comes_again_is_the_same_call(scene: Scene, tmp_path: Path) -> None:
    """The same transaction while it waits (§ 17.2.1) and after the 200 (§ 17.2.3)."""
    scene.has_customer(wait={"treatment": "ringing"})
    anna = await scene.hires("anna")
    await scene.opens()
    d = Dialling(NUMBER)
    invite = d.messages()["invite"].replace("[branch]", BRANCH)
    answered, acknowledged = is_answered(d)
    steps = script(
        sends(invite, opens=INVITE), takes(100, INVITE, optional=True), takes(180, INVITE),
        sends(invite), answered, sends(invite), waits(0.4), acknowledged, *is_hung_up_on(d),
    )  # fmt: skip
    async with sipp(tmp_path, "scripted", steps, scene.installation.sip) as caller:
        await caller.saw("< 180", "> INVITE SDP", "< 180")
        await scene.noted(["180"])
        await anna.becomes("ready")
        await anna.takes_the_call()
        await caller.saw("< 200 SDP", "> INVITE SDP", "< 200 SDP", "> ACK")
        await anna.hangs_up()
        (messages,) = await caller.over()
    assert told(once(messages)) == [*RANG, *TALKED]
    assert await scene.trails() == [[*arrived(d), "180", *talk(anna)]]


async def test_an_invite_that_came_two_ways_is_taken_once(scene: Scene, tmp_path: Path) -> None:
    """The same Call-ID, From tag and CSeq in another transaction: a merged request, 482 (§ 8.2.2.2)."""
    scene.has_customer(wait={"treatment": "ringing"})
    anna = await scene.hires("anna")
    await scene.opens()
    d = Dialling(NUMBER)
    merged = [
        sends(d.messages()["invite"].replace("[branch]", BRANCH), opens="merged"),
        takes(100, "merged", optional=True),
        takes(482, "merged"),
        sends(d.messages()["refused_ack"], acks="merged"),
    ]
    steps = script(*dials(d, 180), *merged, *is_answered(d), *is_hung_up_on(d))
    async with sipp(tmp_path, "scripted", steps, scene.installation.sip) as caller:
        await caller.saw("< 482")
        await scene.noted(["180"])
        await anna.becomes("ready")
        await anna.takes_the_call()
        await caller.saw("< 200 SDP", "> ACK")
        await anna.hangs_up()
        (messages,) = await caller.over()
    assert told(messages) == [*RANG, "> INVITE SDP", "< 100", "< 482", "> ACK", *TALKED]
    assert await scene.trails() == [[*arrived(d), "180", *talk(anna)]]


async def test_an_invite_that_came_two_ways_at_once_is_taken_once(scene: Scene) -> None:
    """Whichever is first: one rings, the other is refused."""
    scene.has_customer(wait={"treatment": "ringing"})
    await scene.opens()
    for n in range(5):
        ways = [await scene.caller(), await scene.caller()]
        same = {"Call-ID": f"merged-{n}", "From": f"<sip:{FIRST}@127.0.0.1>;tag=merged-{n}"}
        await asyncio.gather(*(way.dials(ACCESS, headers=same) for way in ways))
        await eventually(partial(settled, ways), "one rings and one is refused")
        (rings,) = [way for way in ways if way.saw == ["100", "180"]]
        await rings.hangs_up()
    left = ["caller_left", "ended abandoned, normal", "charged 0 min"]
    assert await scene.trails() == [[*line_arrived(FIRST), "180", *left]] * 5


async def settled(ways: list[Caller]) -> bool:
    """Whether each has its answer, and they differ."""
    return sorted(way.saw for way in ways) == [["100", "180"], ["100", "482"]]
