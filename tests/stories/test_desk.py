"""An agent's call at the desk: beside a SIP phone, on the real switch, from the music to the next caller (SPEC, Desk).

Rule of this file: a real browser at the desk of a real engine; what it shows is waited for. How long a ring took to the
screen is printed and judged by the bench alone: here others work on the machine.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.stories.browser_people import browsers
from tests.stories.installation import Installation, installed
from tests.stories.painting import is_painted, watch
from tests.stories.people import Agent, Caller
from tests.stories.scene import NUMBER, Scene, story
from tests.stories.test_first_day import chooses_a_password
from tests.web.browsing import Visitor, chromium, visiting

LINE = "+493099887700"
ARRIVED = ["arrived +491701234567 for +4930123450", "customer K1 Muster GmbH", "music default", "183"]
TALKED = ["ringing_agent dora", "picked_up dora", "200", "caller_left", "ended answered, normal", "charged 1 min"]
EVA = {"name": "Eva Muster", "notify": {"mail": ["eva@muster.example"]}}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation whose wrap-up lasts until the agent ends it: no state is over before the desk was read."""
    with installed(tmp_path_factory.mktemp("vz"), WRAP_UP="600") as made:
        yield made


@pytest_asyncio.fixture
async def scene(house: Installation) -> AsyncIterator[Scene]:
    """A story at that installation."""
    async with story(house) as scene:
        yield scene


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    async with chromium() as browser:
        yield browser


async def sits_down(scene: Scene, visitor: Visitor, login: str) -> None:
    """The agent's user is made on the command line, and signs in."""
    who = ("--name", login.title(), "--role", "agent", "--agent", login)
    code, said, _ = await scene.installation.vorzimmer("user", "add", f"desk-{login}", *who)
    assert code == 0
    await chooses_a_password(visitor, said.splitlines()[1])
    await visitor.page.wait_for_url("**/desk")
    await expect(visitor.page.locator("[data-part=state] .big")).to_have_text("abgemeldet")


async def state(visitor: Visitor, word: str) -> None:
    """What the desk says of the agent."""
    await expect(visitor.page.locator("[data-part=state] .big")).to_have_text(word)


async def tells_when_it_was_painted(page: Page, invite: float | None = None) -> None:
    """In the test's output. `invite`: when the phone had it, where that is not the page itself."""
    seen = await is_painted(page)
    print(f"\nINVITE → greeting painted: {seen.painted - (invite or seen.invite):.0f} ms")


async def waits(scene: Scene) -> Caller:
    """Somebody calls, and hears music."""
    caller = await scene.caller()
    await caller.dials(NUMBER, headers={"Diversion": f"<sip:{LINE}@carrier.example>;reason=unconditional"})
    await caller.hears_music()
    return caller


async def talks(desk: Visitor, caller: Caller, dora: Agent) -> None:
    """The phone rings, the desk says what to say, and the two hear each other."""
    page = desk.page
    await expect(page.locator(".greeting")).to_have_text("Muster GmbH, mein Name ist Dora, guten Tag.")
    await state(desk, "es klingelt")
    await expect(page.locator(".band dd")).to_have_text(["+49 170 1234567", "+49 30 99887700"])
    await dora.takes_the_call()
    await state(desk, "im Gespräch")
    await caller.hears_the_agent()
    await dora.hears_the_caller()


async def writes_the_message(desk: Visitor) -> None:
    """For Eva, of a caller who wants to be called back."""
    await desk.page.click("[data-for='Eva Muster']")
    await desk.fills(caller_name="Jan Krüger", text="Bitte zurückrufen.")


async def test_a_caller_who_waits_is_answered_from_the_desk_and_the_message_is_kept(
    scene: Scene, browser: Browser
) -> None:
    greeting = "Muster GmbH, mein Name ist {agent}, guten Tag."
    wait = {"treatment": "delayed_connect"}
    scene.has_customer(lines=[LINE], wait=wait, greeting=greeting, contacts=[EVA])
    dora = await scene.hires("dora")
    await scene.opens()
    url = f"http://127.0.0.1:{scene.installation.settings['WEB_PORT']}"
    async with visiting(browser, url) as desk:
        await watch(desk.page)
        await sits_down(scene, desk, "dora")
        caller = await waits(scene)
        await expect(desk.page.locator("[data-part=line] dd").first).to_have_text("1")
        await desk.page.keyboard.press("b")
        await talks(desk, caller, dora)
        await tells_when_it_was_painted(desk.page, dora.call.facts[0].at.timestamp() * 1000)

        await writes_the_message(desk)
        await caller.hangs_up()
        await dora.rings_no_more()
        await state(desk, "Nachbearbeitung")
        await desk.page.keyboard.press("Control+Enter")
        await expect(desk.page.locator("#message [data-told] p")).to_have_text("Gespeichert")
        await expect(desk.page.locator("[data-part=calls] .how")).to_have_text("Nachricht")
        await desk.page.keyboard.press("w")
        await state(desk, "bereit")
        await expect(desk.page.locator(".idle .big")).to_have_text("Gerade kein Anruf")
        await dora.becomes("offline")
        await state(desk, "abgemeldet")
    assert await scene.trails() == [[*ARRIVED, *TALKED]]


async def test_the_browser_is_desk_and_telephone_in_one(scene: Scene) -> None:
    greeting = "Muster GmbH, mein Name ist {agent}, guten Tag."
    wait = {"treatment": "delayed_connect"}
    scene.has_customer(lines=[LINE], wait=wait, greeting=greeting, contacts=[EVA])
    async with browsers() as browser:
        clara = await browser.hires(scene, "clara")
        clara.at = "/desk"
        await watch(clara.visitor.page)
        await scene.opens()
        await clara.signs_in()
        await clara.phone_is("ready")
        await clara.is_reachable(True)
        caller, desk = await waits(scene), clara.visitor
        await desk.page.keyboard.press("b")
        await clara.phone_is("ringing")
        await expect(desk.page.locator(".greeting")).to_have_text("Muster GmbH, mein Name ist Clara, guten Tag.")
        await tells_when_it_was_painted(desk.page)
        await desk.page.keyboard.press("a")
        await clara.phone_is("talking")
        await state(desk, "im Gespräch")
        await caller.is_answered()
        await caller.hears_something()
        await clara.hears_the_caller()
        await expect(desk.page.locator("#phone-set [data-phone=hold]")).to_be_visible()

        await writes_the_message(desk)
        for key in ("Escape", "h"):
            await desk.page.keyboard.press(key)
        await caller.is_hung_up_on()
        await state(desk, "Nachbearbeitung")
        await desk.page.keyboard.press("Control+Enter")
        await expect(desk.page.locator("#message [data-told] p")).to_have_text("Gespeichert")
        await desk.page.keyboard.press("w")
        await state(desk, "bereit")
        await clara.phone_is("ready")
        await clara.becomes("offline")
        await state(desk, "abgemeldet")
    taken = ["ringing_agent clara", "picked_up clara", "200", "agent_left normal", "ended answered, normal"]
    assert await scene.trails() == [[*ARRIVED, *taken, "charged 1 min"]]
