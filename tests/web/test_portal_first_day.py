"""A customer's first day at the portal, from the one-time link to pages that are filled in, in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from engine.accounts import Role
from tests.web.browsing import Visitor
from tests.web.office import PASSWORD, Office

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _saves(visitor: Visitor) -> None:
    await visitor.presses("Speichern")
    await expect(visitor.page.get_by_role("status").first).to_have_text("Gespeichert, gilt ab dem nächsten Anruf.")


async def _fills(visitor: Visitor, fields: dict[str, str]) -> None:
    for name, text in fields.items():
        await visitor.page.fill(f"[name='{name}']", text)


async def test_5_1_to_5_5_a_customers_first_day(visitor: Visitor, office: Office) -> None:
    link = await office.hire("max@korn.example", "Max Korn", Role.CUSTOMER, "K1001")
    await visitor.opens(link)
    await visitor.fills(password=PASSWORD, again=PASSWORD)
    await visitor.presses("Speichern und anmelden")
    page = visitor.page

    await page.get_by_role("link", name="Begrüßung & Auskünfte").click()
    await page.get_by_label("Begrüßungsformel").fill("Bäckerei Korn, {agent}, guten Tag.")
    await expect(page.locator("[data-preview]")).to_have_text("Bäckerei Korn, Anna Lindner, guten Tag.")
    await expect(page.locator("#greeting-count")).to_have_text("34 von 150 Zeichen")
    await page.get_by_label("Anweisungen und Hinweise").fill("x" * 301)
    await expect(page.locator("#instructions-longer")).to_be_visible()
    await page.get_by_label("Anweisungen und Hinweise").fill("Bitte buchstabieren lassen.")
    await page.get_by_label("Wieder erreichbar ab").fill("2027-01-04T08:00")
    await _saves(visitor)
    await expect(page.get_by_label("Wieder erreichbar ab")).to_have_value("2027-01-04T08:00")

    await page.get_by_role("link", name="Ansprechpartner").click()
    await page.get_by_role("button", name="Ansprechpartner hinzufügen").click()
    await _fills(visitor, {"name": "Eva Korn", "hours.mon": "8-12 Uhr", "transfer.targets.0.number": "030 23125011"})
    await visitor.presses("Speichern")
    summary = page.locator("[data-summary]")
    await expect(summary).to_be_focused()
    await summary.get_by_role("link").click()
    await expect(page.locator("#notify-use")).to_be_focused()
    await _fills(visitor, {"notify.mail": "eva@korn.example", "transfer.targets.1.number": "0171 3920011"})
    # Enter saves, whatever buttons stand before.
    await page.get_by_label("Name", exact=True).press("Enter")
    await expect(page.get_by_role("status").first).to_have_text("Gespeichert, gilt ab dem nächsten Anruf.")
    await page.get_by_role("button", name="Eva Korn bearbeiten").click()
    await page.get_by_role("button", name="Nach oben").click()
    await expect(page.get_by_text("Verschoben, aber noch nicht gespeichert.")).to_be_visible()
    await _saves(visitor)

    await page.get_by_role("link", name="Firma").click()
    await _fills(visitor, {"company.name": "Bäckerei Korn GmbH", "company.vat_id": "DE123456789"})
    await _saves(visitor)
    await page.get_by_role("link", name="VIP & FAQ").click()
    await _fills(visitor, {"vip_notes.0.who": "Herr Albers", "vip_notes.0.message": "Die Torte ist fertig."})
    await _fills(visitor, {"faq.0.heading": "Parken?", "faq.0.text": "Im Hof."})
    await _saves(visitor)

    entry = await office.entry("K1001")
    assert (entry.greeting, entry.company.vat_id) == ("Bäckerei Korn, {agent}, guten Tag.", "DE123456789")
    assert (entry.vip_notes[0].who, entry.faq[0].text) == ("Herr Albers", "Im Hof.")
    assert [one.number for one in entry.contacts[0].transfer.targets] == ["+491713920011", "+493023125011"]
