"""A customer's entry becomes the directory that the rules take: nothing is left out, nothing is another."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime

from engine.directory.contacts import Absence, Company, Contact, Directory, Faq, VipNote
from engine.entries import CustomerEntry, TariffEntry
from engine.entries.directory import directory, service_hours
from engine.hours.service import ServiceHours
from engine.hours.spans import parse_week
from engine.terms import E164

COMPANY = {
    "name": "Korn GmbH", "address": "Mühlenweg 3", "web": "www.korn.example", "phone": "+493023125001",
    "fax": "+493023125009", "mail": "laden@korn.example", "director": "Petra Korn", "vat_id": "DE123456789",
    "register": "HRB 1", "bank": "DE02", "opening_hours": "Mo-Sa", "description": "Seit 1902", "field_of_work": "Brot",
}  # fmt: skip
KORN = CustomerEntry.model_validate(
    {
        "number": "K1001",
        "name": "Bäckerei Korn",
        "tariff": "day",
        "state": "BE",
        "hours": {"mon": ["09:00-12:00"]},
        "closed_days": ["2026-12-24"],
        "greeting": "Korn, {agent}.",
        "absence_reason": "Messe",
        "back_from": "2026-12-27 08:00",
        "instructions": "Kurz fassen.",
        "contacts": [
            {
                "name": "Eva",
                "position": "Meisterin",
                "department": "Backstube",
                "tasks": "Torten",
                "phone": "+493023125011",
                "fax": "+493023125019",
                "mail": "eva@korn.example",
                "hidden": ["phone"],
                "hours": {"tue": ["08:00-12:00"]},
                "absence": {"reason": "Urlaub", "since": "2026-12-01 00:00", "deputy": "Max", "messages": "both"},
                "notify": {"mail": ["eva@korn.example"]},
            },
            {"name": "Max", "notify": {"mail": ["max@korn.example"]}},
        ],
        "company": COMPANY,
        "vip_notes": [
            {"who": "Albers", "numbers": ["+493023125081"], "message": "Fertig.", "until": "2026-12-24 12:00"}
        ],
        "faq": [{"heading": "Parken?", "text": "Im Hof."}],
    }
)


def test_5_1_to_5_5_the_whole_directory() -> None:
    eva = Contact(
        "Eva", "Meisterin", "Backstube", "Torten", E164("+493023125011"), E164("+493023125019"), "eva@korn.example",
        frozenset({"phone"}), parse_week({"tue": ["08:00-12:00"]}),
        Absence("Urlaub", datetime(2026, 12, 1), None, "Max", "both"),
    )  # fmt: skip
    note = VipNote("Albers", "Fertig.", (E164("+493023125081"),), None, datetime(2026, 12, 24, 12))
    assert directory(KORN) == Directory(
        "Korn, {agent}.", "Messe", datetime(2026, 12, 27, 8), None, "Kurz fassen.", (eva, Contact("Max")),
        Company(**COMPANY), (note,), (Faq("Parken?", "Im Hof."),),  # type: ignore[arg-type]
    )  # fmt: skip
    assert {one.name for one in fields(Company)} == COMPANY.keys()


def test_3_1_and_3_3_the_hours_of_the_tariff_and_the_own_ones() -> None:
    tariff = TariffEntry.model_validate({"name": "day", "hours": {"mon-fri": ["08:00-18:00"]}, "holidays": "closed"})
    assert service_hours(KORN, tariff) == ServiceHours(
        week=parse_week({"mon-fri": ["08:00-18:00"]}),
        closed_on_holidays=True,
        state="BE",
        closed_days=frozenset({date(2026, 12, 24)}),
        narrowed=parse_week({"mon": ["09:00-12:00"]}),
    )
