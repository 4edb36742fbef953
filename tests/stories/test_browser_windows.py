"""The browser phone is open twice, in one browser or in two: who has it, and what becomes of the talk that is there."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest_asyncio

from tests.stories.browser_people import Browsers, browsers
from tests.stories.scene import Scene
from tests.stories.test_browser_phone import GONE, RUNG, TALKED, talking

LONGEST = 4.0
"""Seconds for a talk to be fetched; there were eight of silence, then music, and a ring."""
LOST = ["agent_lost anna", "music default"]


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browsers]:
    """Chromium."""
    async with browsers() as made:
        yield made


async def test_a_page_is_loaded_anew_beside_a_second_tab(scene: Scene, browser: Browsers) -> None:
    """The tab that waits lets the talk have its page back, again and again; it is the phone when that one is closed."""
    anna, caller = await talking(scene, browser)
    tab = await anna.opens_another_tab()
    await tab.phone_is("waiting")
    for _ in range(2):
        await anna.loads_anew()
        await anna.phone_is("talking")
        await caller.hears_something()
        await tab.phone_is("waiting")
    await anna.leaves()
    await caller.hears_music()
    await tab.phone_is("ready")
    await caller.hangs_up()
    tab.visitor.is_clean()
    assert await scene.trails() == [[*RUNG, "picked_up anna", "200", *LOST, *GONE]]


async def test_the_phone_is_opened_in_a_second_browser_during_a_talk(scene: Scene, browser: Browsers) -> None:
    """The talk stays where it is until Anna fetches it; the first browser stays dead then, and the second can fetch."""
    anna, caller = await talking(scene, browser)
    await anna.tries_again_soon()
    second = await browser.another(scene, "anna")
    await second.signs_in()
    await second.phone_is("busy")
    await anna.hears_the_caller()
    await caller.hears_something()
    began = time.monotonic()
    await second.presses("Gespräch hierher holen")
    await second.phone_is("talking")
    took = time.monotonic() - began
    await second.hears_the_caller()
    await caller.hears_something()
    print(f"fetched within {took:.2f} s")
    assert took < LONGEST
    await anna.phone_is("elsewhere")
    await second.presses("Auflegen")
    await caller.is_hung_up_on()
    assert await scene.trails() == [[*RUNG, "picked_up anna", "200", *TALKED]]


async def test_after_the_engines_death_another_browsers_phone_is_quicker_than_the_talks(
    scene: Scene, browser: Browsers
) -> None:
    """Anna's first browser is without the network for a moment: it goes on with the talk, and the other one lets it."""
    anna, caller = await talking(scene, browser)
    scene.complains_of.add("engine_died")
    second = await browser.another(scene, "anna")
    await second.signs_in()
    await second.phone_is("busy")
    await second.visitor.opens("/account")
    for one in (anna, second):
        one.visitor.expects("WebSocket connection to ", "Failed to load resource")
    await anna.tries_again_soon()
    await anna.visitor.page.context.set_offline(True)
    await scene.installation.dies()
    await second.visitor.opens("/desk/phone")
    await second.phone_is("ready")
    await anna.visitor.page.context.set_offline(False)
    await second.phone_is("busy")
    await anna.hears_the_caller()
    await caller.hears_something()
    await anna.presses("Auflegen")
    await caller.is_hung_up_on()
    assert await scene.trails() == [[*RUNG, "picked_up anna", "200", "taken_over talking", *TALKED]]
