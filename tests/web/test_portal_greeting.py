"""What agents say for a customer in general, as the customer sets it (§5.1)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.accounts import Role
from tests.web.office import Office
from tests.web.portal import client

pytestmark = pytest.mark.asyncio(loop_scope="session")
FIRST = {"greeting": "Bäckerei Korn, {agent}, guten Tag.", "absence_reason": "", "back_from": "", "back_from_text": ""}


async def test_5_1_1_a_greeting_is_seen_with_the_agents_name_and_counts_from_the_next_call(office: Office) -> None:
    async with client(office) as petra:
        page = await petra.opens("/greeting")
        assert page.at("greeting-count") == "0 von 150 Zeichen"
        page = await petra.fills("/greeting", FIRST)
        assert (page.path, page.told) == ("/greeting", "Gespeichert, gilt ab dem nächsten Anruf.")
        assert page.of("said") == ["Bäckerei Korn, Anna Lindner, guten Tag."]
        assert page.at("greeting-count") == "34 von 150 Zeichen"
        assert (await office.entry("K1001")).greeting == FIRST["greeting"]


async def test_5_1_1_what_stands_in_braces_is_refused_and_the_input_kept(office: Office) -> None:
    async with client(office) as petra:
        page = await petra.fills("/greeting", greeting="{name} für {agent}")
        assert (page.status, page.fields["greeting"]) == (422, "{name} für {agent}")
        assert page.mistakes == [
            "Begrüßungsformel: In geschweiften Klammern kann nur {agent} stehen: Daraus wird der Name des Agenten."
        ]
        assert (await office.entry("K1001")).greeting is None


async def locked(office: Office, greeting: str | None = "Korn.") -> None:
    """The account has been live for two weeks."""
    day = (office.clock.now() - timedelta(days=20)).date()
    await office.set("K1001", {"greeting": greeting, "live_since": day.isoformat()})


async def test_5_1_1_after_two_weeks_the_greeting_is_text_and_the_rest_goes_on(office: Office) -> None:
    await locked(office)
    async with client(office) as petra:
        page = await petra.opens("/greeting")
        assert (page.of("said"), "greeting" in page.fields) == (["Korn."], False)
        assert "unsere Kundenbetreuung" in page.text
        page = await petra.fills("/greeting", absence_reason="Alle backen.")
        assert page.told
        page = await petra.fills("/greeting", absence_reason="", greeting="Other")
        assert page.status == 400
    entry = await office.entry("K1001")
    assert (entry.greeting, entry.absence_reason) == ("Korn.", "Alle backen.")


async def test_5_1_1_who_began_before_the_lock_is_told_and_keeps_the_input(office: Office) -> None:
    async with client(office) as petra:
        page = await petra.opens("/greeting")
        await locked(office, None)
        page = await petra.sends(page, greeting="Neu.")
        assert (page.status, page.fields["greeting"]) == (422, "Neu.")
        assert page.mistakes == [
            "Begrüßungsformel: Die Begrüßungsformel ist seit mehr als zwei Wochen in Gebrauch. Bitte sagen Sie unserer "
            "Kundenbetreuung, wie sie geändert werden soll."
        ]


async def test_5_1_1_support_changes_the_greeting_after_the_lock(office: Office) -> None:
    await locked(office)
    await office.sign_up("ines", "Ines Sommer", Role.SUPPORT)
    async with client(office, "ines", acting_for="K1001") as ines:
        page = await ines.fills("/greeting", greeting="Korn, {agent}.")
        assert page.told
    assert (await office.entry("K1001")).greeting == "Korn, {agent}."


async def test_5_1_2_and_5_1_3_why_and_from_when_on(office: Office) -> None:
    async with client(office) as petra:
        page = await petra.fills(
            "/greeting", absence_reason="Messe.", back_from="2099-03-01T08:00", back_from_text="bald"
        )
        assert page.mistakes == [
            "Wieder erreichbar, in Ihren Worten: Bitte geben Sie entweder Datum und Uhrzeit oder einen Text an, nicht "
            "beides."
        ]
        page = await petra.fills("/greeting", absence_reason="Messe.", back_from="2099-03-01T08:00")
        assert (page.told != "", page.fields["back_from"]) == (True, "2099-03-01T08:00")
        page = await petra.fills("/greeting", back_from="", back_from_text="ab Montag")
        assert page.told
    entry = await office.entry("K1001")
    assert (entry.absence_reason, entry.back_from, entry.back_from_text) == ("Messe.", None, "ab Montag")


async def test_5_1_4_long_instructions_warn_and_are_saved(office: Office) -> None:
    async with client(office) as petra:
        page = await petra.fills("/greeting", instructions="x" * 301)
        assert (page.told != "", page.at("instructions-count")) == (True, "301 von 300 Zeichen")
        assert page.of("longer") == ["Das ist länger als empfohlen. Speichern können Sie es trotzdem."]
        page = await petra.fills("/greeting", instructions="x" * 2001)
        assert page.mistakes == ["Anweisungen und Hinweise: Bitte schreiben Sie 1 bis 2000 Zeichen."]


async def test_nobody_else_sees_it(office: Office) -> None:
    await office.set("K1002", {"greeting": "Kanzlei Lot."})
    async with client(office) as petra:
        page = await petra.opens(f"/greeting?customer={office.customers['K1002']}")
        assert "Kanzlei Lot" not in page.text
