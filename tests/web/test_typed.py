"""A session that ends in the middle of a form: what was typed waits for its user, and for nobody else."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from engine.accounts import Role
from engine.web.typed import LARGEST
from tests.web.browsing import Visitor
from tests.web.office import LOGIN, PASSWORD, Office
from tests.web.portal import Client, Shown, client

pytestmark = pytest.mark.asyncio(loop_scope="session")
OVER = "Ihre Sitzung ist abgelaufen. "
KEPT = f"{OVER}Melden Sie sich wieder an; was Sie geschrieben haben, geht nicht verloren."
LOST = (
    f"{OVER}Bitte melden Sie sich wieder an. Was Sie gesendet haben, konnte nicht aufgehoben werden: Bitte geben Sie "
    "es noch einmal ein."
)


async def end(office: Office, login: str = LOGIN) -> None:
    """Every session of this user is over."""
    user = await office.accounts.user_of(login)
    assert user
    await office.accounts.sign_out_everywhere(user.id)


def told(page: Shown) -> str:
    """What the sign-in page tells."""
    return " ".join("".join(one.itertext()).strip() for one in page.tree.iter("p") if one.get("role") == "status")


async def signs_in(petra: Client, page: Shown, login: str = LOGIN) -> Shown:
    """At the page to which the refused form has led."""
    return await petra.sends(page, login=login, password=PASSWORD)


async def test_what_was_typed_is_sent_after_signing_in_again_also_with_a_code(visitor: Visitor, office: Office) -> None:
    await visitor.signs_in(LOGIN, PASSWORD)
    await visitor.opens("/greeting")
    await visitor.fills(greeting="Korn,\n{agent} & Co. <b>")
    app = await office.use_codes(LOGIN)
    await end(office)
    await visitor.presses("Speichern")
    await expect(visitor.page.get_by_role("status")).to_have_text(KEPT)
    await visitor.fills(login=LOGIN, password=PASSWORD)
    await visitor.page.locator("main button:not(.away)").click()
    await visitor.fills(code=app.at(office.clock.now()))
    await visitor.presses("Weiter")
    assert await visitor.heading() == "Noch nicht gesendet"
    await expect(visitor.page.locator("main li")).to_have_text(["Korn, {agent} & Co. <b>"])
    assert await visitor.page.get_by_role("button", name="Nicht senden").get_attribute("href") == "/greeting"
    assert await visitor.violations() == []
    await visitor.presses("Jetzt senden")
    assert await visitor.path() == "/greeting"
    await expect(visitor.page.get_by_role("status").first).to_contain_text("Gespeichert, gilt ab dem nächsten Anruf.")
    assert (await office.entry("K1001")).greeting == "Korn,\n{agent} & Co. <b>"


async def test_who_opens_a_page_after_the_session_is_led_back_to_it(office: Office) -> None:
    async with client(office) as petra:
        await petra.opens("/")
        await end(office)
        page = await petra.opens("/contacts")
        assert told(page) == f"{OVER}Bitte melden Sie sich wieder an."
        assert (await signs_in(petra, page)).path == "/contacts"


async def test_whoever_signs_in_as_somebody_else_gets_nothing_of_it(office: Office) -> None:
    await office.sign_up("max@korn.example", "Max Korn", Role.CUSTOMER, "K1001")
    async with client(office) as petra:
        form = await petra.opens("/greeting")
        await end(office)
        page = await petra.sends(form, greeting="Von Petra.")
        assert told(page) == KEPT
        assert (await signs_in(petra, page, "max@korn.example")).path == "/"
        assert (await petra.opens("/account/typed")).path == "/"
        await end(office, "max@korn.example")
        assert (await signs_in(petra, await petra.opens("/orders"))).path == "/orders"
        assert (await petra.opens("/account/typed")).path == "/"
    assert (await office.entry("K1001")).greeting is None


async def test_passwords_files_and_much_too_much_are_not_kept(office: Office) -> None:
    changed = {"password": PASSWORD, "new": "lauter neue Woerter hier", "again": "lauter neue Woerter hier"}
    for path, sent in (
        ("/account/password", changed),
        ("/orders", {"text": "x" * LARGEST}),
        ("/orders", {str(n): "" for n in range(1100)}),
        ("/announcements/upload", b"--x"),
    ):
        async with client(office) as petra:
            await petra.opens("/")
            await end(office)
            page = await petra.posts(path, sent)
            assert told(page) == LOST, path
            assert (await signs_in(petra, page)).path == "/"


async def test_who_never_was_signed_in_leaves_nothing(office: Office) -> None:
    async with client(office) as stranger:
        stranger.http.cookie_jar.clear()
        page = await stranger.posts("/greeting", {"greeting": "x"})
        assert (page.path, told(page)) == ("/sign-in", "")


async def test_what_waits_for_longer_than_half_an_hour_is_forgotten(office: Office) -> None:
    async with client(office) as petra:
        form = await petra.opens("/greeting")
        await end(office)
        page = await signs_in(petra, await petra.sends(form, greeting="Von Petra."))
        assert page.path == "/account/typed"
        unsent = office.app.state.web.unsent
        (kept,) = unsent._kept.values()
        user = await office.accounts.user_of(LOGIN)
        assert user
        tokens = [one.value for one in petra.http.cookie_jar if one.key == "session"]
        assert kept in [unsent.of(token, user.id, office.clock.now()) for token in tokens]
        assert all(unsent.of(token, user.id, kept.until) is None for token in tokens)
