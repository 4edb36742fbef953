"""The people behind the business, as the customer sets them (§5.2)."""

from __future__ import annotations

from typing import Any

import pytest

from engine.entries import ContactEntry
from tests.web.office import Office
from tests.web.portal import client

pytestmark = pytest.mark.asyncio(loop_scope="session")
MAIL: dict[str, Any] = {"mail": ["eva@korn.example"]}
ALWAYS = {"mon-sun": ["00:00-24:00"]}
OVERLAP = "überschneiden sich: Bitte lassen Sie die eine dort enden, wo die andere beginnt."
EVA = {"name": "Eva Korn", "notify.mail": "eva@korn.example"}


async def contact(office: Office, name: str) -> ContactEntry:
    """As it stands now."""
    return next(one for one in (await office.entry("K1001")).contacts if one.name == name)


async def staff(office: Office, *contacts: dict[str, Any]) -> None:
    """These people are there; each gets a mail address."""
    await office.set("K1001", {"contacts": [{"notify": MAIL, **one} for one in contacts]})


async def test_5_2_the_first_contact_is_added_and_stands_in_the_list(office: Office) -> None:
    async with client(office) as petra:
        assert "Es gibt noch keine Ansprechpartner." in (await petra.opens("/contacts")).text
        page = await petra.fills("/contacts/new", EVA, position="Bäckerin", phone="030 23125011")
        assert (page.path, page.told) == ("/contacts", "Gespeichert, gilt ab dem nächsten Anruf.")
        assert page.texts(".//main//strong") == ["Eva Korn"]
    eva = await contact(office, "Eva Korn")
    wanted = {"name": "Eva Korn", "position": "Bäckerin", "phone": "+493023125011", "notify": MAIL}
    assert eva == ContactEntry.model_validate(wanted)


async def test_5_2_1_what_is_not_ticked_is_not_released(office: Office) -> None:
    await staff(office, {"name": "Eva Korn", "phone": "+493023125011", "hidden": ["tasks"]})
    async with client(office) as petra:
        page = await petra.opens("/contacts/Eva%20Korn")
        assert page.ticked("hidden") == ["position", "department", "phone", "fax", "mail"]
        assert (await petra.sends(page, hidden=["position", "tasks"])).told
    assert (await contact(office, "Eva Korn")).hidden == ("department", "fax", "mail", "phone")


async def test_5_2_1_a_contact_gets_another_name_and_stays_whose_deputy_it_is(office: Office) -> None:
    await staff(office, {"name": "Eva/Korn"}, {"name": "new", "absence": {"deputy": "Eva/Korn"}})
    async with client(office) as petra:
        page = await petra.fills("/contacts/Eva%2FKorn", name="Eva Lang")
        assert (page.path, page.told != "") == ("/contacts/Eva%20Lang", True)
        assert (await petra.opens("/contacts/%20new")).texts(".//h1") == ["new"]
        page = await petra.fills("/contacts/Eva%20Lang", name="new")
        taken = "Name: Einen Ansprechpartner mit diesem Namen gibt es schon: Bitte wählen Sie einen anderen Namen."
        assert (page.status, page.mistakes, page.fields["name"]) == (422, [taken], "new")
        page = await petra.fills("/contacts/new", EVA, name="new")
        assert (page.status, page.mistakes, page.fields["notify.mail"]) == (422, [taken], "eva@korn.example")
    absence = (await contact(office, "new")).absence
    assert absence and absence.deputy == "Eva Lang"


async def test_5_2_1_who_is_not_there_is_not_found(office: Office) -> None:
    await office.set("K1002", {"contacts": [{"name": "Lot", "notify": MAIL}]})
    async with client(office) as petra:
        for path in ("/contacts/Lot", "/contacts/delete?name=Lot", "/contacts/delete", "/contacts/"):
            assert (await petra.opens(path)).status == 404, path
        assert (await petra.posts("/contacts/Lot", {"name": "Mine"})).status == 404
        assert (await petra.posts("/contacts/delete?name=Lot", {})).status == 404
    assert [one.name for one in (await office.entry("K1002")).contacts] == ["Lot"]


async def test_5_2_2_working_hours_are_written_as_people_write_them(office: Office) -> None:
    await staff(office, {"name": "Eva Korn", "hours": {"mon": ["22:00-06:00"]}})
    async with client(office) as petra:
        page = await petra.opens("/contacts/Eva%20Korn")
        assert (page.fields["hours.mon"], page.fields["hours.sun"]) == ("22:00-06:00", "")
        lines = {"hours.mon": "8-12 und 13.30–17 Uhr", "hours.tue": "8:00 bis 12:00", "hours.wed": ""}
        page = await petra.sends(page, lines)
        assert (page.fields["hours.mon"], page.fields["hours.tue"]) == ("08:00-12:00, 13:30-17:00", "08:00-12:00")
        page = await petra.sends(page, {"hours.tue": "vormittags"})
        assert page.mistakes == ["Dienstag: vormittags ist keine Zeitspanne: Bitte schreiben Sie sie als 08:00-18:00."]
        assert page.fields["hours.tue"] == "vormittags"
        page = await petra.sends(page, {"hours.tue": "8-12, 11-13"})
        assert page.mistakes == [f"Dienstag: Dienstag 08:00–12:00 und Dienstag 11:00–13:00 {OVERLAP}"]
        assert (await petra.sends(page, {"hours.mon": "", "hours.tue": ""})).told
    assert (await contact(office, "Eva Korn")).hours is None


