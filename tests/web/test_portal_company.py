"""What may be told about the company, notes for VIPs and answers, as the customer sets them (§5.3 to §5.5)."""

from __future__ import annotations

import pytest

from engine.entries.company import CompanyEntry, FaqEntry
from tests.web.office import Office
from tests.web.portal import client

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_5_3_everything_about_the_company(office: Office) -> None:
    company = {
        "name": "Bäckerei Korn GmbH",
        "address": "Mühlenweg 3\n10115 Berlin",
        "web": "www.korn.example",
        "phone": "+493023125001",
        "fax": "+493023125009",
        "mail": "laden@korn.example",
        "director": "Petra Korn",
        "vat_id": "DE123456789",
        "register": "HRB 12345, Amtsgericht Charlottenburg",
        "bank": "DE02 1203 0000 0000 2020 51",
        "opening_hours": "Mo-Sa 6-18 Uhr",
        "description": "Backen seit 1902.",
        "field_of_work": "Brot und Torten",
    }
    fields = {f"company.{name}": text for name, text in company.items()}
    async with client(office) as petra:
        page = await petra.fills("/company", fields)
        assert page.told == "Gespeichert, gilt ab dem nächsten Anruf."
        assert page.fields.items() >= fields.items()
        assert (await office.entry("K1001")).company == CompanyEntry.model_validate(company)
        page = await petra.sends(page, dict.fromkeys(fields, ""))
        assert page.told
    assert (await office.entry("K1001")).company == CompanyEntry()


async def test_5_3_mistakes_are_told_and_two_editors_of_two_fields_do_not_meet(office: Office) -> None:
    async with client(office) as petra:
        page = await petra.opens("/company")
        await office.set("K1001", {"company/name": "Korn", "company/director": "Ines"})
        page = await petra.sends(page, {"company.vat_id": "DE 1", "company.web": "no web", "company.bank": "DE02"})
        assert page.mistakes == [
            "Webadresse: Bitte schreiben Sie sie als www.firma.example.",
            "Umsatzsteuer-ID: Bitte schreiben Sie sie ohne Leerzeichen, zum Beispiel DE123456789.",
        ]
        page = await petra.sends(page, {"company.vat_id": "", "company.web": ""})
        assert page.told
    company = (await office.entry("K1001")).company
    assert (company.name, company.director, company.bank) == ("Korn", "Ines", "DE02")


async def test_5_4_vip_notes_for_good_or_for_a_time_and_five_at_most(office: Office) -> None:
    async with client(office) as petra:
        page = await petra.opens("/notes")
        for n in range(5):
            page = await petra.sends(
                page, {f"vip_notes.{n}.who": f"Frau {n}", f"vip_notes.{n}.message": "Bitte warten."}
            )
            assert page.told
        assert "vip_notes.5.who" not in page.fields
        page = await petra.sends(page, {"vip_notes.5.who": "Frau 5", "vip_notes.5.message": "Nein."})
        times = {"vip_notes.0.since": "2027-01-02T08:00", "vip_notes.0.until": "2027-01-01T08:00"}
        page = await petra.sends(page, times)
        assert page.mistakes == ["Anzeigen bis: Das Ende muss nach dem Beginn liegen."]
        page = await petra.sends(page, {"vip_notes.0.until": "2027-01-03T08:00", "vip_notes.0.numbers": "030 23125081"})
        assert page.told
    notes = (await office.entry("K1001")).vip_notes
    assert [note.who for note in notes] == [f"Frau {n}" for n in range(5)]
    assert (notes[0].numbers, str(notes[0].until), notes[1].until) == (("+493023125081",), "2027-01-03 08:00:00", None)


async def test_5_5_answers_in_their_order_taken_out_and_five_at_most(office: Office) -> None:
    await office.set("K1001", {"faq": [{"heading": f"Frage {n}", "text": "Antwort"} for n in range(5)]})
    async with client(office) as petra:
        page = await petra.opens("/notes")
        assert "faq.5.heading" not in page.fields
        page = await petra.sends(page, {"move": "faq.4.up"})
        page = await petra.sends(page, {"move": "faq.0.out"})
        page = await petra.sends(page, {"faq.0.text": ""})
        assert page.mistakes == ["Information oder Anweisung: Bitte ausfüllen."]
        page = await petra.sends(page, {"faq.0.text": "Ja."})
        assert page.told
    faq = (await office.entry("K1001")).faq
    assert faq == (
        FaqEntry(heading="Frage 1", text="Ja."),
        *(FaqEntry(heading=f"Frage {n}", text="Antwort") for n in (2, 4, 3)),
    )


async def test_5_5_who_adds_an_answer_while_another_does_sees_it(office: Office) -> None:
    async with client(office) as petra:
        page = await petra.opens("/notes")
        await office.set(
            "K1001", {"faq": [{"heading": "Parken?", "text": "Im Hof."}, {"heading": "WLAN?", "text": "Nein."}]}
        )
        page = await petra.sends(page, {"faq.0.heading": "Brot?", "faq.0.text": "Ja."})
        assert page.status == 409
        theirs = [one.partition(" und zwar in: ")[2].partition(". Wenn")[0] for one in page.mistakes]
        assert theirs == ["Parken?, Im Hof.; WLAN?, Nein."]
