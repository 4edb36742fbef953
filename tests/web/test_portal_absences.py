"""Who of the contacts is away, who stands in and who gets the messages, as the customer sets it (§5.2.2)."""

from __future__ import annotations

import pytest

from tests.web.office import Office
from tests.web.portal import client
from tests.web.test_portal_contacts import ALWAYS, contact, staff

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_5_2_2_an_absence_with_reason_time_and_deputy(office: Office) -> None:
    await staff(office, {"name": "Eva Korn"}, {"name": "Max Korn", "hours": ALWAYS})
    away = {"absence.reason": "Urlaub", "absence.since": "2026-01-02T00:00", "absence.deputy": "Max Korn"}
    async with client(office) as petra:
        page = await petra.fills("/contacts/Eva%20Korn", away)
        forgotten = (
            "Anwesenheit: Sie haben eine Abwesenheit eingetragen: Bitte wählen Sie „abwesend“, oder leeren Sie die "
            "Felder."
        )
        assert (page.mistakes, page.fields["absence.reason"]) == ([forgotten], "Urlaub")
        page = await petra.sends(page, {"absence.state": "absent", "absence.until": "2026-01-01T08:00"})
        assert page.mistakes == ["Bis: Das Ende muss nach dem Beginn liegen."]
        page = await petra.sends(page, {"absence.until": ""})
        assert page.fields["absence.since"] == "2026-01-02T00:00"
        states = (await petra.opens("/contacts")).of("state")
        assert states[0] == "abwesend bis auf Weiteres; Vertretung: Max Korn"
        assert (await petra.fills("/contacts/Eva%20Korn", {"absence.state": "present"})).told
    assert (await contact(office, "Eva Korn")).absence is None


async def test_5_2_2_the_deputy_gets_the_messages_if_that_is_wished(office: Office) -> None:
    await staff(office, {"name": "Eva Korn"}, {"name": "Max Korn", "hours": ALWAYS})
    async with client(office) as petra:
        page = await petra.fills("/contacts/Eva%20Korn", {"absence.messages": "deputy"})
        assert page.mistakes[0].startswith("Anwesenheit: Sie haben eine Abwesenheit eingetragen")
        page = await petra.sends(page, {"absence.state": "absent"})
        nobody = (
            "Nachrichten bekommt: Es ist keine Vertretung genannt, die sie bekommt. Bitte nennen Sie eine, oder lassen "
            "Sie die Nachrichten bei diesem Ansprechpartner."
        )
        assert (page.mistakes, page.fields["absence.messages"]) == ([nobody], "deputy")
        assert (await petra.sends(page, {"absence.deputy": "Max Korn"})).told
        away = (await contact(office, "Eva Korn")).absence
        assert away and (away.deputy, away.messages) == ("Max Korn", "deputy")
        page = await petra.opens("/contacts")
        assert "Nachrichten bekommt Max Korn." in page.of("hint")
        assert (await petra.fills("/contacts/Eva%20Korn", {"absence.messages": "both"})).told
        page = await petra.opens("/contacts")
        assert "Nachrichten bekommen dieser Ansprechpartner und Max Korn." in page.of("hint")
        assert (await petra.fills("/contacts/Eva%20Korn", {"absence.messages": "contact"})).told
        assert not any(hint.startswith("Nachrichten") for hint in (await petra.opens("/contacts")).of("hint"))


async def test_5_2_2_a_dated_absence_ends_by_itself(office: Office) -> None:
    over = {"name": "Eva Korn", "hours": ALWAYS, "absence": {"until": "2026-01-05 08:00"}}
    coming = {"name": "Max Korn", "hours": ALWAYS, "absence": {"until": "2099-01-05 08:00"}}
    await staff(office, over, coming)
    async with client(office) as petra:
        page = await petra.opens("/contacts")
        assert page.of("state") == [
            "gerade anwesend",
            "abwesend bis 05.01.99, 08:00 Uhr",
            "Abwesend ohne Vertretung: Bitte nennen Sie eine.",
        ]
        page = await petra.opens("/contacts/Eva%20Korn")
        assert (page.fields["absence.state"], page.fields["absence.until"]) == ("present", "")
