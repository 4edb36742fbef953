"""One agent with the desk in two windows: what is typed in one is read in the other, and who types is left in peace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, Route, expect

from engine.web.session import SESSION
from tests.web.desk_scenes import KORN, AtWork, at_work, hire
from tests.web.office import Office
from tests.web.test_desk_live import Listener, token_of

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass
class Windows:
    """The two of them, in the same browser."""

    anna: AtWork
    other: Page

    def here(self, what: str) -> Locator:
        """A field of the form in the first."""
        return self.anna.note.locator(what)

    def there(self, what: str) -> Locator:
        """A field of the form in the other."""
        return self.other.locator(f"#message {what}")


@pytest_asyncio.fixture(loop_scope="session")
async def windows(office: Office, browser: Browser) -> AsyncIterator[Windows]:
    """In conversation; both windows show its form."""
    await hire(office)
    await office.set("K1001", KORN)
    async with at_work(office, browser) as anna:
        other = await anna.page.context.new_page()
        await other.goto(f"{office.url}/desk")
        anna.talks()
        for form in (anna.note, other.locator("#message")):
            await expect(form.locator(".about")).to_contain_text("Bäckerei Korn")
        yield Windows(anna, other)


async def test_what_is_typed_in_one_window_is_read_in_the_other(windows: Windows) -> None:
    await windows.other.evaluate("window.isTheSamePage = true")
    await windows.here("[name=contact]").select_option("Max Korn")
    await windows.here("[name=text]").fill("Zwei Brote.\nFür morgen.")
    await windows.here("[value=call_back]").check()
    await expect(windows.there("[name=text]")).to_have_value("Zwei Brote.\nFür morgen.")
    await expect(windows.there("[name=contact]")).to_have_value("Max Korn")
    await expect(windows.there("[value=call_back]")).to_be_checked()
    await expect(windows.there("[value=appointment]")).not_to_be_checked()

    await windows.there("[name=subject]").fill("Bestellung")
    await windows.there("[value=call_back]").uncheck()
    await expect(windows.here("[name=subject]")).to_have_value("Bestellung")
    await expect(windows.here("[value=call_back]")).not_to_be_checked()
    await expect(windows.here("[name=text]")).to_have_value("Zwei Brote.\nFür morgen.")
    assert await windows.other.evaluate("window.isTheSamePage"), "without a reload"


async def test_the_keyboard_stays_where_it_is(windows: Windows) -> None:
    await windows.there("[name=subject]").focus()
    await windows.here("[name=text]").fill("Zwei Brote.")
    await expect(windows.there("[name=text]")).to_have_value("Zwei Brote.")
    await expect(windows.there("[name=subject]")).to_be_focused()


async def test_what_is_not_kept_yet_is_not_written_over(windows: Windows) -> None:
    asked: list[str] = []
    windows.other.on("request", lambda request: asked.append(request.url))

    async def fails(route: Route) -> None:
        await route.abort()

    await windows.other.route("**/draft", fails)
    await windows.there("[name=text]").fill("Drei Brote.")
    await expect(windows.there("[data-kept]")).to_have_text("Entwurf noch nicht gesichert")
    await windows.here("[name=text]").fill("Zwei Brote.")
    await expect(windows.here("[data-kept]")).to_have_text("Entwurf gesichert")
    await windows.anna.presses("Escape", "p")
    await expect(windows.other.locator("[data-part=state] .after")).to_contain_text("nach dem Anruf")
    assert [one for one in asked if one.endswith("/form")] == [], "nothing is fetched that could be written over it"
    await expect(windows.there("[name=text]")).to_have_value("Drei Brote.")


async def test_what_was_saved_in_one_window_is_gone_from_the_other_and_comes_back_with_it(windows: Windows) -> None:
    await windows.here("[name=text]").fill("Zwei Brote.")
    await expect(windows.there("[name=text]")).to_have_value("Zwei Brote.")
    await windows.anna.presses("Control+Enter")
    await expect(windows.here("[data-told] p")).to_have_text("Gespeichert")
    await expect(windows.there("[name=text]")).to_have_value("")
    await expect(windows.there("[name=number]")).to_have_value("+493023125081")
    await windows.anna.presses("u")
    await expect(windows.here("[name=text]")).to_have_value("Zwei Brote.")
    await expect(windows.there("[name=text]")).to_have_value("Zwei Brote.")
    windows.anna.ends()
    await windows.anna.had("vz-1")
    await windows.anna.presses("Control+Enter")
    await expect(windows.here("[data-told] p")).to_have_text("Gespeichert")
    windows.anna.rings("vz-2", caller="+491713920013")
    await expect(windows.there("[name=number]")).to_have_value("+491713920013")


async def test_who_rings_before_the_other_window_knows_what_was_saved_has_the_form_there_too(windows: Windows) -> None:
    await windows.here("[name=text]").fill("Zwei Brote.")
    await expect(windows.there("[name=text]")).to_have_value("Zwei Brote.")
    rung = asyncio.Event()

    async def late(route: Route) -> None:
        await rung.wait()
        await route.continue_()

    await windows.other.route("**/desk/calls/vz-1/form", late)
    windows.anna.ends()
    await windows.anna.had("vz-1")
    async with windows.other.expect_request("**/desk/calls/vz-1/form"):
        await windows.anna.presses("Control+Enter")
    windows.anna.rings("vz-2", caller="+491713920013")
    await expect(windows.other.locator("[data-part=call]")).to_contain_text("+49 171 3920013")
    rung.set()
    await expect(windows.there("[name=number]")).to_have_value("+491713920013")


async def test_the_stream_tells_that_there_is_another_draft_and_nothing_of_it(office: Office) -> None:
    await hire(office)
    AtWork(visitor=None, office=office).talks()  # type: ignore[arg-type]
    token = await token_of(office, "anna")
    listener = Listener(office, token)
    reading = listener.reads()
    async with asyncio.timeout(5), aiohttp.ClientSession(cookies={SESSION: token}) as typing:
        _, first = await anext(reading)
        where, headers = f"{office.url}/desk/calls/vz-1/draft", {"Sec-Fetch-Site": "same-origin"}
        async with typing.put(where, data={"text": "Zwei Brote."}, headers=headers) as answer:
            edition = answer.headers["Draft-Edition"]
        _, told = await anext(reading)
    assert (told["parts"], told["draft"]) == ({}, edition)
    assert first["draft"] != edition
    assert "Brote" not in listener.text
