"""News from support: written on one page, on every idle desk within a second, and who wrote it is on record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from engine.accounts import Role
from engine.service.customers import ZONE
from engine.service.newsroom import NoRight
from tests.web.asking import Asker, asking, mistakes
from tests.web.desk_scenes import at_work, hire
from tests.web.office import Office

pytestmark = pytest.mark.asyncio(loop_scope="session")
NEWS = "Heute bis 14 Uhr vertritt Jonas die Kanzlei Lot."


async def shown(office: Office) -> list[str]:
    """What desks show."""
    return [one.text for one in office.app.state.web.news.shown]


async def test_news_are_on_idle_desks_within_a_second_and_gone_as_soon(
    office: Office, browser: Browser, ines: Asker
) -> None:
    await hire(office)
    async with at_work(office, browser) as anna:
        await expect(anna.part("team").locator("li")).to_have_count(1)
        assert (await ines.sends("/support/news", text=NEWS))[0] == 303
        await expect(anna.part("news").locator("li")).to_contain_text(NEWS, timeout=1_000)
        assert await anna.visitor.violations() == []
        assert (await ines.sends("/support/news/1/remove"))[0] == 303
        await expect(anna.part("news").locator("li")).to_have_count(0, timeout=1_000)


async def test_who_wrote_and_took_away_what_is_on_record(office: Office, ines: Asker) -> None:
    await ines.sends("/support/news", text="  Neue \t Telefone ")
    _, _, page = await ines.gets("/support/news")
    assert "<strong>Neue Telefone</strong>" in page and "ines" in page and "bis jemand sie entfernt" in page
    await ines.sends("/support/news/1/remove")
    await ines.sends("/support/news/1/remove")
    await office.sign_up("rita", "Rita Winter", Role.ADMIN)
    async with asking(office, "rita") as rita:
        _, _, log = await rita.gets("/admin/log")
    assert log.count("Neue Telefone") == 2 and "Neuigkeiten für die Telefonmasken" in log


async def test_what_is_over_is_gone_and_makes_room(office: Office, ines: Asker) -> None:
    soon = (office.clock.now() + timedelta(minutes=2)).astimezone(ZONE)
    for n in range(5):
        until = f"{soon:%Y-%m-%dT%H:%M}" if n == 0 else ""
        assert (await ines.sends("/support/news", text=f"Nummer {n}", until=until))[0] == 303
    status, _, page = await ines.sends("/support/news", text="Nummer 5")
    assert (status, page.count("Es gibt schon 5.")) == (422, 1)
    assert await shown(office) == [f"Nummer {n}" for n in (4, 3, 2, 1, 0)]
    news, now = office.app.state.web.news, office.clock.now()
    news._now = lambda: now + timedelta(minutes=3)
    assert await shown(office) == [f"Nummer {n}" for n in (4, 3, 2, 1)]
    assert (await ines.sends("/support/news", text="Nummer 5"))[0] == 303
    assert await shown(office) == [f"Nummer {n}" for n in (5, 4, 3, 2, 1)]


async def test_signs_that_turn_a_text_around_are_taken_out(office: Office, ines: Asker) -> None:
    signs = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
    assert (await ines.sends("/support/news", text=f"Lot {signs}zahlt{signs} heute"))[0] == 303
    assert await shown(office) == ["Lot zahlt heute"]


async def test_what_cannot_be_shown_is_said_at_its_field(office: Office, ines: Asker) -> None:
    for fields, said in (
        ({"text": ""}, "Neuigkeit: Bitte ausfüllen."),
        ({"text": "x" * 201}, "Neuigkeit: Bitte schreiben Sie höchstens 200 Zeichen."),
        ({"text": "x", "until": "2026-01-01T08:00"}, "Anzeigen bis: Das ist schon vorbei:"),
    ):
        status, _, page = await ines.sends("/support/news", **fields)
        assert status == 422
        (mistake,) = mistakes(page)
        assert mistake.startswith(said)
    assert await shown(office) == []


async def test_only_support_and_administrators_write_news(office: Office, petra: Asker) -> None:
    await hire(office)
    async with asking(office, "anna") as anna:
        for one in (petra, anna):
            assert (await one.sends("/support/news", text="x"))[0] == 403
            assert (await one.gets("/support/news"))[0] == 403
    user = await office.accounts.user_of("anna")
    assert user
    with pytest.raises(NoRight):
        await office.app.state.web.news.write("x", None, user.identity())
