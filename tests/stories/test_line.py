"""The one line: first come, first served, whatever the agents' phones do (§2.2)."""

from __future__ import annotations

import asyncio
import socket

import pytest

from tests.ports import free_port
from tests.stories.installation import WRAP_UP
from tests.stories.people import Agent, Caller
from tests.stories.scene import NUMBER, Scene, at

OTHER = "+4930123451"
FIRST, SECOND, THIRD = "+491701111111", "+491702222222", "+491703333333"
TALKED = ["agent_left normal", "ended answered, normal", "charged 1 min"]


async def lined_up(scene: Scene, *callers: str) -> list[Caller]:
    """Callers in the line, in this order."""
    found = []
    for place, number in enumerate(callers, start=1):
        caller = await scene.caller()
        await caller.dials(NUMBER, number)
        await scene.waiting(place)
        found.append(caller)
    return found


async def ends(agent: Agent, caller: Caller) -> None:
    """The agent hangs up after a word with the caller."""
    await caller.hears_the_agent()
    await agent.hangs_up()
    await caller.is_hung_up_on()


def arrived(number: str) -> list[str]:
    """How every trail of these stories begins: nothing but ringing keeps them short."""
    return [f"arrived {number} for {NUMBER}", "customer K1 Muster GmbH"]


def took(login: str) -> list[str]:
    """How a trail goes on where this agent took the call and hung up."""
    return [f"ringing_agent {login}", f"picked_up {login}", "200", *TALKED]


async def test_first_come_first_served(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "ringing"})
    anna = await scene.hires("anna")
    await scene.opens()
    callers = await lined_up(scene, FIRST, SECOND, THIRD)
    await anna.becomes("ready")
    for caller, number in zip(callers, (FIRST, SECOND, THIRD), strict=True):
        await anna.takes_the_call()
        assert anna.call.number == number
        await ends(anna, caller)
    assert await scene.trails() == [[*arrived(number), "180", *took("anna")] for number in (FIRST, SECOND, THIRD)]
    picked_up = [record.picked_up_at for record in await scene.records()]
    assert picked_up == sorted(picked_up, key=str)


async def test_a_ring_not_answered_returns_to_its_place(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "ringing"})
    anna, ben = await scene.hires("anna"), await scene.hires("ben")
    await scene.opens(anna)
    first, second = await lined_up(scene, FIRST, SECOND)
    await anna.is_rung()
    await anna.rings_no_more()  # after the ring time
    await ben.becomes("ready")  # both callers wait: the first one is served
    await ben.takes_the_call()
    assert ben.call.number == FIRST
    await anna.takes_the_call()  # left alone for a moment, then rung again
    assert anna.call.number == SECOND
    await ends(ben, first)
    await ends(anna, second)
    assert await scene.trails() == [
        [*arrived(FIRST), "ringing_agent anna", "180", "missed anna: no_answer", *took("ben")],
        [*arrived(SECOND), "180", *took("anna")],
    ]


async def test_a_ring_not_answered_goes_to_the_next_agent(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "ringing"})
    anna, ben = await scene.hires("anna"), await scene.hires("ben")
    await scene.opens(anna, ben)
    (caller,) = await lined_up(scene, FIRST)
    await anna.is_rung()
    await ben.is_rung()
    await anna.rings_no_more()
    await ben.picks_up()
    await ends(ben, caller)
    missed = ["ringing_agent anna", "180", "missed anna: no_answer"]
    assert await scene.trails() == [[*arrived(FIRST), *missed, *took("ben")]]


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (486, "busy"),
        (600, "busy"),
        (603, "rejected"),
        (403, "rejected"),
        (408, "no_user_response"),
        (480, "no_answer"),
        (404, "unallocated"),
        (500, "network_failure"),
        (503, "congestion"),
    ],
)
async def test_a_phone_that_refuses_does_not_block_the_line(scene: Scene, code: int, word: str) -> None:
    scene.has_customer(wait={"treatment": "ringing"})
    anna, ben = await scene.hires("anna"), await scene.hires("ben")
    await scene.opens(anna, ben)
    (caller,) = await lined_up(scene, FIRST)
    await anna.is_called()
    await anna.rejects(code)
    await ben.takes_the_call()
    await ends(ben, caller)
    missed = ["ringing_agent anna", "180", f"missed anna: {word}"]
    assert await scene.trails() == [[*arrived(FIRST), *missed, *took("ben")]]
    await anna.is_("ready")


