"""Signing in as people do it: by password, by code, by one-time link, with the keyboard alone, and out again."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from engine.accounts import Role
from tests.catalogue import service_on
from tests.web.browsing import Visitor, visiting
from tests.web.office import LOGIN, PASSWORD, Office

pytestmark = pytest.mark.asyncio(loop_scope="session")
WRONG = "Anmeldename oder Passwort ist falsch. Bitte versuchen Sie es noch einmal."


ALWAYS = 'tariffs: [{name: always, hours: {mon-sun: ["00:00-24:00"]}}]'


async def test_a_customer_signs_in_and_out(visitor: Visitor, office: Office) -> None:
    await service_on(office.database).import_text(ALWAYS)
    await office.set("K1001", {"tariff": "always"})
    await visitor.opens("/")
    assert (await visitor.path(), await visitor.heading()) == ("/sign-in", "Anmelden")
    await visitor.signs_in(LOGIN, PASSWORD)
    assert (await visitor.path(), await visitor.heading()) == ("/", "Start")
    await expect(visitor.page.get_by_text("Anrufe werden angenommen.")).to_be_visible()
    await visitor.presses("Abmelden")
    await expect(visitor.page.get_by_role("status")).to_have_text("Sie sind abgemeldet.")
    await visitor.opens("/account")
    assert await visitor.path() == "/sign-in"


async def test_a_wrong_password_and_an_unknown_login_are_told_in_the_same_words(visitor: Visitor) -> None:
    for login in (LOGIN, "nobody@korn.example"):
        await visitor.signs_in(login, "not the password")
        summary = visitor.page.get_by_role("alert")
        await expect(summary).to_be_focused()
        assert await summary.locator("li").all_inner_texts() == [WRONG]
        assert await visitor.page.input_value("[name=login]") == login
        assert await visitor.page.input_value("[name=password]") == ""


async def test_what_is_missing_is_told_at_the_field_and_in_the_summary(visitor: Visitor) -> None:
    await visitor.signs_in(LOGIN, "")
    field = visitor.page.get_by_label("Passwort")
    assert await visitor.page.locator("[data-summary] li").all_inner_texts() == ["Passwort: Bitte ausfüllen."]
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_attribute("aria-describedby", "password-mistake")
    await visitor.page.get_by_role("link", name="Passwort: Bitte ausfüllen.").click()
    await expect(field).to_be_focused()


async def test_too_many_tries_have_to_wait(visitor: Visitor, office: Office) -> None:
    for _ in range(20):
        await visitor.signs_in(LOGIN, "not the password")
        said = await visitor.page.get_by_role("alert").locator("li").inner_text()
        if said != WRONG:
            break
    assert said.startswith("Zu viele Versuche. Bitte warten Sie ")


async def test_with_a_code_from_an_app(visitor: Visitor, office: Office) -> None:
    app = await office.use_codes(LOGIN)
    await visitor.signs_in(LOGIN, PASSWORD)
    assert (await visitor.path(), await visitor.heading()) == ("/sign-in/code", "Noch ein Schritt")
    await visitor.fills(code="000000" if app.at(office.clock.now()) != "000000" else "111111")
    await visitor.presses("Weiter")
    mistakes = visitor.page.locator("[data-summary] li")
    assert await mistakes.all_inner_texts() == ["Code: Dieser Code stimmt nicht. Bitte warten Sie auf den nächsten."]
    code = app.at(office.clock.now())
    await visitor.fills(code=f"{code[:3]} {code[3:]}")
    await visitor.presses("Weiter")
    assert await visitor.heading() == "Start"


async def test_the_second_step_alone_leads_back_to_the_first(visitor: Visitor) -> None:
    await visitor.opens("/sign-in/code")
    assert await visitor.path() == "/sign-in"


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [("/account", "/account"), ("//evil.example/", "/"), ("https://evil.example", "/"), ("/\\evil.example", "/")],
)
async def test_the_page_that_was_wanted_follows_and_no_foreign_one(visitor: Visitor, wanted: str, reached: str) -> None:
    await visitor.opens(f"/sign-in?next={wanted}")
    await visitor.fills(login=LOGIN, password=PASSWORD)
    await visitor.presses("Anmelden")
    assert await visitor.path() == reached


async def test_with_the_keyboard_alone(visitor: Visitor) -> None:
    await visitor.opens("/sign-in")
    keyboard = visitor.page.keyboard
    await keyboard.press("Tab")
    await expect(visitor.page.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
    await keyboard.press("Enter")
    await expect(visitor.page.locator("main")).to_be_focused()
    for text in (LOGIN, PASSWORD):
        await keyboard.press("Tab")
        await keyboard.type(text)
    await keyboard.press("Enter")
    await expect(visitor.page.locator("h1")).to_have_text("Start")


async def test_the_one_time_link_leads_to_a_password_and_in(visitor: Visitor, office: Office) -> None:
    link = await office.hire("max@korn.example", "Max Korn", Role.CUSTOMER, "K1001")
    await visitor.opens(link)
    await expect(visitor.page.locator(".lead")).to_contain_text("Max Korn")
    await visitor.fills(password="max korn 2026", again="max korn 2026")
    await visitor.presses("Speichern und anmelden")
    refused = "Neues Passwort: Ihr Anmeldename, Ihr Name oder unser Name darf nicht darin vorkommen."
    assert refused in await visitor.page.locator("[data-summary] li").inner_text()
    await visitor.fills(password=PASSWORD, again=PASSWORD + "x")
    await visitor.presses("Speichern und anmelden")
    different = "Noch einmal dasselbe: Die beiden Passwörter sind nicht gleich. Bitte geben Sie sie noch einmal ein."
    assert await visitor.page.locator("[data-summary] li").all_inner_texts() == [different]
    await visitor.fills(password=PASSWORD, again=PASSWORD)
    await visitor.presses("Speichern und anmelden")
    await expect(visitor.page.locator(".lead")).to_have_text("Guten Tag, Max Korn.")
    await visitor.opens(link)
    assert await visitor.heading() == "Dieser Link gilt nicht mehr"


async def test_a_switched_off_user_is_told_so_only_with_the_right_password(visitor: Visitor, office: Office) -> None:
    user = await office.accounts.user_of(LOGIN)
    assert user
    await office.accounts.disable(user.id)
    for password, said in (
        ("not the password", WRONG),
        (PASSWORD, "Diese Anmeldung ist gesperrt. Bitte wenden Sie sich an unsere Kundenbetreuung."),
    ):
        await visitor.signs_in(LOGIN, password)
        assert await visitor.page.get_by_role("alert").locator("li").all_inner_texts() == [said]


async def test_in_the_language_of_the_browser_or_the_one_chosen(office: Office, browser: Browser) -> None:
    async with visiting(browser, office.url, language="en-GB") as english:
        await english.opens("/sign-in")
        assert await english.heading() == "Sign in"
        await english.page.get_by_role("link", name="Deutsch").click()
        assert await english.heading() == "Anmelden"
        await english.opens("/sign-in")
        assert await english.heading() == "Anmelden"
    async with visiting(browser, office.url, language="fr-FR") as french:
        await french.opens("/sign-in")
        assert await french.heading() == "Anmelden"
