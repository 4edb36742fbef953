"""The database is away while an agent is at work: calls go on being shown, and the rest comes back with it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from structlog.testing import capture_logs

from engine.store.database import StoreError
from tests.web.desk_scenes import KORN, AtWork, at_work, hire
from tests.web.desks import an_agent
from tests.web.office import Office

pytestmark = pytest.mark.asyncio(loop_scope="session")
AWAY = "Datenbank nicht erreichbar: "
USUAL = "Bäckerei Korn, mein Name ist Anna Lindner. Was kann ich für Sie tun?"
OWN = "Bäckerei Korn, mein Name ist Anna Lindner, guten Tag."


@contextlib.contextmanager
def without_store(office: Office) -> Iterator[list[Any]]:
    """Whoever asks it is refused, as where its machine is off; what is logged meanwhile."""

    async def refuse(*_: object) -> None:
        raise StoreError("the database cannot be reached")

    with pytest.MonkeyPatch.context() as patch, capture_logs() as logged:
        for lane in office.database._lanes:
            patch.setattr(lane, "read", refuse)
            patch.setattr(lane, "write", refuse)
        yield logged


@pytest_asyncio.fixture(loop_scope="session")
async def anna(office: Office, browser: Browser) -> AsyncIterator[AtWork]:
    """At her desk; Bäckerei Korn has told something."""
    await hire(office)
    await office.set("K1001", KORN)
    async with at_work(office, browser) as anna:
        office.desks.line_is(1)
        await expect(anna.part("line").locator("dd").first).to_have_text("1")  # by the stream, which has looked at all
        yield anna


async def test_a_call_that_comes_meanwhile_is_shown_with_what_the_engine_knows(anna: AtWork, office: Office) -> None:
    call, state = anna.part("call"), anna.part("state").locator(".big")
    with without_store(office) as logged:
        anna.rings()
        await expect(call).to_contain_text(AWAY + "Begrüßung, Anweisungen und Ansprechpartner fehlen")
        await expect(call.locator("#customer")).to_have_text("Bäckerei Korn K1001")
        await expect(call.locator(".greeting")).to_have_text(USUAL)
        await expect(anna.page).to_have_title("☎ Anruf für Bäckerei Korn von +49 30 23125081")
        await expect(state).to_have_text("es klingelt")
        anna.picks_up()
        await expect(state).to_have_text("im Gespräch")
        await expect(call.locator(".timer")).to_contain_text("Gespräch seit")
        office.desks.line_is(3)
        await expect(anna.part("line")).to_contain_text("3")
        await expect(anna.page.locator("#lost")).to_be_hidden()
    assert [entry["event"] for entry in logged if entry["event"].startswith("desk")] == ["desk_without_store"]
    await expect(call.locator(".greeting")).to_have_text(OWN)
    await expect(call).not_to_contain_text(AWAY)
    await expect(anna.note.locator(".about")).to_contain_text("Bäckerei Korn")
    await expect(anna.note.locator("[name=text]")).to_be_enabled()


async def test_what_is_on_the_desk_already_stays_there(anna: AtWork, office: Office) -> None:
    call = anna.part("call")
    anna.rings()
    await expect(call.locator(".greeting")).to_have_text(OWN)
    await expect(anna.note.locator(".about")).to_contain_text("Bäckerei Korn")
    with without_store(office):
        anna.picks_up()
        await expect(call).to_contain_text(AWAY + "Was Sie sehen, kann veraltet sein")
        await expect(call.locator(".greeting")).to_have_text(OWN)
        await expect(call.locator(".timer")).to_contain_text("Gespräch seit")
        anna.ends(wrap_up=60)
        await expect(call.locator(".timer")).to_contain_text("beendet um")
    await expect(call).not_to_contain_text(AWAY)


async def test_without_a_call_the_desk_says_nothing_of_it(anna: AtWork, office: Office) -> None:
    with without_store(office):
        office.desks.line_is(2)
        office.desks.works(an_agent("anna", "Anna Lindner", reachable=False))
        await expect(anna.part("state")).to_contain_text("nicht verbunden")
        await expect(anna.part("call")).to_have_text("")
