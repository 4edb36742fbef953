"""The browser as the agent's phone, on the real switch: it rings, speaks, sends digits, and goes with its page."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.stories.browser_people import Browsers, browsers
from tests.stories.scene import NUMBER, Scene

CALLER = "+491701234567"
ARRIVED = [f"arrived {CALLER} for {NUMBER}", "customer K1 Muster GmbH"]
TALKED = ["agent_left normal", "ended answered, normal", "charged 1 min"]


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browsers]:
    """Chromium."""
    async with browsers() as made:
        yield made


async def test_a_call_is_answered_in_the_browser(scene: Scene, browser: Browsers) -> None:
    scene.has_customer(wait={"treatment": "delayed_connect"})
    anna = await browser.hires(scene, "anna")
    await scene.opens()
    await anna.is_reachable(False)
    await anna.signs_in()
    await anna.phone_is("ready")
    await anna.is_reachable(True)
    await anna.becomes("ready")
    caller = await scene.caller()
    await caller.dials(NUMBER)
    await anna.phone_is("ringing")
    await caller.hears_music()
    await anna.presses("Annehmen")
    await anna.phone_is("talking")
    await caller.is_answered()
    await caller.hears_something()
    await anna.hears_the_caller()
    await anna.presses("Auflegen")
    await caller.is_hung_up_on()
    await anna.phone_is("ready")
    print(await scene.trails())
