"""A supervisor whose telephone is the browser listens in, on the real switch, and closes the page without a word.

Rule of this file: with the page the listening is gone long before the switch gives up the silent phone (60 s).
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from engine.terms import AgentState
from engine.web.absent import GRACE
from pbx.decode import RTP_TIMEOUT
from tests.stories.browser_people import Browsers, browsers
from tests.stories.installation import LIMIT, Installation, eventually
from tests.stories.scene import NUMBER, Scene, story


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browsers]:
    """Chromium."""
    async with browsers() as made:
        yield made


@pytest_asyncio.fixture
async def scene(listening_house: Installation) -> AsyncIterator[Scene]:
    """A story at an installation in which supervisors may listen in."""
    async with story(listening_house) as scene:
        yield scene


@pytest.mark.timeout(180)
async def test_with_the_supervisors_page_the_listening_is_over(scene: Scene, browser: Browsers) -> None:
    scene.has_customer(listening_in=True)
    anna, sarah = await scene.hires("anna"), await browser.hires(scene, "sarah")
    await scene.opens(anna)
    await sarah.becomes("pause")
    await sarah.signs_in()
    await sarah.phone_is("ready")
    await sarah.is_reachable(True)
    caller = await scene.caller()
    await caller.dials(NUMBER)
    await anna.takes_the_call()
    await caller.hears_the_agent()
    await scene.installation.ask("PUT", "/listening/sarah", {"agent": "anna"})
    await sarah.phone_is("ringing")
    await sarah.presses("Annehmen")
    await sarah.phone_is("talking")

    async def is_heard() -> bool:
        return any(one["since"] for one in await scene.installation.ask("GET", "/listening"))

    async def nobody_listens() -> bool:
        return not await scene.installation.ask("GET", "/listening")

    await eventually(is_heard, "Sarah hears both")
    await sarah.leaves()
    within = GRACE[AgentState.TALKING] + LIMIT
    assert within < RTP_TIMEOUT / 2
    await eventually(nobody_listens, "nobody listens any more", within)
    await caller.hears_the_agent()
    await anna.hears_the_caller()
    await caller.hangs_up()
    (trail,) = await scene.trails()
    told = [word for word in trail if word.startswith("listening")]
    ordered = "listening_ordered sarah to anna, ordered by command line"
    assert told == [ordered, "listening_announced", "listening_began sarah", "listening_over sarah, stopped"]
