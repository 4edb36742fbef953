"""The engine is killed in the middle of putting through: the next one goes on with it, or ends it cleanly.

Rule of this file: an installation of its own; nobody hears nothing for longer than two seconds, whatever is killed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.stories.installation import Installation, installed
from tests.stories.scene import at, line, story
from tests.stories.transfers import FIRST, SECOND, THIRD, Talk, talking

DEAD_AIR = 2.0
"""Seconds."""
KORN: list[dict[str, object]] = [
    {
        "name": "Eva Korn",
        "notify": {"mail": ["eva@korn.example"]},
        "transfer": {"targets": [{"number": number, "ring_time": 60} for number in (FIRST, SECOND, THIRD)]},
    }
]
"""Time to start again while a phone rings."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Engine and Asterisk, with agents' rings that outlast an engine's start."""
    with installed(tmp_path_factory.mktemp("vz"), RING_TIME="60", ALERT_TIME="30") as made:
        yield made


@pytest_asyncio.fixture
async def talk(house: Installation) -> AsyncIterator[Talk]:
    """A caller talks to Anna; at the end he has never heard nothing for long."""
    async with story(house) as scene:
        talk = await talking(scene, *KORN)
        yield talk
        assert talk.longest_silence() < DEAD_AIR


async def killed(talk: Talk, after: str) -> None:
    """The engine, and what keeps it, once this is in the trail: what is not, the next one cannot know."""
    await talk.scene.noted([after])
    talk.scene.installation.kill()


async def story_of(talk: Talk) -> list[str]:
    """The trail from the order to put through on, without what happens at every call's end."""
    [trail] = await talk.scene.trails()
    assert trail[-1].startswith("charged 1 min")
    return trail[trail.index(next(line for line in trail if line.startswith("put_through "))) + 1 : -1]


def dialled(place: int, number: str) -> str:
    return f"target_dialled {place}/3 Eva Korn: {number} (out)"


async def test_while_the_first_target_rings_and_anna_waits_it_rings_on(talk: Talk) -> None:
    await talk.puts_through()
    await talk.callee.is_rung(FIRST)
    await killed(talk, "target_ringing")
    await talk.scene.installation.start()
    await talk.caller.hears_music()
    await talk.anna.is_("talking")
    await talk.callee.call.answer()
    await talk.callee.hears_the_agent()
    await talk.agent_hears_the_target()
    await talk.wishes("hand_over")
    await talk.callee.hears_the_caller()
    await talk.caller_hears_the_target()
    await talk.anna.rings_no_more()
    await talk.anna.is_("ready")
    await talk.callee.hangs_up()
    await talk.caller.is_hung_up_on()
    assert await story_of(talk) == [
        dialled(1, FIRST), "target_ringing", "taken_over dialling", "link_back", "target_answered", f"joined {FIRST}",
        "target_left normal", "ended answered, normal",
    ]  # fmt: skip
    assert await talk.tried() == [(FIRST, "put_through")]


async def test_what_the_target_says_while_nobody_is_there_is_found_out(talk: Talk) -> None:
    """He is busy: the next number is dialled as soon as there is an engine."""
    await talk.puts_through()
    await talk.callee.is_rung(FIRST)
    await killed(talk, "target_ringing")
    await talk.callee.call.reject(486)
    await talk.caller.hears_music()
    await talk.scene.installation.start()
    await talk.callee.takes_the_call(SECOND)
    await talk.callee.hears_the_agent()
    await talk.wishes("take_back")
    await talk.callee.is_hung_up_on()
    await talk.caller.hears_the_agent()
    await talk.anna.hangs_up()
    await talk.caller.is_hung_up_on()
    assert await talk.tried() == [(FIRST, "carrier_failed"), (SECOND, "spoken")]
    await talk.scene.trails()


async def test_blind_and_the_target_picks_up_before_there_is_another_engine(talk: Talk) -> None:
    """Asterisk has nobody to ask what becomes of him and hangs up; the next number is dialled, with music till then."""
    await talk.puts_through("blind")
    await talk.anna.rings_no_more()
    await talk.callee.is_rung(FIRST)
    await killed(talk, "target_ringing")
    await talk.callee.call.answer()
    await talk.callee.is_hung_up_on()
    await talk.scene.installation.start()
    await talk.callee.takes_the_call(SECOND)
    await talk.callee.hears_the_caller()
    await talk.caller_hears_the_target()
    await talk.caller.hangs_up()
    await talk.callee.is_hung_up_on()
    assert await story_of(talk) == [
        dialled(1, FIRST), "target_ringing", "taken_over forwarding", "target_failed carrier_failed",
        dialled(2, SECOND), "link_back", "target_ringing", "target_answered", f"joined {SECOND}",
        "caller_left", "ended answered, normal",
    ]  # fmt: skip
    assert await talk.tried() == [(FIRST, "carrier_failed"), (SECOND, "put_through")]


async def test_blind_and_the_target_rings_on(talk: Talk) -> None:
    await talk.puts_through("blind")
    await talk.anna.rings_no_more()
    await talk.callee.is_rung(FIRST)
    await killed(talk, "target_ringing")
    await talk.scene.installation.start()
    await talk.anna.is_("ready")
    await talk.caller.hears_music()
    await talk.callee.call.answer()
    await talk.callee.hears_the_caller()
    await talk.caller_hears_the_target()
    await talk.callee.hangs_up()
    await talk.caller.is_hung_up_on()
    assert await talk.tried() == [(FIRST, "put_through")]
    await talk.scene.trails()


