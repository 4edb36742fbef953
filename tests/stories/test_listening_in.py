"""Listening in on the real switch: both know before anything is heard, and the supervisor is never heard.

Rule of this file: whatever ends a listening, nothing of it is left on the switch, and who still talks goes on talking.
"""

from __future__ import annotations

import wave
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import pytest_asyncio

from engine.main.problem import Problem
from tests.stories.installation import Installation, eventually
from tests.stories.listening import SUPERVISOR_HZ, talk_in
from tests.stories.people import AGENT_HZ, CALLER_HZ
from tests.stories.scene import NUMBER, Scene, story

ORDERED = "listening_ordered sarah to anna, ordered by command line"
HEARD = ["listening_announced", "listening_began sarah"]
TALK = ["arrived +491701234567 for +4930123450", "customer K1 Muster GmbH", "music default", "ringing_agent anna"]
TALK += ["picked_up anna", "200"]
CALLER_ENDS = ["caller_left", "ended answered, normal", "charged 1 min"]
AGENT_ENDS = ["agent_left normal", "ended answered, normal", "charged 1 min"]
_ANNOUNCEMENT = Path(__file__).parents[2] / "sounds" / "de" / "listening-in.wav"


@pytest_asyncio.fixture
async def scene(listening_house: Installation) -> AsyncIterator[Scene]:
    """A story at that installation."""
    async with story(listening_house) as scene:
        yield scene


async def test_both_are_told_then_the_supervisor_hears_both_and_is_heard_by_nobody(scene: Scene) -> None:
    talk = await talk_in(scene)
    await talk.orders()
    await talk.sarah.is_rung()
    assert [(one["supervisor"], one["agent"], one["since"]) for one in await talk.listeners()] == [
        ("sarah", "anna", None)
    ]
    assert talk.caller.call.heard.tone_share(AGENT_HZ) > 0.98, "while the phone rings nobody is told anything"
    picked_up = monotonic()
    await talk.sarah.picks_up()
    await talk.both_are_told()
    assert talk.sarah.call.heard.packets == 0, "nothing is heard before both have been told"
    await talk.hears_both()
    with wave.open(str(_ANNOUNCEMENT)) as announcement:
        seconds = announcement.getnframes() / announcement.getframerate()
    began = talk.sarah.call.heard.first_at
    assert began and began - picked_up >= seconds - 0.1, "to its end"
    (listener,) = await talk.listeners()
    assert listener["since"]
    await talk.sarah.call.hears(min_dbfs=-40, within=5)

    async def two_seconds() -> bool:
        return talk.sarah.call.heard.packets > 120

    await eventually(two_seconds, "more than two seconds are heard")
    assert talk.caller.call.heard.tone_share(AGENT_HZ, last=2.0) > 0.99, "the caller hears the agent alone"
    assert talk.anna.call.heard.tone_share(CALLER_HZ, last=2.0) > 0.99, "the agent hears the caller alone"
    assert talk.caller.call.heard.tone_share(SUPERVISOR_HZ, last=2.0) < 0.001
    assert talk.anna.call.heard.tone_share(SUPERVISOR_HZ, last=2.0) < 0.001
    await talk.sarah.hangs_up()
    await talk.goes_on()
    await talk.caller.hangs_up()
    assert await talk.trail() == [*TALK, ORDERED, *HEARD, "listening_over sarah, supervisor left", *CALLER_ENDS]


OVER = "sarah, conversation over"


@pytest.mark.parametrize("who", ["caller", "anna"])
async def test_who_hangs_up_while_both_are_told_ends_it(scene: Scene, who: str) -> None:
    talk = await talk_in(scene)
    await talk.orders()
    await talk.sarah.takes_the_call()
    await talk.both_are_told()
    await (talk.caller.hangs_up() if who == "caller" else talk.anna.hangs_up())
    await talk.sarah.rings_no_more()
    assert talk.sarah.call.heard.packets == 0
    ends = ["caller_left"] if who == "caller" else ["agent_left normal"]
    trail = await talk.trail()
    assert trail == [*TALK, ORDERED, *ends, f"listening_failed {OVER}", *CALLER_ENDS[1:]]


@pytest.mark.parametrize("who", ["caller", "anna"])
async def test_who_hangs_up_while_somebody_listens_ends_it(scene: Scene, who: str) -> None:
    talk = await talk_in(scene)
    await talk.is_heard()
    await (talk.caller.hangs_up() if who == "caller" else talk.anna.hangs_up())
    await talk.sarah.rings_no_more()
    ends = ["caller_left"] if who == "caller" else ["agent_left normal"]
    assert await talk.trail() == [*TALK, ORDERED, *HEARD, *ends, f"listening_over {OVER}", *CALLER_ENDS[1:]]


