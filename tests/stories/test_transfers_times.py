"""How long a target may ring, and what counts as talked to the caller, on the real switch (§5.2.4)."""

from __future__ import annotations

import time

import pytest

from tests.stories.installation import eventually
from tests.stories.scene import Scene, at
from tests.stories.transfers import FIRST, KORN, SECOND, talking

SEARCHED = 5.5
"""Seconds until the phone rings: longer than it may ring."""


async def test_a_mobile_phone_that_the_carrier_has_to_search_for_rings_as_long_as_any(scene: Scene) -> None:
    talk = await talking(scene, KORN)
    await talk.puts_through()
    await talk.callee.is_called(FIRST)
    called = time.monotonic()

    async def look() -> bool:
        assert not talk.callee.call.ended, talk.callee.call.history()
        return time.monotonic() > called + SEARCHED

    await eventually(look, "the carrier has found the phone")
    await talk.callee.call.alert()
    rings = time.monotonic()
    await talk.callee.rings_no_more()
    assert 4.5 < time.monotonic() - rings < 6.0
    await talk.callee.is_rung(SECOND)
    await talk.wishes("take_back")
    await talk.callee.rings_no_more()
    await talk.caller.hears_the_agent()
    await talk.caller.hangs_up()
    assert await talk.tried() == [(FIRST, "no_answer"), (SECOND, "stopped")]
    await talk.scene.trails()


async def test_after_a_conference_the_callers_music_is_no_talk(scene: Scene) -> None:
    talk = await talking(scene)
    await talk.puts_through()
    await talk.callee.takes_the_call(FIRST)
    await talk.callee.hears_the_agent()
    await talk.wishes("conference")
    await talk.caller.hears_something()
    await talk.wishes("swap")
    await talk.caller.hears_music()
    await talk.callee.hears_the_agent()
    await talk.wishes("hand_over")
    await talk.callee.hears_the_caller()
    await talk.callee.hangs_up()
    await talk.caller.is_hung_up_on()
    [(record, trail)] = await talk.scene.calls()
    conference, swapped, joined, left = (at(trail, what) for what in ("conference", "swapped", "joined", "target_left"))
    heard = (swapped - conference) + (left - joined)
    assert record.transferred_ms == pytest.approx(heard.total_seconds() * 1000, abs=50)
    await talk.scene.trails()
