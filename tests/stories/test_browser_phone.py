"""The browser as the agent's phone, on the real switch: it rings, speaks, sends digits, and goes with its page."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator

import pytest_asyncio

from tests.stories.browser_people import BrowserAgent, Browsers, browsers
from tests.stories.installation import eventually
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


async def at_work(scene: Scene, browser: Browsers, ring_time: int = 20) -> tuple[BrowserAgent, Caller]:
    """Anna is ready with her browser, and somebody dials."""
    scene.has_customer(wait={"treatment": "delayed_connect"}, ring_time=ring_time)
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


async def test_the_headsets_keys(scene: Scene, browser: Browsers) -> None:
    """One with a single key, then those of their own."""
    anna, caller = await at_work(scene, browser)
    await anna.headset("play")
    await anna.phone_is("talking")
    await caller.is_answered()
    await anna.headset("togglemicrophone")
    await anna.is_shown("muted")
    await anna.headset("togglemicrophone")
    await anna.is_shown("muted", False)
    await anna.headset("hangup")
    await caller.is_hung_up_on()
    await anna.phone_is("ready")
    assert await scene.trails() == [[*RUNG, "picked_up anna", "200", *TALKED]]


async def test_who_declines_again_and_again_is_paused_and_told_why(scene: Scene, browser: Browsers) -> None:
    anna, caller = await at_work(scene, browser)
    for _ in range(2):
        await anna.presses("Ablehnen")
        await anna.phone_is("ready")
        await anna.phone_is("ringing")
    await anna.presses("Ablehnen")
    await anna.phone_is("ready")
    await anna.visitor.opens("/desk")
    await anna.visitor.page.get_by_text("in der Pause: Anrufe nicht angenommen").first.wait_for()
    await caller.hangs_up()
    again = ["missed anna: busy", "ringing_agent anna"]
    gone = ["missed anna: busy", "caller_left", "ended abandoned, normal", "charged 0 min"]
    assert await scene.trails() == [[*RUNG, *again, *again, *gone]]


async def test_who_is_muted_is_not_heard(scene: Scene, browser: Browsers) -> None:
    anna, caller = await talking(scene, browser)
    await anna.key("mute")
    await anna.is_shown("muted")
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
    await anna.is_shown("held", False)
    await anna.may_hold()
    await anna.presses("Halten")
    await anna.is_shown("held")
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


async def test_with_its_page_the_ring_is_gone(scene: Scene, browser: Browsers) -> None:
    """Long before the ring time of a minute is over."""
    anna, caller = await at_work(scene, browser, ring_time=60)
    ben = await scene.hires("ben")
    await scene.opens(ben)
    await anna.leaves()
    await anna.is_reachable(False, within=1.5)
    await ben.takes_the_call()
    await caller.hears_the_agent()
    await ben.hangs_up()
    await caller.is_hung_up_on()
    missed = ["missed anna: subscriber_absent", "ringing_agent ben", "picked_up ben", "200"]
    assert await scene.trails() == [[*RUNG, *missed, *TALKED]]


async def test_a_page_that_is_loaded_anew_while_it_rings_gives_the_ring_away(scene: Scene, browser: Browsers) -> None:
    anna, caller = await at_work(scene, browser, ring_time=60)
    await anna.loads_anew()
    await anna.phone_is("ringing")  # as soon as it is back
    await anna.presses("Annehmen")
    await anna.hears_the_caller()
    await anna.presses("Auflegen")
    await caller.is_hung_up_on()
    again = ["missed anna: subscriber_absent", "ringing_agent anna", "picked_up anna", "200"]
    assert await scene.trails() == [[*RUNG, *again, *TALKED]]


async def test_with_its_page_the_talk_is_over_and_the_caller_is_served_again(scene: Scene, browser: Browsers) -> None:
    anna, caller = await talking(scene, browser)
    await anna.leaves()
    await caller.hears_music()
    await caller.hangs_up()
    lost = ["agent_lost anna", "music default", "caller_left", "ended answered, normal", "charged 1 min"]
    assert await scene.trails() == [[*RUNG, "picked_up anna", "200", *lost]]
    [record] = await scene.records()
    tally, [talk] = await scene.installation.day_of("anna", record.arrived_at)
    assert (tally.taken, tally.talked_ms, talk.how) == (1, record.talked_ms, "phone_lost")
    assert record.lost_again


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


async def test_a_page_is_loaded_anew_twice_and_stays_muted(scene: Scene, browser: Browsers) -> None:
    anna, caller = await talking(scene, browser)
    await anna.loads_anew()
    await anna.phone_is("talking")
    await caller.hears_something()
    await anna.key("mute")
    await anna.loads_anew()
    await anna.phone_is("talking")
    await anna.is_shown("muted")
    await caller.hears_nothing_for(2.5)
    await anna.key("mute")
    await caller.hears_something()
    await caller.hangs_up()
    await anna.phone_is("ready")
    await anna.loads_anew()
    await anna.phone_is("ready")
    assert await scene.trails() == [[*RUNG, "picked_up anna", "200", *GONE]]


async def test_the_engine_is_killed_in_the_middle_of_a_talk(scene: Scene, browser: Browsers) -> None:
    anna, caller = await talking(scene, browser)
    anna.visitor.expects("WebSocket connection to ")
    scene.complains_of.add("engine_died")
    old = scene.installation.engine
    os.kill(old, signal.SIGKILL)
    await eventually(scene.installation.is_ready, "the next engine serves")
    await anna.is_reachable(True)
    await anna.hears_the_caller()
    await caller.hears_something()
    await caller.hangs_up()
    await anna.phone_is("ready")
    assert await scene.trails() == [[*RUNG, "picked_up anna", "200", "taken_over talking", *GONE]]


async def test_without_a_password_a_browser_is_nobody(scene: Scene, browser: Browsers) -> None:
    """Neither the trunk that is known by 127.0.0.1, nor another agent."""
    anna = await browser.hires(scene, "anna")
    scene.employs("ben", phone={"kind": "browser"})
    await scene.opens()
    await anna.signs_in()
    await anna.phone_is("ready")
    for user, method in (("carrier", "INVITE"), ("+491701234567", "INVITE"), ("ben", "INVITE"), ("ben", "REGISTER")):
        assert await anna.sends(request(method, user)) == "401", (method, user)
    await anna.phone_is("elsewhere")
    await anna.is_reachable(False)
    await anna.presses("Telefon einschalten")
    await anna.phone_is("ready")
    await anna.is_reachable(True)


def request(method: str, user: str) -> str:
    """What a page of somebody's own making might send."""
    lines = [
        f"{method} sip:{NUMBER}@127.0.0.1 SIP/2.0",
        f"Via: SIP/2.0/WS x.invalid;branch=z9hG4bK{method}{user.strip('+')}",
        "Max-Forwards: 70",
        f"From: <sip:{user}@vorzimmer.invalid>;tag=1",
        f"To: <sip:{user if method == 'REGISTER' else NUMBER}@127.0.0.1>",
        f"Call-ID: {method}{user.strip('+')}",
        f"CSeq: 1 {method}",
        f"Contact: <sip:{user}@x.invalid;transport=ws>",
        "Content-Length: 0",
    ]
    return "\r\n".join(lines) + "\r\n\r\n"