async def test_while_anna_speaks_to_the_target_both_go_on(talk: Talk) -> None:
    await talk.puts_through()
    await talk.callee.takes_the_call(FIRST)
    await talk.callee.hears_the_agent()
    await killed(talk, "target_answered")
    await talk.agent_hears_the_target()
    await talk.caller.hears_music()
    await talk.scene.installation.start()
    await talk.agent_hears_the_target()
    await talk.caller.hears_music()
    await talk.wishes("swap")
    await talk.caller.hears_the_agent()
    await talk.callee.hears_music()
    await talk.wishes("take_back")
    await talk.callee.is_hung_up_on()
    await talk.anna.hangs_up()
    await talk.caller.is_hung_up_on()
    assert await talk.tried() == [(FIRST, "spoken")]
    await talk.scene.trails()


async def test_anna_hangs_up_while_nobody_is_there_and_the_two_are_joined(talk: Talk) -> None:
    await talk.puts_through()
    await talk.callee.takes_the_call(FIRST)
    await talk.callee.hears_the_agent()
    await killed(talk, "target_answered")
    await talk.anna.hangs_up()
    await talk.caller.hears_music()
    await talk.scene.installation.start()
    await talk.callee.hears_the_caller()
    await talk.caller_hears_the_target()
    await talk.anna.is_("ready")
    await talk.caller.hangs_up()
    await talk.callee.is_hung_up_on()
    assert await talk.tried() == [(FIRST, "put_through")]
    [(record, trail)] = await talk.scene.calls()
    assert record.agent_left_at and record.agent_left_at <= at(trail, "taken_over"), "nobody pays for what is not known"
    await talk.scene.trails()


async def test_anna_and_the_target_hang_up_while_nobody_is_there_and_the_caller_is_served_again(talk: Talk) -> None:
    """Nobody has spoken to him meanwhile: he comes before everybody else, and is not joined with a dead line."""
    await talk.puts_through()
    await talk.callee.takes_the_call(FIRST)
    await talk.callee.hears_the_agent()
    await killed(talk, "target_answered")
    await talk.anna.hangs_up()
    await talk.callee.hangs_up()
    await talk.caller.hears_music()
    await talk.scene.installation.start()
    await talk.anna.takes_the_call()
    await talk.caller.hears_the_agent()
    await talk.caller.hangs_up()
    assert await talk.tried() == [(FIRST, "spoken")]
    [(record, trail)] = await talk.scene.calls()
    assert record.transferred_ms == 0
    assert [line(entry) for entry in trail if entry.what in ("joined", "target_left")] == [
        "target_left temporary_failure"
    ]
    await talk.scene.trails()


async def test_the_caller_hangs_up_while_nobody_is_there_and_the_others_are_released(talk: Talk) -> None:
    await talk.puts_through()
    await talk.callee.takes_the_call(FIRST)
    await talk.callee.hears_the_agent()
    await killed(talk, "target_answered")
    await talk.caller.hangs_up()
    await talk.scene.installation.start()
    await talk.callee.is_hung_up_on()
    await talk.anna.rings_no_more()
    await talk.anna.is_("ready")
    assert await talk.tried() == [(FIRST, "spoken")]
    await talk.scene.trails()


async def test_while_all_three_talk_they_talk_on(talk: Talk) -> None:
    await talk.puts_through()
    await talk.callee.takes_the_call(FIRST)
    await talk.callee.hears_the_agent()
    await talk.wishes("conference")
    await talk.caller.hears_something()
    await killed(talk, "conference")
    await talk.scene.installation.start()
    await talk.caller.hears_something()
    await talk.callee.call.hears()
    await talk.anna.call.hears()
    await talk.anna.hangs_up()
    await talk.callee.hears_the_caller()
    await talk.caller_hears_the_target()
    await talk.callee.hangs_up()
    await talk.caller.is_hung_up_on()
    assert await talk.tried() == [(FIRST, "put_through")]
    await talk.scene.trails()


async def test_after_anna_has_left_the_two_talk_on_and_every_second_is_counted(talk: Talk) -> None:
    await talk.puts_through("blind")
    await talk.anna.rings_no_more()
    await talk.callee.takes_the_call(FIRST)
    await talk.callee.hears_the_caller()
    await killed(talk, f"joined {FIRST}")
    await talk.caller_hears_the_target()
    await talk.callee.hears_the_caller()
    await talk.scene.installation.start()
    await talk.anna.is_("ready")
    await talk.caller_hears_the_target()
    await talk.callee.hears_the_caller()
    await talk.callee.hangs_up()
    await talk.caller.is_hung_up_on()
    [(record, trail)] = await talk.scene.calls()
    [tried] = await talk.scene.installation.attempts(talk.id)
    assert tried.result == "put_through" and tried.ended_at and tried.joined_at
    assert abs((tried.joined_at - at(trail, "joined")).total_seconds()) < 0.1
    assert record.transferred_ms == round((tried.ended_at - tried.joined_at).total_seconds() * 1000)
    assert record.agent_left_at and record.agent_left_at < tried.joined_at
    await talk.scene.trails()


async def test_an_engine_dies_and_the_target_hangs_up_at_once(talk: Talk) -> None:
    """The caller hears nothing only until the next engine has found it out."""
    await talk.puts_through("blind")
    await talk.anna.rings_no_more()
    await talk.callee.takes_the_call(FIRST)
    await talk.caller_hears_the_target()
    await talk.scene.noted([f"joined {FIRST}"])
    await talk.scene.installation.dies(talk.callee.hangs_up)
    await talk.caller.is_hung_up_on()
    assert await talk.tried() == [(FIRST, "put_through")]
    await talk.scene.trails()
    talk.scene.complains_of = {"engine_died"}