async def test_5_2_3_at_least_one_way_to_get_messages(office: Office) -> None:
    async with client(office) as petra:
        page = await petra.fills("/contacts/new", name="Eva Korn")
        none = (
            "Diese Wege verwenden: Ein Ansprechpartner braucht mindestens eine Benachrichtigung, die verwendet wird: "
            "E-Mail, SMS, Pushover oder Fax."
        )
        assert (page.mistakes, page.fields["name"]) == ([none], "Eva Korn")
        page = await petra.sends(page, {"notify.mail": "eva@korn.example", "notify.use": ["sms", "pushover", "fax"]})
        assert page.mistakes == [none]
        page = await petra.sends(page, {"notify.use": ["mail"]})
        assert page.told
    assert (await contact(office, "Eva Korn")).notify.off == ("fax", "pushover", "sms")


async def test_5_2_3_each_way_says_what_it_takes(office: Office) -> None:
    wrong = {
        "notify.mail": "a@korn.example\nb@korn.example\nc@korn.example",
        "notify.sms": "030 23125011",
        "notify.fax": "0171 3920011",
        "notify.pushover.user": "short",
        "notify.pushover.retry": "10",
        "notify.pushover.expire": "soon",
    }
    async with client(office) as petra:
        page = await petra.fills("/contacts/new", wrong, name="Eva Korn")
        assert page.mistakes == [
            "E-Mail-Adressen: Bitte nennen Sie höchstens 2.",
            "SMS an: +49 30 23125011 ist keine deutsche Mobilnummer.",
            "Telefax an: +49 171 3920011 ist keine deutsche Nummer für ein Faxgerät.",
            "Pushover-Benutzerschlüssel: Bitte schreiben Sie den User Key aus der App: 30 Buchstaben und Ziffern.",
            "Notfall wiederholen alle … Sekunden: Der Wert muss mindestens 30 sein.",
            "Aufhören nach … Sekunden: Bitte geben Sie eine ganze Zahl ein.",
        ]
        assert {name: page.fields[name] for name in wrong} == wrong


async def test_5_2_3_3_an_emergency_goes_on_to_another_contact(office: Office) -> None:
    key = "uDemoDemoDemoDemoDemoDemoDemo1"
    await staff(office, {"name": "Max Korn", "notify": {"pushover": {"user": key}}}, {"name": "Ida Korn"})
    async with client(office) as petra:
        page = await petra.opens("/contacts/new")
        alarm = {
            "notify.pushover.user": key,
            "notify.pushover.level": "emergency",
            "notify.pushover.retry": "45",
            "notify.pushover.next": "Max Korn",
        }
        assert page.choices("notify.pushover.next") == ["", "Max Korn"]
        assert (await petra.sends(page, {**EVA, **alarm, "notify.mail": ""})).told
        page = await petra.fills("/contacts/Max%20Korn", {"notify.pushover.next": "Eva Korn"})
        assert page.status == 422 and "im Kreis" in page.mistakes[0]
    pushover = (await contact(office, "Eva Korn")).notify.pushover
    assert pushover and (pushover.level, pushover.retry, pushover.expire, pushover.next) == (
        "emergency", 45, 3600, "Max Korn",
    )  # fmt: skip


MEANWHILE = "Das hat inzwischen jemand anders geändert, und zwar in: "
BY_THE_MINUTE = (
    "Nummer: Bei Eva Korn werden Vermittlungsziele verwendet, und wer +49 180 5 123456 anruft, zahlt nach Minuten: "
    "Dort darf niemand weitervermittelt werden. Bitte verwenden Sie die Vermittlungsziele nicht, oder nehmen Sie den "
    "Anschluss heraus. (§ 115 TKG)"
)
TARGETS = {
    "transfer.targets.0.number": "030 23125011",
    "transfer.targets.0.use": "on",
    "transfer.targets.1.number": "0171 3920011",
    "transfer.targets.1.ring_time": "20",
}


async def test_5_2_4_targets_in_their_order_with_ring_time_and_restrictions(office: Office) -> None:
    await staff(office, {"name": "Eva Korn"})
    async with client(office) as petra:
        page = await petra.fills("/contacts/Eva%20Korn", TARGETS)
        assert page.told
        page = await petra.sends(page, {"transfer.restrictions": "Nur Bestellungen.", "move": "transfer.targets.1.up"})
        assert (page.status, page.of("notice")) == (200, ["Verschoben, aber noch nicht gespeichert."])
        numbers = [page.fields[f"transfer.targets.{n}.number"] for n in range(3)]
        assert (numbers, page.fields["transfer.restrictions"]) == (
            ["+491713920011", "+493023125011", ""],
            "Nur Bestellungen.",
        )
        assert (await contact(office, "Eva Korn")).transfer.targets[0].number == "+493023125011"
        assert (await petra.sends(page)).told
        transfer = (await contact(office, "Eva Korn")).transfer
        assert transfer.restrictions == "Nur Bestellungen."
        assert [(one.number, one.use, one.ring_time) for one in transfer.targets] == [
            ("+491713920011", False, 20),
            ("+493023125011", True, None),
        ]
        page = await petra.fills("/contacts/Eva%20Korn", {"move": "transfer.targets.0.out"})
        assert (await petra.sends(page)).told
    assert [one.number for one in (await contact(office, "Eva Korn")).transfer.targets] == ["+493023125011"]


