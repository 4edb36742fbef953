"""Stories of putting through that take a minute or more, for the long day (`long_day.py`)."""

from __future__ import annotations

import time

import pytest

from engine.main.problem import Problem
from engine.service.day_over import LOOK
from pbx.phone import IncomingCall
from pbx.phone.heard import WINDOW
from tests.stories.installation import eventually
from tests.stories.long_day import PATIENCE, Part, Story
from tests.stories.people import AGENT_HZ, CALLER_HZ, Caller, hears_tone
from tests.stories.transfers import TARGET_HZ, longest_silence

RTP_TIMEOUT = 60.0
"""As in pjsip.conf."""
DAY = 60.0
"""Seconds that the customers of short days may use."""
LATE = 10.0
DEAD_AIR = 2.0
LATE_BY = 2.0
"""Seconds: the switch counts silence in whole ones, so the talk before it is known no better than to that."""


async def put_through(part: Part, kind: str) -> tuple[Caller, IncomingCall]:
    """A caller has talked to the agent, who has put him through; the target has picked up."""
    caller = await part.scene.caller()
    await caller.dials(part.number, caller=part.caller)
    await part.takes_the_call()
    await caller.hears_the_agent(PATIENCE)
    await part.noted("200", PATIENCE)
    record = await part.record()
    assert record
    wanted = {"contact": part.contact, "kind": kind}
    await part.scene.installation.ask("PUT", f"/calls/{record.id}/transfer", wanted)
    target = await part.callees.rings(part.target, PATIENCE)
    await target.alert()
    await target.answer()
    return caller, target


async def heard_for(call: IncomingCall, seconds: float) -> None:
    """Who is at this telephone has heard something for so long."""
    start = len(call.heard.windows)

    async def look() -> bool:
        return len(call.heard.windows) - start >= seconds / WINDOW

    await eventually(look, f"something is heard for {seconds} s", PATIENCE)


def lines(part: Part, trail: list[str]) -> list[str]:
    """Of the trail those from the pick-up at the target on, without the charge."""
    assert trail[-1] in ("charged 1 min", "charged 2 min"), trail
    return trail[trail.index("target_answered") + 1 : -1]


async def an_agent_is_lost_while_speaking_to_the_target(part: Part) -> None:
    """Her phone falls silent: caller and target are joined, and the silence is nobody's talk."""
    caller, target = await put_through(part, "announced")
    await hears_tone(target, AGENT_HZ, PATIENCE)
    await heard_for(target, LATE_BY)
    part.agent.call.drop()
    await part.noted(f"joined {part.target}", 2 * RTP_TIMEOUT)
    await hears_tone(target, CALLER_HZ, PATIENCE)
    await hears_tone(caller.call, TARGET_HZ, PATIENCE)
    assert longest_silence(caller.call) < DEAD_AIR
    await caller.hangs_up()
    left = ["agent_left out_of_order", f"joined {part.target}", "caller_left", "ended answered, normal"]
    assert lines(part, await part.trail()) == left
    record = await part.record()
    assert record
    assert record.talked_ms < 30_000


async def a_target_is_lost_while_talking_to_the_caller(part: Part) -> None:
    """Nothing is heard of him any more: the caller, who is alone, is released."""
    caller, target = await put_through(part, "blind")
    await hears_tone(target, CALLER_HZ, PATIENCE)
    target.drop()
    began = time.monotonic()
    ended = await caller.call.over(2 * RTP_TIMEOUT)
    assert ended.by == "them"
    assert time.monotonic() - began == pytest.approx(RTP_TIMEOUT, abs=LATE)
    left = [f"joined {part.target}", "target_left out_of_order", "ended answered, normal"]
    assert lines(part, await part.trail()) == left
    record = await part.record()
    assert record
    assert record.transferred_ms < 30_000, "most of it was silence"


async def a_talk_is_ended_when_it_has_lasted_for_a_days_minutes(part: Part) -> None:
    """Toll fraud: who was put through talks for as long as the customer may in a day, and no longer."""
    caller, target = await put_through(part, "blind")
    began = time.monotonic()
    await hears_tone(caller.call, TARGET_HZ, PATIENCE)
    ended = await caller.call.over(2 * DAY)
    assert ended.by == "them"
    assert time.monotonic() - began == pytest.approx(DAY, abs=LATE)
    await target.over(PATIENCE)
    assert lines(part, await part.trail()) == [f"joined {part.target}", "talk_limit", "ended answered, normal"]
    record = await part.record()
    assert record
    assert record.transferred_ms == pytest.approx(DAY * 1000, abs=LATE * 1000)


async def an_agent_talks_for_a_days_minutes(part: Part) -> None:
    """To the target alone: that counts, too. Then she has the caller again, and nobody else is put through."""
    caller, target = await put_through(part, "announced")
    await hears_tone(target, AGENT_HZ, PATIENCE)
    await part.noted("taken_back", DAY + LOOK + LATE)
    await target.over(PATIENCE)
    await caller.hears_the_agent(PATIENCE)
    record = await part.record()
    assert record
    with pytest.raises(Problem, match="minutes_per_day"):
        await part.scene.installation.ask("PUT", f"/calls/{record.id}/transfer", {"contact": part.contact})
    await caller.hangs_up()
    assert lines(part, await part.trail())[:2] == ["day_over minutes_per_day", "taken_back"]


STORIES: dict[str, tuple[str, Story]] = {
    "an agent is lost while speaking to the target": ("ringing", an_agent_is_lost_while_speaking_to_the_target),
    "a target is lost while talking to the caller": ("ringing", a_target_is_lost_while_talking_to_the_caller),
    "a talk is ended when it has lasted for a day's minutes": (
        "ringing", a_talk_is_ended_when_it_has_lasted_for_a_days_minutes,
    ),
    "an agent talks for a day's minutes": ("ringing", an_agent_talks_for_a_days_minutes),
}  # fmt: skip