@pytest.mark.parametrize(("code", "cause"), [(486, "busy"), (603, "rejected")])
async def test_a_supervisors_phone_that_rejects_it_tells_nobody(scene: Scene, code: int, cause: str) -> None:
    talk = await talk_in(scene)
    await talk.orders()
    await talk.sarah.is_rung()
    await talk.sarah.rejects(code)
    await talk.goes_on()
    await talk.caller.hangs_up()
    assert await talk.trail() == [*TALK, ORDERED, f"listening_failed sarah, not picked up, {cause}", *CALLER_ENDS]


async def test_a_supervisor_who_does_not_pick_up_tells_nobody(scene: Scene) -> None:
    talk = await talk_in(scene)
    await talk.orders()
    await talk.sarah.is_rung()
    await talk.sarah.rings_no_more()
    await talk.goes_on()
    await talk.anna.hangs_up()
    trail = await talk.trail()
    assert trail == [*TALK, ORDERED, "listening_failed sarah, not picked up, no_answer", *AGENT_ENDS]


async def test_a_conversation_that_ends_while_the_supervisors_phone_rings(scene: Scene) -> None:
    talk = await talk_in(scene)
    await talk.orders()
    await talk.sarah.is_rung()
    await talk.anna.hangs_up()
    await talk.sarah.rings_no_more()
    await talk.trail()


async def test_one_conversation_has_one_listener_and_the_order_can_be_taken_back(scene: Scene) -> None:
    talk = await talk_in(scene)
    ben = await scene.hires("ben")
    await scene.opens()
    await talk.is_heard()
    for supervisor, why in (("ben", "already"), ("sarah", "already"), ("anna", "busy"), ("nobody", "no_phone")):
        with pytest.raises(Problem, match=f"^{why}$"):
            await talk.orders(supervisor)
    await ben.becomes("ready")
    with pytest.raises(Problem, match=r"^busy$"):
        await talk.orders("ben")
    await scene.installation.ask("DELETE", "/listening/sarah")
    await talk.sarah.rings_no_more()
    await talk.goes_on()
    await talk.caller.hangs_up()
    assert await talk.trail() == [*TALK, ORDERED, *HEARD, "listening_over sarah, stopped", *CALLER_ENDS]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"listening_in": False}, "customer_forbids"),
    ({"lines": ["+491805123456"]}, "law_forbids"),
]


@pytest.mark.parametrize(("customer", "why"), REFUSED)
async def test_what_customer_or_law_forbid_rings_no_phone(scene: Scene, customer: dict[str, Any], why: str) -> None:
    talk = await talk_in(scene, **customer)
    with pytest.raises(Problem, match=f"^{why}$"):
        await talk.orders()
    await talk.goes_on()
    await talk.caller.hangs_up()
    trail = await talk.trail()
    assert not any("listening" in word for word in trail)


async def test_a_supervisor_who_becomes_ready_is_rung_when_the_phone_is_free(scene: Scene) -> None:
    talk = await talk_in(scene)
    await talk.is_heard()
    second = await scene.caller()
    await second.dials(NUMBER, "+491702222222")
    await scene.waiting(1)
    listening = talk.sarah.call
    await talk.sarah.becomes("ready")
    ended = await listening.over(5)
    assert ended.by == "them"
    await talk.sarah.takes_the_call()
    await second.hears_something()
    await talk.sarah.hears_the_caller()
    await talk.caller.hears_the_agent()
    await second.hangs_up()
    await talk.caller.hangs_up()
    first, _ = await scene.trails()
    assert "listening_over sarah, supervisor no longer paused" in first


async def test_an_engine_killed_while_somebody_listens_ends_that_and_nothing_else(scene: Scene) -> None:
    talk = await talk_in(scene)
    await talk.is_heard()
    scene.installation.kill()
    await talk.caller.hears_the_agent()
    await talk.hears_both()
    await scene.installation.start()
    await talk.sarah.rings_no_more()
    await talk.goes_on()
    await talk.orders()
    await talk.sarah.takes_the_call()
    await talk.both_are_told()
    await talk.hears_both()
    await talk.caller.hangs_up()
    await talk.sarah.rings_no_more()
    assert await talk.trail() == [
        *TALK, ORDERED, *HEARD, "taken_over talking", "listening_over after a fault",
        ORDERED, *HEARD, "caller_left", f"listening_over {OVER}", *CALLER_ENDS[1:],
    ]  # fmt: skip


async def test_an_agent_who_hangs_up_while_no_engine_is_there_is_heard_no_longer(scene: Scene) -> None:
    talk = await talk_in(scene)
    await talk.is_heard()
    scene.installation.kill()
    await talk.anna.hangs_up()

    async def one_channel_less() -> bool:
        heard = talk.sarah.call.heard
        return heard.level(0.5) < -60

    await eventually(one_channel_less, "the supervisor hears nothing any more")
    await scene.installation.start()
    await talk.sarah.rings_no_more()
    trail = await talk.trail()
    assert trail[: len(TALK) + 3] == [*TALK, ORDERED, *HEARD]
