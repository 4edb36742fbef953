"""What everybody sets for the own login."""

from __future__ import annotations

import pyotp
import pytest
from playwright.async_api import Browser, expect

from engine.accounts import Role
from tests.web.browsing import Visitor, visiting
from tests.web.office import LOGIN, PASSWORD, Office

pytestmark = pytest.mark.asyncio(loop_scope="session")
NEW = "sieben rote Lampen am Ufer"


async def test_a_new_password_ends_the_other_sessions(visitor: Visitor, office: Office, browser: Browser) -> None:
    async with visiting(browser, office.url) as elsewhere:
        await elsewhere.signs_in(LOGIN, PASSWORD)
        await visitor.signs_in(LOGIN, PASSWORD)
        await visitor.opens("/account/password")
        await visitor.fills(old="not the password", password=NEW, again=NEW)
        await visitor.presses("Speichern")
        said = await visitor.page.locator("[data-summary] li").all_inner_texts()
        assert said == ["Bisheriges Passwort: Das ist nicht Ihr bisheriges Passwort."]
        await visitor.fills(old=PASSWORD, password=NEW, again=NEW)
        await visitor.presses("Speichern")
        told = visitor.page.get_by_role("status")
        await expect(told).to_have_text("Ihr Passwort ist geändert. Alle anderen Sitzungen sind beendet.")
        await elsewhere.opens("/")
        assert await elsewhere.path() == "/sign-in"
        await elsewhere.signs_in(LOGIN, NEW)
        assert await elsewhere.heading() == "Start"


async def test_sessions_are_listed_and_ended(visitor: Visitor, office: Office, browser: Browser) -> None:
    async with visiting(browser, office.url) as first, visiting(browser, office.url) as second:
        for one in (first, second, visitor):
            await one.signs_in(LOGIN, PASSWORD)
        await visitor.opens("/account")
        rows = visitor.page.locator(".list li")
        await expect(rows).to_have_count(3)
        await expect(rows.get_by_text("Diese hier")).to_have_count(1)
        await rows.get_by_role("button").first.click()
        await expect(visitor.page.get_by_role("status")).to_have_text("Die Sitzung ist beendet.")
        await visitor.presses("Überall sonst abmelden")
        await expect(visitor.page.get_by_role("status")).to_have_text("Alle anderen Sitzungen sind beendet.")
        await expect(rows).to_have_count(1)
        for one in (first, second):
            await one.opens("/")
            assert await one.path() == "/sign-in"


async def test_a_code_is_set_up_and_dropped(visitor: Visitor, office: Office) -> None:
    await visitor.signs_in(LOGIN, PASSWORD)
    await visitor.opens("/account")
    await visitor.presses("Einrichten")
    await visitor.fills(password=PASSWORD)
    await visitor.presses("Weiter")
    await expect(visitor.page.locator("svg.qr")).to_be_visible()
    secret = await visitor.page.locator("code").inner_text()
    await visitor.fills(code="12")
    await visitor.presses("Einschalten")
    said = await visitor.page.locator("[data-summary] li").all_inner_texts()
    assert said == ["Code: Dieser Code stimmt nicht. Bitte warten Sie auf den nächsten."]
    assert await visitor.page.locator("code").inner_text() == secret
    await visitor.fills(code=pyotp.TOTP(secret).at(office.clock.now()))
    await visitor.presses("Einschalten")
    told = "Ab jetzt werden Sie beim Anmelden nach einem Code aus Ihrer App gefragt."
    await expect(visitor.page.get_by_role("status")).to_have_text(told)
    await visitor.presses("Ausschalten")
    await visitor.fills(password=PASSWORD)
    await visitor.presses("Ausschalten")
    told = "Beim Anmelden werden Sie nicht mehr nach einem Code gefragt."
    await expect(visitor.page.get_by_role("status")).to_have_text(told)


async def test_the_pages_speak_english_where_the_user_wants_it(visitor: Visitor) -> None:
    await visitor.signs_in(LOGIN, PASSWORD)
    await visitor.opens("/account")
    await visitor.page.get_by_label("English").check()
    await visitor.presses("Speichern")
    assert await visitor.heading() == "Account"
    await visitor.presses("Sign out")
    assert await visitor.heading() == "Sign in"


async def test_support_that_acts_for_a_customer_sees_so_and_ends_it(visitor: Visitor, office: Office) -> None:
    await office.sign_up("ines", "Ines Sommer", Role.SUPPORT)
    await visitor.signs_in("ines", PASSWORD)
    assert await visitor.path() == "/support"
    token = next(one["value"] for one in await visitor.page.context.cookies() if one.get("name") == "session")
    await office.accounts.act_for(token, office.customers["K1002"])
    await visitor.opens("/")
    bar = visitor.page.get_by_role("region", name="Arbeit als Kunde")
    await expect(bar).to_contain_text("Sie arbeiten als Kanzlei Lot (K1002).")
    assert await visitor.violations() == []
    await bar.get_by_role("button", name="Beenden").click()
    assert await visitor.path() == "/support"
    await expect(bar).to_have_count(0)
