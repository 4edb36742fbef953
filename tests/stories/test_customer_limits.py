"""What nobody can mean: it is refused where it is entered, and stops nothing where it stands."""

from __future__ import annotations

from typing import Any

import pytest

from engine.service.customer_judging import Refused
from engine.service.customers import CustomerService
from engine.store.database import Database
from tests.catalogue import service_on
from tests.customers import MUSTER, NEXT, OWNER, SUPPORT, said, two_customers


async def refused(service: CustomerService, changes: dict[str, Any]) -> list[tuple[str, str]]:
    """What is said against these changes by support."""
    with pytest.raises(Refused) as mistakes:
        await service.save(MUSTER, changes, {}, SUPPORT)
    return said(mistakes.value)


@pytest.mark.parametrize("seconds", [0.001, 1, 4.9])
async def test_waits_of_no_length(database: Database, seconds: float) -> None:
    service = await two_customers(database)
    assert await refused(service, {"wait/max_wait": seconds, "wait/announce_every": seconds}) == [
        ("wait/announce_every", "wait.short"),
        ("wait/max_wait", "wait.short"),
    ]
    assert (await service.save(MUSTER, {"wait/max_wait": 5, "wait/announce_every": 5}, {}, OWNER)).changed


async def test_an_administrator_may_try_a_short_wait_out_and_stops_nobody_by_it(database: Database) -> None:
    service = await two_customers(database)
    text = "customers: [{number: K1002, name: Next GmbH, tariff: always, wait: {max_wait: %s}}]"
    assert [str(one) for one in await service_on(database).check(text % 0.9)] == [
        "line 1: customers[K1002].wait.max_wait: this must be 1 seconds or more"
    ]
    await service_on(database).import_text(text % 1)
    assert (await service.save(NEXT, {"instructions": "x", "wait/announce_every": 20}, {}, SUPPORT)).changed


@pytest.mark.parametrize("year", ["0001", "1900", "1999", "2101", "9999"])
async def test_days_of_another_age(database: Database, year: str) -> None:
    service = await two_customers(database)
    absence = {"absence": {"reason": "Away", "since": f"{year}-01-01 08:00", "until": f"{year}-12-31 23:00"}}
    note = {"who": "Kern", "message": "Yes", "since": f"{year}-01-01 08:00"}
    days = {"closed_days": ["2026-12-24", f"{year}-12-31"], "live_since": f"{year}-12-31", "vip_notes": [note]}
    found = await refused(service, {f"contacts/Eva Brandt/{name}": value for name, value in absence.items()} | days)
    place = 1 if year > "2026" else 0
    assert found == [
        (f"closed_days/{place}", "day.far"),
        ("live_since", "day.far"),
        ("contacts/Eva Brandt/absence/since", "day.far"),
        ("contacts/Eva Brandt/absence/until", "day.far"),
        ("vip_notes/0/since", "day.far"),
    ]
    assert await refused(service, {"back_from": f"{year}-01-01 08:00"}) == [("back_from", "day.far")]


async def test_5_1_3_back_from_a_time_to_come(database: Database) -> None:
    service = await two_customers(database)
    text = "customers: [{number: K1001, name: Muster GmbH, tariff: always, back_from: '2026-11-22 09:30'}]"
    await service_on(database).import_text(text)
    over = {"back_from": "2026-11-22 10:00", "instructions": "x"}
    assert await refused(service, over) == [("back_from", "back_from.over")]
    saved = await service.save(MUSTER, {**over, "back_from": "2026-11-22 09:30"}, {}, OWNER)
    assert saved.changed == ("instructions",)
    assert (await service.save(MUSTER, {"back_from": "2026-11-22 10:01"}, {}, OWNER)).changed == ("back_from",)


async def test_lines_and_contacts_by_the_hundred(database: Database) -> None:
    service = await two_customers(database)
    lines = [f"+493023126{n:03}" for n in range(201)]
    contacts = [{"name": f"Nr. {n}", "notify": {"mail": ["a@b.example"]}} for n in range(201)]
    assert await refused(service, {"lines": lines, "contacts": contacts}) == [
        ("lines", "list.long"),
        ("contacts", "list.long"),
    ]
    assert (await service.save(MUSTER, {"lines": lines[1:], "contacts": contacts[1:]}, {}, OWNER)).changed
