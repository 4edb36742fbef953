"""The browser phone is open twice, in one browser or in two: who has it, and what becomes of the talk that is there."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.stories.browser_people import Browsers, browsers
from tests.stories.scene import Scene
from tests.stories.test_browser_phone import GONE, RUNG, TALKED, talking

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
    """The caller is lost to the first one, which stays dead; at the second one Anna is rung and talks."""
    anna, caller = await talking(scene, browser)
    await anna.tries_again_soon()
    second = await browser.another(scene, "anna")
    await second.signs_in()
    await second.phone_is("ready")
    await anna.phone_is("elsewhere")
    await caller.hears_music()
    await second.becomes("ready")
    await second.phone_is("ringing")
    await second.presses("Annehmen")
    await second.hears_the_caller()
    await anna.phone_is("elsewhere")
    await second.presses("Auflegen")
    await caller.is_hung_up_on()
    again = ["ringing_agent anna", "picked_up anna"]
    assert await scene.trails() == [[*RUNG, "picked_up anna", "200", *LOST, *again, *TALKED]]