@pytest.mark.parametrize("phone", ["dead", "silent"])
async def test_a_phone_that_is_not_there_does_not_block_the_line(scene: Scene, phone: str) -> None:
    """A static phone, of which nobody knows before it is rung: nothing at its port, or something that says nothing."""
    scene.has_customer(wait={"treatment": "ringing"})
    with socket.socket(type=socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1] if phone == "silent" else free_port()
        anna = await scene.hires("anna", at=f"sip:anna@127.0.0.1:{port}")
        ben = await scene.hires("ben", registered=True)
        await scene.opens(anna, ben)
        (caller,) = await lined_up(scene, FIRST)
        await ben.takes_the_call()
        await ends(ben, caller)
        missed = ["ringing_agent anna", "180", "missed anna: no_user_response"]
        assert await scene.trails() == [[*arrived(FIRST), *missed, *took("ben")]]
        await anna.is_("ready")


async def test_who_misses_three_in_a_row_is_paused(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "ringing"})
    anna, ben = await scene.hires("anna"), await scene.hires("ben")
    await scene.opens(anna)
    (caller,) = await lined_up(scene, FIRST)
    for _ in range(3):
        await anna.is_rung()
        await anna.rejects(486)
    await anna.is_("paused", "missed calls")
    await ben.becomes("ready")
    await ben.takes_the_call()
    await ends(ben, caller)
    missed = ["ringing_agent anna", "missed anna: busy"]
    first = ["ringing_agent anna", "180", "missed anna: busy"]
    assert await scene.trails() == [[*arrived(FIRST), *first, *missed, *missed, *took("ben")]]
    await anna.becomes("ready")
    await anna.is_("ready")


async def test_the_longest_idle_is_rung(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "ringing"})
    anna, ben, carl = [await scene.hires(login) for login in ("anna", "ben", "carl")]
    await scene.opens(carl, anna, ben)
    for agent in (carl, anna, ben, carl, anna, ben):
        (caller,) = await lined_up(scene, FIRST)
        await agent.takes_the_call()
        await ends(agent, caller)
        await agent.is_("ready")
    # Who was called but not spoken with stays as idle as before.
    (caller,) = await lined_up(scene, FIRST)
    await carl.is_rung()
    await caller.hangs_up()
    await carl.rings_no_more()
    (caller,) = await lined_up(scene, FIRST)
    await carl.takes_the_call()
    await ends(carl, caller)
    trails = await scene.trails()
    talks = [
        [*arrived(FIRST), f"ringing_agent {login}", "180", *took(login)[1:]]
        for login in ("carl", "anna", "ben", "carl", "anna", "ben", "carl")
    ]
    left = ["ringing_agent carl", "180", "caller_left", "ended abandoned, normal", "charged 0 min"]
    assert trails == [*talks[:6], [*arrived(FIRST), *left], talks[6]]


async def test_wrap_up_comes_after_the_call_and_before_the_next(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "ringing"})
    anna = await scene.hires("anna")
    await scene.opens(anna)
    first, second = await lined_up(scene, FIRST, SECOND)
    await anna.takes_the_call()
    await ends(anna, first)
    await anna.is_("wrap_up")
    await anna.takes_the_call()
    await ends(anna, second)
    assert await scene.trails() == [
        [*arrived(FIRST), "ringing_agent anna", "180", *took("anna")[1:]],
        [*arrived(SECOND), "180", *took("anna")],
    ]
    (_, before), (_, after) = await scene.calls()
    pause = (at(after, "ringing_agent") - at(before, "agent_left")).total_seconds()
    assert pause == pytest.approx(WRAP_UP, abs=0.1)


