"""Two who edit one customer, and forms that were tampered with: what every page of the portal does about it."""

from __future__ import annotations

import json

import pytest

from engine.accounts import Role
from tests.web.office import Office
from tests.web.portal import client

pytestmark = pytest.mark.asyncio(loop_scope="session")
GONE = (
    "Dieser Ansprechpartner wurde inzwischen von jemand anderem gelöscht oder umbenannt. Was Sie eingegeben haben, "
    "steht noch hier: Wenn Sie speichern, wird er neu angelegt."
)
NAGGED = (
    "Das hat inzwischen jemand anders geändert, und zwar in: {}. Wenn Ihre Eingabe gelten soll, speichern Sie noch "
    "einmal."
)


async def test_who_edits_another_field_is_not_disturbed(office: Office) -> None:
    async with client(office) as petra:
        page = await petra.opens("/greeting")
        await office.set("K1001", {"greeting": "Von Ines."})
        assert (await petra.sends(page, instructions="Bitte buchstabieren lassen.")).told
    entry = await office.entry("K1001")
    assert (entry.greeting, entry.instructions) == ("Von Ines.", "Bitte buchstabieren lassen.")


async def test_who_edits_the_same_field_sees_the_other_text_keeps_the_own_and_may_send_it_again(office: Office) -> None:
    async with client(office) as petra:
        page = await petra.opens("/greeting")
        await office.set("K1001", {"greeting": "Von Ines."})
        page = await petra.sends(page, greeting="Von Petra.", instructions="Kurz fassen.")
        assert (page.status, page.mistakes) == (409, ["Begrüßungsformel: " + NAGGED.format("Von Ines.")])
        assert (page.fields["greeting"], page.fields["instructions"]) == ("Von Petra.", "Kurz fassen.")
        assert (await office.entry("K1001")).greeting == "Von Ines."
        assert (await petra.sends(page)).told
    entry = await office.entry("K1001")
    assert (entry.greeting, entry.instructions) == ("Von Petra.", "Kurz fassen.")


async def test_a_third_change_meanwhile_is_a_conflict_again(office: Office) -> None:
    await office.set("K1001", {"greeting": "Alt."})
    async with client(office) as petra:
        page = await petra.opens("/greeting")
        await office.set("K1001", {"greeting": "Von Ines."})
        page = await petra.sends(page, greeting="Von Petra.")
        await office.set("K1001", {"greeting": None})
        page = await petra.sends(page)
        assert (page.status, page.mistakes) == (409, ["Begrüßungsformel: " + NAGGED.format("nichts")])
        assert (await petra.sends(page)).told
    assert (await office.entry("K1001")).greeting == "Von Petra."


@pytest.mark.parametrize(
    "version",
    ["", "no JSON", "[]", "{}", '{"greeting":"x"}', "[" * 50_000, "NaN",
     json.dumps({"greeting": None, "absence_reason": None, "back_from": None, "back_from_text": None,
                 "instructions": json.loads("[" * 400 + "]" * 400)}),
     json.dumps({"name": "x", "greeting": None, "absence_reason": None, "back_from": None, "back_from_text": None,
                 "instructions": None})],
    ids=["none", "no-json", "list", "empty", "less", "deep", "nan", "deep-value", "more"],
)  # fmt: skip
async def test_a_form_that_none_of_ours_has_sent_is_400_and_saves_nothing(office: Office, version: str) -> None:
    async with client(office) as petra:
        page = await petra.opens("/greeting")
        assert (await petra.sends(page, greeting="Neu.", version=version)).status == 400
    assert (await office.entry("K1001")).greeting is None


async def test_a_form_saves_nothing_but_its_own_fields_of_its_own_customer(office: Office) -> None:
    before = await office.entry("K1002")
    async with client(office) as petra:
        page = await petra.opens("/greeting")
        more = {"name": "Other", "blocked": "on", "customer": str(office.customers["K1002"]), "number": "K1002"}
        assert (await petra.sends(page, more, greeting="Neu.")).told
    entry = await office.entry("K1001")
    assert (entry.number, entry.name, entry.blocked, entry.greeting) == ("K1001", "Bäckerei Korn", False, "Neu.")
    assert await office.entry("K1002") == before


@pytest.mark.parametrize(
    "path",
    ["/greeting", "/contacts", "/contacts/new", "/contacts/delete?name=Eva", "/contacts/Eva", "/company", "/notes"],
)
async def test_others_than_the_customer_and_who_acts_for_it_see_no_page_of_the_portal(
    office: Office, path: str
) -> None:
    for role in (Role.SUPERVISOR, Role.SUPPORT, Role.ADMIN):
        await office.sign_up(role.value, "Ines Sommer", role)
        async with client(office, role.value) as staff:
            assert (await staff.opens(path)).status == 403
            assert (await staff.posts(path, {})).status in (403, 405)


async def test_a_contact_who_went_meanwhile_is_made_anew_only_if_that_is_wanted(office: Office) -> None:
    await office.set("K1001", {"contacts": [{"name": "Eva Korn", "notify": {"mail": ["eva@korn.example"]}}]})
    async with client(office) as petra:
        page = await petra.opens("/contacts/Eva%20Korn")
        await office.set("K1001", {"contacts/Eva Korn": None})
        page = await petra.sends(page, position="Bäckerin")
        assert (page.status, page.mistakes) == (409, [GONE])
        assert (page.texts(".//h1"), page.fields["position"]) == (["Neuer Ansprechpartner"], "Bäckerin")
        assert (await office.entry("K1001")).contacts == ()
        assert (await petra.sends(page)).told
    assert [one.position for one in (await office.entry("K1001")).contacts] == ["Bäckerin"]
