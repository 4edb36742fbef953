"""A caller comes back from a telephone that was lost: what the second agent sees of the first one's talk and draft."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from engine.ports.handover import EarlierTalk
from engine.terms import AgentId
from tests.web.desk_scenes import KORN, at_work, hire
from tests.web.office import Office

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_jonas_takes_over_annas_draft_and_later_closes_his_part(office: Office, browser: Browser) -> None:
    await hire(office)
    await hire(office, "jonas", "Jonas Petersen")
    await office.set("K1001", KORN)
    begun = office.clock.now() - timedelta(seconds=151)
    before = EarlierTalk(AgentId("anna"), "Anna Lindner", begun, office.clock.now(), "phone_lost")
    async with at_work(office, browser) as anna, at_work(office, browser, "jonas") as jonas:
        anna.talks()
        await anna.visitor.fills(caller_name="Jan Albers", text="Die Torte")
        await expect(anna.note.locator("[data-kept]")).to_have_text("Entwurf gesichert", timeout=1_500)
        anna.ends()
        jonas.rings(before=(before,))
        told = jonas.part("before")
        await expect(told).to_contain_text("Anna Lindner")
        await expect(told).to_contain_text("2:31 min: die Verbindung zum Telefon ist abgerissen")
        await expect(told).to_contain_text("Jan Albers – Die Torte")
        jonas.picks_up()
        await anna.visitor.fills(text="Die Torte wird")
        await expect(told).to_contain_text("Jan Albers – Die Torte wird")
        await jonas.page.fill("[name=subject]", "Abholung")
        await jonas.presses("Escape", "t")
        await expect(jonas.note.locator("[name=text]")).to_have_value("Die Torte wird")
        await expect(jonas.note.locator("[name=caller_name]")).to_have_value("Jan Albers")
        await expect(jonas.note.locator("[name=subject]")).to_have_value("Abholung")
        assert await jonas.visitor.violations() == []
        await anna.page.focus("[name=text]")
        await anna.presses("Control+Enter")
        await expect(told).to_contain_text("eine Nachricht gespeichert")
        await expect(told.locator("[data-act=take_over]")).to_have_count(0)
        await expect(anna.part("before").locator("section")).to_have_count(0)
        await told.get_by_text("schon aufgenommen").click()
        await expect(jonas.note.locator("[data-told]")).to_have_text("Abgeschlossen ohne Nachricht: schon aufgenommen")
        jonas.ends()
        await expect(jonas.part("calls").locator(".how")).to_have_text("schon aufgenommen")
        await expect(anna.part("calls").locator(".how")).to_have_text("Nachricht")
        await expect(told.locator("section")).to_have_count(0)
        assert [slip.text for slip in await anna.slips()] == ["Die Torte wird"]
