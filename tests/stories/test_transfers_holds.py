"""Somebody's telephone holds while a caller is put through: what the others hear of it ends when he is gone.

Rule of this file: in the conversation that follows there are voices and nothing else.
"""

from __future__ import annotations

import pytest

from tests.stories.people import AGENT_HZ, CALLER_HZ, hears_other_than
from tests.stories.scene import Scene
from tests.stories.transfers import FIRST, TARGET_HZ, Talk, talking


async def consulting(scene: Scene) -> Talk:
    """Anna speaks to the target, the caller hears music."""
    talk = await talking(scene)
    await talk.puts_through()
    await talk.callee.takes_the_call(FIRST)
    await talk.callee.hears_the_agent()
    await talk.agent_hears_the_target()
    return talk


async def target_holds(talk: Talk) -> None:
    """Anna hears the switch's music."""
    assert await talk.callee.call.offer("sendonly") == 200
    await hears_other_than(talk.anna.call, TARGET_HZ)


async def they_talk(talk: Talk) -> None:
    """Anna and the caller hear each other, and neither hears music."""
    await talk.anna.hears_the_caller()
    await talk.caller.hears_the_agent()


async def are_released(talk: Talk) -> None:
    """The caller hangs up, and everybody is free."""
    await talk.caller.hangs_up()
    await talk.anna.rings_no_more()
    await talk.scene.trails()


@pytest.mark.parametrize("wish", ["swap", "take_back"])
async def test_the_target_holds_and_anna_goes_back_to_the_caller(scene: Scene, wish: str) -> None:
    talk = await consulting(scene)
    await target_holds(talk)
    await talk.wishes(wish)
    await they_talk(talk)
    await are_released(talk)


async def test_the_target_holds_and_hangs_up(scene: Scene) -> None:
    talk = await consulting(scene)
    await target_holds(talk)
    await talk.callee.hangs_up()
    await they_talk(talk)
    await are_released(talk)


async def test_the_target_holds_until_all_three_talk(scene: Scene) -> None:
    """Anna hears the caller at once, though the target's telephone still holds; then the two are alone again."""
    talk = await consulting(scene)
    await target_holds(talk)
    await talk.wishes("conference")
    await talk.caller.hears_something()
    await talk.wishes("take_back")
    await they_talk(talk)
    await are_released(talk)


async def test_annas_telephone_holds_and_she_hands_over(scene: Scene) -> None:
    talk = await consulting(scene)
    assert await talk.anna.call.offer("sendonly") == 200
    await hears_other_than(talk.callee.call, AGENT_HZ)
    await talk.wishes("hand_over")
    await talk.callee.hears_the_caller()
    await talk.caller_hears_the_target()
    await are_released(talk)


async def test_the_caller_is_held_by_his_own_telephone_and_anna_speaks_to_the_target(scene: Scene) -> None:
    """What she heard of the caller's hold is gone."""
    talk = await talking(scene)
    assert await talk.caller.call.offer("sendonly") == 200
    await hears_other_than(talk.anna.call, CALLER_HZ)
    await talk.puts_through()
    await talk.callee.takes_the_call(FIRST)
    await talk.agent_hears_the_target()
    await talk.callee.hears_the_agent()
    assert await talk.caller.call.offer("sendrecv") == 200
    await talk.wishes("take_back")
    await they_talk(talk)
    await are_released(talk)