@pytest.mark.parametrize("wish", ["", "up", "name.0.up", "transfer.targets.9.up", "transfer.targets.0.up",
                                  "transfer.targets.1.down", "transfer.targets.-1.out", "transfer.targets.٣.out",
                                  "transfer.targets.0.over"])  # fmt: skip
async def test_5_2_4_2_a_move_that_leads_nowhere_changes_nothing(office: Office, wish: str) -> None:
    await staff(office, {"name": "Eva Korn", "transfer": {"targets": ["+493023125011", "+491713920011"]}})
    async with client(office) as petra:
        page = await petra.fills("/contacts/Eva%20Korn", {"move": wish})
        assert [page.fields[f"transfer.targets.{n}.number"] for n in (0, 1)] == ["+493023125011", "+491713920011"]


async def test_5_2_4_where_callers_pay_by_the_minute_nobody_is_put_through(office: Office) -> None:
    await staff(office, {"name": "Eva Korn"})
    await office.set("K1001", {"lines": ["+491805123456"], "wait": {"treatment": "delayed_connect", "max_wait": 60}})
    async with client(office) as petra:
        page = await petra.fills("/contacts/Eva%20Korn", TARGETS)
        assert (page.status, page.mistakes) == (422, [BY_THE_MINUTE])
        assert page.fields["transfer.targets.0.number"] == "030 23125011"
        for n in (0, 1):
            page = await petra.sends(page, {f"transfer.targets.{n}.use": None})
        assert page.told
        page = await petra.sends(page, {"transfer.targets.2.number": "0900 1234567"})
        assert page.mistakes == [
            BY_THE_MINUTE,
            "Nummer: +49 900 1 234567 dürfen wir nicht anrufen: Bitte geben Sie eine andere Nummer ein.",
        ]


async def test_5_2_a_contact_is_deleted_once_nobody_needs_it(office: Office) -> None:
    await staff(office, {"name": "Eva Korn"}, {"name": "Max Korn", "absence": {"deputy": "Eva Korn"}})
    async with client(office) as petra:
        page = await petra.opens("/contacts/delete?name=Eva%20Korn")
        assert "Dieser Ansprechpartner wird noch gebraucht" in page.text and page.texts(".//main//li") == ["Max Korn"]
        assert (await petra.posts("/contacts/delete?name=Eva%20Korn", {})).status == 422
        page = await petra.opens("/contacts/delete?name=Max%20Korn")
        assert page.texts(".//h1") == ["Max Korn löschen?"]
        page = await petra.posts(page.path, {})
        assert (page.path, page.told) == ("/contacts", "Der Ansprechpartner ist gelöscht, gilt ab dem nächsten Anruf.")
    assert [one.name for one in (await office.entry("K1001")).contacts] == ["Eva Korn"]


async def test_two_who_edit_one_contact_are_told_field_by_field(office: Office) -> None:
    await staff(office, {"name": "Eva Korn"}, {"name": "Max Korn"})
    async with client(office) as petra:
        page = await petra.opens("/contacts/Eva%20Korn")
        theirs = {
            "contacts/Eva Korn/absence": {"until": "2099-01-05 08:00", "deputy": "Max Korn"},
            "contacts/Eva Korn/transfer": {"targets": ["+493023125011"]},
            "contacts/Eva Korn/hidden": ["tasks"],
            "contacts/Eva Korn/position": "Meisterin",
        }
        await office.set("K1001", theirs)
        mine = {"absence.state": "absent", "absence.reason": "Messe", "transfer.restrictions": "Keine."}
        page = await petra.sends(page, mine, hidden=["mail"], department="Backstube")
        assert page.status == 409
        assert [one.partition(". Wenn")[0].replace(MEANWHILE, "") for one in page.mistakes] == [
            "Für Auskünfte freigegeben: Position, Abteilung, Telefon, Telefax, E-Mail",
            "Grund: nichts",
            "Bis: 2099-01-05 08:00",
            "Vertretung: Max Korn",
            "Nummer: +493023125011, ja",
            "Vermittlungseinschränkungen: nichts",
        ]
        assert (page.fields["absence.reason"], page.fields["position"]) == ("Messe", "")
        assert (await petra.sends(page)).told
    eva = await contact(office, "Eva Korn")
    assert (eva.position, eva.department) == ("Meisterin", "Backstube")
    assert eva.hidden == ("department", "fax", "phone", "position", "tasks")