async def test_a_pause_while_talking_begins_after_the_call(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "ringing"})
    anna = await scene.hires("anna")
    await scene.opens(anna)
    first, second = await lined_up(scene, FIRST, SECOND)
    await anna.takes_the_call()
    said = await scene.installation.vorzimmer("agent", "anna", "pause", "--reason", "lunch")
    assert said == (0, "anna is talking, paused after the call\n", "")
    await first.hears_the_agent()
    await ends(anna, first)
    await anna.is_("paused", "lunch")
    await scene.waiting(1)
    await second.hangs_up()
    assert await scene.trails() == [
        [*arrived(FIRST), "ringing_agent anna", "180", *took("anna")[1:]],
        [*arrived(SECOND), "180", "caller_left", "ended abandoned, normal", "charged 0 min"],
    ]


async def test_skills_decide_and_nobody_waits_for_another_skills_agent(scene: Scene) -> None:
    scene.has_customer(wait={"treatment": "ringing"}, routing={"skills": ["english"]})
    scene.has_customer(OTHER, "Zweite AG", wait={"treatment": "ringing"}, routing={"skills": ["german"]})
    anna = await scene.hires("anna", skills=["german"])
    ben = await scene.hires("ben", skills=["german", "english"])
    await scene.opens(anna)
    (english,) = await lined_up(scene, FIRST)
    german = await scene.caller()
    await german.dials(OTHER, SECOND)
    await anna.takes_the_call()
    assert anna.call.number == SECOND
    await ben.becomes("ready")
    await ben.takes_the_call()
    assert ben.call.number == FIRST
    await ends(anna, german)
    await ends(ben, english)
    assert await scene.trails() == [
        [*arrived(FIRST), "180", *took("ben")],
        [f"arrived {SECOND} for {OTHER}", "customer K2 Zweite AG", "ringing_agent anna", "180", *took("anna")[1:]],
    ]


async def test_a_group_answers_and_after_the_overflow_time_the_wider_circle(scene: Scene) -> None:
    routing = {"groups": ["team1"], "overflow_after": 1, "overflow": {"skills": ["english"]}}
    scene.has_customer(wait={"treatment": "ringing"}, routing=routing)
    anna = await scene.hires("anna", skills=["german"])
    ben = await scene.hires("ben", skills=["english"])
    carl = await scene.hires("carl", groups=["team1"])
    await scene.opens(anna, ben)
    (caller,) = await lined_up(scene, FIRST)
    await ben.takes_the_call()
    await ends(ben, caller)
    await carl.becomes("ready")
    (caller,) = await lined_up(scene, SECOND)
    await carl.takes_the_call()
    await ends(carl, caller)
    assert await scene.trails() == [
        [*arrived(FIRST), "180", "overflow", *took("ben")],
        [*arrived(SECOND), "ringing_agent carl", "180", *took("carl")[1:]],
    ]
    ((_, first), _) = await scene.calls()
    ((record, _), _) = await scene.calls()
    assert 1.0 <= (at(first, "ringing_agent") - record.arrived_at).total_seconds() < 1.5


async def test_both_at_once(scene: Scene) -> None:
    """The caller hangs up in the moment of the pick-up: whatever comes first, nothing and nobody is stuck."""
    scene.has_customer(wait={"treatment": "delayed_connect"})
    anna = await scene.hires("anna")
    await scene.opens(anna)
    for _ in range(10):
        (caller,) = await lined_up(scene, FIRST)
        await anna.is_rung()
        await asyncio.gather(caller.hangs_up(), anna.picks_up(), return_exceptions=True)
        await anna.rings_no_more()
        await scene.waiting(0)
        await anna.is_("ready")
    records = await scene.records()
    scene.has_told(*(record.id for record in records))
    assert len(records) == 10
    for record in records:
        assert record.outcome == ("answered" if record.picked_up_at else "abandoned")
        assert record.charged_minutes == 0 or record.answered_at is not None
