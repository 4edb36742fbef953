"""Every change of a customer leaves one row for each value, whoever made it; and what support finds and exports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.accounts import Role
from engine.ports.customers import Author
from engine.service.catalogue import Summary
from engine.service.customers import CustomerService
from engine.store.database import Database
from tests.catalogue import service_on
from tests.customers import MUSTER, NEXT, OWNER, SUPPORT, TWO, customers_on, somebody, two_customers

COMMAND_LINE = Author("command line")
Told = list[tuple[Author, str, str, Any, Any]]


async def told(service: CustomerService) -> Told:
    """What happened to Muster, in order."""
    found = await service.history(MUSTER)
    assert all(abs(datetime.now(UTC) - one.at) < timedelta(minutes=5) and one.customer == MUSTER for one in found)
    return [(one.author, one.customer_number, one.path, one.old, one.new) for one in reversed(found)]


async def test_who_changed_what_from_what_into_what(database: Database) -> None:
    service = await two_customers(database)
    as_owner = somebody(Role.SUPPORT, acting_for=MUSTER)
    await service.save(MUSTER, {"instructions": "Kurz & gut", "wait/max_wait": 60.0, "hours": None}, {}, OWNER)
    await service.save(MUSTER, {"contacts/Eva Brandt/phone": "030 23125013", "faq": []}, {}, as_owner)
    await service.save(MUSTER, {"number": "K9", "contacts/Jan~1Ida ~0 Kern": None}, {}, SUPPORT)
    owner, support = Author("customer1", "customer"), Author("support1", "support")
    assert await told(service) == [
        (COMMAND_LINE, "K1001", "created", None, None),
        (owner, "K1001", "wait/max_wait", None, 60),
        (owner, "K1001", "instructions", None, "Kurz & gut"),
        (Author("support1", "support", MUSTER), "K1001", "contacts/Eva Brandt/phone", None, "+493023125013"),
        (support, "K1001", "number", "K1001", "K9"),
        (
            support, "K1001", "contacts/Jan~1Ida ~0 Kern",
            {"name": "Jan/Ida ~ Kern", "notify": {"sms": "+491713920001"}, "absence": {"deputy": "Eva Brandt"}}, None,
        ),
    ]  # fmt: skip


async def test_imports_are_in_the_log_too(database: Database) -> None:
    service, catalogue = await two_customers(database), service_on(database)
    assert (await catalogue.import_text(TWO)).changed == ()
    other = TWO.replace("state: BE", "state: BY\n    company: {register: HRB 1}").replace("Head", "Chief")
    await catalogue.import_text(
        other.replace("- {name: Eva", "- {name: New, notify: {mail: [a@b.example]}}\n      - {name: Eva")
    )
    gone = await catalogue.import_text(TWO.partition("customers")[0], replace=True)
    assert gone.deleted == (("customers", "K1001"), ("customers", "K1002"))
    log = await told(service)
    assert log[:-1] == [
        (COMMAND_LINE, "K1001", "created", None, None),
        (COMMAND_LINE, "K1001", "state", "BE", "BY"),
        (COMMAND_LINE, "K1001", "contacts/Eva Brandt/position", "Head", "Chief"),
        (COMMAND_LINE, "K1001", "contacts/New", None, {"name": "New", "notify": {"mail": ["a@b.example"]}}),
        (COMMAND_LINE, "K1001", "company/register", None, "HRB 1"),
    ]
    by, number, path, old, new = log[-1]
    assert (by, number, path, new) == (COMMAND_LINE, "K1001", "deleted", None)
    assert (old["name"], old["contacts"][0]["name"], old["state"]) == ("Muster GmbH", "New", "BY")
    assert [one.path for one in await service.history(NEXT)] == ["deleted", "created"]


async def test_the_log_is_read_in_pages(database: Database) -> None:
    service = await two_customers(database)
    for n in range(3):
        await service.save(MUSTER, {"instructions": f"{n}"}, {}, OWNER)
    first = await service.history(MUSTER, 2)
    assert [one.new for one in first] == ["2", "1"]
    assert [(one.path, one.new) for one in await service.history(MUSTER, 9, first[-1].id)] == [
        ("instructions", "0"),
        ("created", None),
    ]


async def test_the_own_data_can_be_exported_and_imported_again(database: Database) -> None:
    service = await two_customers(database)
    await service.save(MUSTER, {"company/address": "Gasse 1\n10115 Berlin"}, {}, OWNER)
    text = await service.export_own(MUSTER)
    assert text.startswith("customers:\n  - number: K1001\n    name: Muster GmbH\n")
    assert "Next" not in text
    assert await service_on(database).import_text(text) == Summary(unchanged=(("customers", "K1001"),))


MORE = """
tariffs: [{name: always, hours: {mon-sun: ["00:00-24:00"]}}]
customers:
  - {number: "2001", name: Malerbetrieb Öztürk, tariff: always, access_numbers: ["+4930555001"], blocked: true}
  - {number: K2002, name: Straßen- und Gartenbau, tariff: always, lines: ["+498999998201"]}
  - {number: K2003, name: Bau 2001 GmbH, tariff: always}
  - {number: K2004, name: "100%_Bau", tariff: always}
"""


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("öztürk", ["2001"]),
        ("OZTURK", ["2001"]),
        ("oeztuerk", ["2001"]),
        ("strassen", ["K2002"]),
        ("garten und", ["K2002"]),
        ("bau", ["K2003", "K2004", "K2002"]),
        ("2001", ["2001", "K2003"]),
        ("k100", ["K1001", "K1002"]),
        ("K1002", ["K1002"]),
        ("030 12345", ["K1001"]),
        ("+49 (30) 123-460", ["K1002"]),
        ("0049 89 9999", ["K2002"]),
        ("9998201", ["K2002"]),
        ("49301234", ["K1001", "K1002"]),
        ("0%_b", ["K2004"]),
        ("'; DROP TABLE customers; --", []),
        ("muster next", []),
        (" \n", []),
    ],
)
async def test_support_finds_customers(database: Database, text: str, numbers: list[str]) -> None:
    service = await two_customers(database)
    await service_on(database).import_text(MORE)
    assert [found.number for found in await service.find(text)] == numbers


async def test_what_support_sees_of_those_found_is_as_saved_last(database: Database) -> None:
    service = await two_customers(database)
    changes = {"name": "Neuer Name", "lines": ["030 23125007"], "access_numbers": ["030 77", "030 78"], "blocked": True}
    await service.save(MUSTER, changes, {}, SUPPORT)
    for text in ("neuer", "2312500", "030 77"):
        (found,) = await customers_on(database).find(text)
        assert (found.id, found.number, found.name, found.blocked, found.tariff) == (
            MUSTER,
            "K1001",
            "Neuer Name",
            True,
            "office",
        )
        assert (found.access_numbers, found.lines) == (("+493077", "+493078"), ("+493023125007",))
    assert await service.find("Muster") == []
    assert [found.number for found in await service.find("GmbH", 1)] == ["K1002"]
