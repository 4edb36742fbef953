"""The browser as the agent's phone, on the real switch: it rings, speaks, sends digits, and goes with its page."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.stories.browser_people import BrowserAgent, Browsers, browsers
from tests.stories.people import Caller
from tests.stories.scene import NUMBER, Scene

CALLER = "+491701234567"
ARRIVED = [f"arrived {CALLER} for {NUMBER}", "customer K1 Muster GmbH"]
TALKED = ["agent_left normal", "ended answered, normal", "charged 1 min"]
GONE = ["caller_left", "ended answered, normal", "charged 1 min"]


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browsers]:
    """Chromium."""
    async with browsers() as made:
        yield made


RUNG = [*ARRIVED, "music default", "ringing_agent anna", "183"]


async def at_work(scene: Scene, browser: Browsers) -> tuple[BrowserAgent, Caller]:
    """Anna is ready with her browser, and somebody dials."""
    scene.has_customer(wait={"treatment": "delayed_connect"}, ring_time=20)
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
    return anna, caller


async def talking(scene: Scene, browser: Browsers) -> tuple[BrowserAgent, Caller]:
    """Anna and a caller talk."""
    anna, caller = await at_work(scene, browser)
    await anna.presses("Annehmen")
    await anna.phone_is("talking")
    await caller.is_answered()
    await caller.hears_something()
    await anna.hears_the_caller()
    return anna, caller


async def test_a_call_is_answered_in_the_browser(scene: Scene, browser: Browsers) -> None:
    anna, caller = await at_work(scene, browser)
    await caller.hears_music()
    assert await anna.sees(f"Muster GmbH · {CALLER}")
    await anna.presses("Annehmen")
    await anna.phone_is("talking")
    await caller.is_answered()
    heard = caller.call.heard.packets
    await caller.hears_something()
    await anna.hears_the_caller()
    assert caller.call.heard.packets > heard + 50
    await anna.presses("Auflegen")
    await caller.is_hung_up_on()
    await anna.phone_is("ready")
    assert await scene.trails() == [[*RUNG, "picked_up anna", "200", *TALKED]]


async def test_the_caller_hangs_up_first(scene: Scene, browser: Browsers) -> None:
    anna, caller = await talking(scene, browser)
    await caller.hangs_up()
    await anna.phone_is("ready")
    assert await scene.trails() == [[*RUNG, "picked_up anna", "200", *GONE]]


async def test_the_desks_keys_answer_and_hang_up(scene: Scene, browser: Browsers) -> None:
    anna, caller = await at_work(scene, browser)
    await anna.key("answer")
    await anna.phone_is("talking")
    await caller.is_answered()
    await caller.hears_something()
    await anna.key("hangup")
    await caller.is_hung_up_on()
    await anna.phone_is("ready")
    assert await scene.trails() == [[*RUNG, "picked_up anna", "200", *TALKED]]


async def test_who_is_muted_is_not_heard(scene: Scene, browser: Browsers) -> None:
    anna, caller = await talking(scene, browser)
    await anna.key("mute")
    assert await anna.sees("Mikrofon aus")
    await caller.hears_nothing_for(2.5)
    await anna.presses("Mikrofon aus")
    await caller.hears_something()
    await anna.presses("Auflegen")
    await caller.is_hung_up_on()
    assert await scene.trails() == [[*RUNG, "picked_up anna", "200", *TALKED]]


async def test_hold_where_the_page_says_that_it_is_lawful(scene: Scene, browser: Browsers) -> None:
    anna, caller = await talking(scene, browser)
    assert await anna.sees("Dieses Gespräch darf nicht gehalten werden.")
    await anna.key("hold")
    assert not await anna.sees("– gehalten")
    await anna.may_hold()
    await anna.presses("Halten")
    assert await anna.sees("gehalten")
    await caller.hears_steady_sound()
    await anna.presses("Halten")
    await anna.hears_the_caller()
    await anna.presses("Auflegen")
    await caller.is_hung_up_on()
    assert await scene.trails() == [[*RUNG, "picked_up anna", "200", *TALKED]]


async def test_digits_reach_the_other_side(scene: Scene, browser: Browsers) -> None:
    anna, caller = await talking(scene, browser)
    await anna.visitor.page.locator("#phone-set summary", has_text="Ziffern senden").click()
    for digit in "5#":
        await anna.presses(digit)
    await caller.gets_digits("5#")
    await anna.presses("Auflegen")
    await caller.is_hung_up_on()
    assert await scene.trails() == [[*RUNG, "picked_up anna", "200", *TALKED]]


async def test_a_call_that_is_declined_goes_back_to_its_place(scene: Scene, browser: Browsers) -> None:
    anna, caller = await at_work(scene, browser)
    await anna.presses("Ablehnen")
    await anna.phone_is("ready")
    await anna.phone_is("ringing")
    await anna.presses("Annehmen")
    await caller.is_answered()
    await anna.hears_the_caller()
    await anna.presses("Auflegen")
    await caller.is_hung_up_on()
    again = ["missed anna: busy", "ringing_agent anna", "picked_up anna", "200"]
    assert await scene.trails() == [[*RUNG, *again, *TALKED]]


async def test_with_its_page_the_phone_is_gone(scene: Scene, browser: Browsers) -> None:
    anna, caller = await at_work(scene, browser)
    await anna.leaves()
    await anna.is_reachable(False)
    await scene.waiting(1)
    await caller.hears_music()
    await caller.hangs_up()
    print(await scene.trails())


async def test_a_page_that_is_loaded_anew_goes_on_with_its_call(scene: Scene, browser: Browsers) -> None:
    anna, caller = await talking(scene, browser)
    await anna.loads_anew()
    await anna.phone_is("talking")
    await anna.clicks_somewhere()
    await anna.hears_the_caller()
    await caller.hears_something()
    await anna.presses("Auflegen")
    await caller.is_hung_up_on()
    await anna.phone_is("ready")
    assert await scene.trails() == [[*RUNG, "picked_up anna", "200", *TALKED]]
