"""Support that works as customers in two windows of one browser: no page changes another customer than it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import engine.web
from engine.accounts import Role
from tests.web.office import Office
from tests.web.portal import Client, Shown, client

pytestmark = pytest.mark.asyncio(loop_scope="session")
TEMPLATES = Path(engine.web.__file__).parent / "templates"
EVA = {"name": "Eva Lot", "notify.mail.0": "eva@lot.example"}
REFUSED = (
    "Es wurde nichts gespeichert, denn diese Seite gehört zum Kunden K1002. Wenn Sie es doch speichern wollen, "
    "arbeiten Sie in einem anderen Fenster wieder als Kunde K1002, und senden Sie es dann noch einmal."
)


async def switches(ines: Client, number: str) -> None:
    """In another window."""
    ines.acting_for = ""
    await ines.posts(f"/support/customers/{number}/act", {})


def heading(page: Shown) -> str:
    """What the page is called."""
    return page.texts(".//h1")[0]


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/contacts/new", EVA),
        ("/greeting", {"greeting": "Lot."}),
        ("/orders", {"text": "Bitte."}),
        ("/account/users", {}),
    ],
)
async def test_what_was_begun_for_one_customer_is_not_saved_for_another(
    office: Office, path: str, fields: dict[str, str]
) -> None:
    await office.sign_up("ines", "Ines Sommer", Role.SUPPORT)
    async with client(office, "ines") as ines:
        await switches(ines, "K1002")
        page = await ines.opens(path)
        await switches(ines, "K1001")
        refused = await ines.sends(page, fields)
        assert (refused.status, heading(refused)) == (409, "Sie arbeiten inzwischen als Bäckerei Korn (K1001)")
        assert REFUSED in refused.text
        (again,) = refused.tree.findall(".//main//form")
        kept = {one.get("name", ""): "".join(one.itertext()).removeprefix("\n") for one in again.iter("textarea")}
        assert kept.items() >= fields.items()
        await ines.posts("/account/acting/end", {})
        refused = await ines.sends(page, fields)
        assert (refused.status, heading(refused)) == (409, "Sie arbeiten nicht mehr als Kunde")
        await switches(ines, "K1002")
        assert (await ines.posts(again.get("action", ""), kept)).status in (200, 422)
    korn = await office.entry("K1001")
    assert (korn.contacts, korn.greeting) == ((), None)


async def test_a_page_that_does_not_say_for_whom_it_was_made_changes_nothing(office: Office) -> None:
    await office.sign_up("ines", "Ines Sommer", Role.SUPPORT)
    async with client(office, "ines") as ines:
        await switches(ines, "K1001")
        for query in ("", "?acting=", "?acting=K1002", "?acting=K1001&acting=K1002"):
            assert (await ines.posts(f"/greeting{query}", {"greeting": "Lot."})).status == 409


async def test_a_form_without_an_address_says_for_whom_it_is(office: Office) -> None:
    await office.set("K1001", {"contacts/Eva Korn": {"name": "Eva Korn", "notify": {"mail": ["eva@korn.example"]}}})
    await office.sign_up("ines", "Ines Sommer", Role.SUPPORT)
    async with client(office, "ines", acting_for="K1001") as ines:
        page = await ines.opens("/contacts/delete?name=Eva%20Korn")
        forms = [one.get("action") for one in page.tree.findall(".//main//form")]
        assert forms == ["/contacts/delete?name=Eva+Korn&acting=K1001"]
        assert (await ines.posts(str(forms[0]), {})).told
    assert (await office.entry("K1001")).contacts == ()


async def test_no_template_has_a_form_that_is_not_found() -> None:
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text("utf-8")
        odd = re.findall(
            r'<form (?!method="(post|get)")|hx-(?:post|put|patch|delete)|formaction|<form method="post" (?!action=)',
            text,
        )
        assert odd == [], template.name
