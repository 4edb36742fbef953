"""Whom a customer has blocked: who may, who never is, since when and by whom, and two who do it at once."""

from __future__ import annotations

from typing import Any

import pytest

from engine.accounts import Role
from engine.ports.customers import Author
from engine.service.customer_judging import Refused
from engine.service.customers import Conflict, CustomerService
from engine.store.customer_store import StoredCustomerEntries
from engine.store.customers import StoredCustomers
from engine.store.database import Database
from engine.terms import E164
from tests.catalogue import CLASSES, RULES, service_on
from tests.customers import MUSTER, NOW, OWNER, SUPPORT, TWO, customers_on, said, somebody, two_customers

SALES, OTHER = "+493099881", "+493099882"


async def blocked(service: CustomerService) -> list[tuple[str, str | None, str | None, str | None]]:
    callers = (await service.load(MUSTER)).model_dump(mode="json")["blocked_callers"]
    return [(one["number"], one["note"], one["since"], one["by"]) for one in callers]


async def test_since_when_and_by_whom_is_kept_by_us_whatever_an_editor_writes(database: Database) -> None:
    service = await two_customers(database)
    forged = {"note": "Werbung", "since": "2001-01-01 00:00", "by": "support"}
    await service.save(MUSTER, {f"blocked_callers/{SALES}": forged}, {}, OWNER)
    later = CustomerService(
        StoredCustomerEntries(database), lambda: RULES, lambda: NOW.replace(day=23, second=9)
    )  # fmt: skip
    as_owner = somebody(Role.SUPPORT, acting_for=MUSTER)
    await later.save(MUSTER, {f"blocked_callers/{OTHER}": {}, f"blocked_callers/{SALES}/note": "Strom"}, {}, as_owner)
    assert await blocked(service) == [
        (SALES, "Strom", "2026-11-22 10:00", "customer1"),
        (OTHER, None, "2026-11-23 10:00", "support"),
    ]
    whole = [{"number": "030 99882", "by": "somebody"}, "030 99883", {"number": SALES}]
    await later.save(MUSTER, {"blocked_callers": whole}, {}, OWNER)
    assert await blocked(service) == [
        (OTHER, None, "2026-11-23 10:00", "support"),
        ("+493099883", None, "2026-11-23 10:00", "customer1"),
        (SALES, None, "2026-11-22 10:00", "customer1"),
    ]


async def test_two_who_block_at_once_do_not_disturb_each_other_and_of_one_number_the_second_is_told(
    database: Database,
) -> None:
    service = await two_customers(database)
    for number in (SALES, OTHER):
        path = f"blocked_callers/{number}"
        await service.save(MUSTER, {path: {"note": "Werbung"}}, {path: None}, OWNER)
    assert [number for number, *_ in await blocked(service)] == [SALES, OTHER]
    with pytest.raises(Conflict) as conflict:
        path = f"blocked_callers/{SALES}"
        await service.save(MUSTER, {path: {"note": "Strom"}}, {path: None}, OWNER)
    assert conflict.value.theirs[path]["note"] == "Werbung"
    with pytest.raises(Refused) as refused:
        await service.save(MUSTER, {"blocked_callers/+4999/note": "x"}, {}, OWNER)
    assert said(refused.value) == [("blocked_callers/+4999/note", "gone.caller")]


async def test_every_block_is_in_the_log_by_its_number(database: Database) -> None:
    service = await two_customers(database)
    await service.save(MUSTER, {f"blocked_callers/{SALES}": {"note": "Werbung"}}, {}, OWNER)
    await service.save(MUSTER, {f"blocked_callers/{SALES}": None}, {}, SUPPORT)
    entry = {"number": SALES, "note": "Werbung", "since": "2026-11-22 10:00", "by": "customer1"}
    assert [(one.author, one.path, one.old, one.new) for one in await service.history(MUSTER, 2)] == [
        (Author("support1", "support"), f"blocked_callers/{SALES}", entry, None),
        (Author("customer1", "customer"), f"blocked_callers/{SALES}", None, entry),
    ]


NEEDED: dict[str, dict[str, Any]] = {
    "+493023125001": {},
    "+4930123450": {},
    "+491713920001": {},
    "+493023125051": {"company": {"phone": "030 23125051"}},
    "+493023125052": {"vip_notes": [{"who": "Herr Albers", "numbers": ["030 23125052"], "message": "Fertig."}]},
    "+493023125053": {"shown_numbers": [{"number": "030 23125053", "right": "Own line"}]},
    "+493023125054": {"contacts/Eva Brandt/transfer": {"targets": ["030 23125054"]}},
    "+493023125055": {"contacts/Eva Brandt/notify/fax": "030 23125055"},
    "+493023125056": {"contacts/Eva Brandt/phone": "030 23125056"},
}


@pytest.mark.parametrize("number", NEEDED)
async def test_who_is_needed_cannot_be_blocked_nor_become_needed_while_blocked(database: Database, number: str) -> None:
    service = await two_customers(database)
    if NEEDED[number]:
        await service.save(MUSTER, {f"blocked_callers/{number}": {}}, {}, SUPPORT)
        with pytest.raises(Refused) as refused:
            await service.save(MUSTER, NEEDED[number], {}, SUPPORT)
        assert (f"blocked_callers/{number}/number", "block.needed") in said(refused.value)
        await service.save(MUSTER, {f"blocked_callers/{number}": None}, {}, SUPPORT)
        await service.save(MUSTER, NEEDED[number], {}, SUPPORT)
    with pytest.raises(Refused) as refused:
        await service.save(MUSTER, {f"blocked_callers/{number}": {}}, {}, OWNER)
    assert said(refused.value) == [(f"blocked_callers/{number}/number", "block.needed")]


@pytest.mark.parametrize("number", ["+110", "+49112", "+4930110"])
async def test_emergency_services_cannot_be_blocked(database: Database, number: str) -> None:
    service = await two_customers(database)
    with pytest.raises(Refused) as refused:
        await service.save(MUSTER, {f"blocked_callers/{number}": {}}, {}, SUPPORT)
    assert said(refused.value) == [(f"blocked_callers/{number}/number", "block.emergency")]


async def test_two_hundred_at_most_and_each_once(database: Database) -> None:
    service = await two_customers(database)
    many = [f"+4930{998800 + n}" for n in range(201)]
    await service.save(MUSTER, {"blocked_callers": many[:200]}, {}, OWNER)
    assert len((await service.load(MUSTER)).blocked_callers) == 200
    for wrong, code in ((many, "too_long"), ([SALES, "030 99881"], "twice")):
        with pytest.raises(Refused) as refused:
            await service.save(MUSTER, {"blocked_callers": wrong}, {}, OWNER)
        assert said(refused.value) == [("blocked_callers", code)]


async def test_a_block_counts_from_the_next_call_on_and_so_does_its_end(database: Database) -> None:
    service, calls = await two_customers(database), StoredCustomers(database, CLASSES)
    path, number = f"blocked_callers/{SALES}", E164("+4930123450")
    for change, kept in (({"note": "Werbung"}, {SALES: "2026-11-22 10:00 customer1 Werbung"}), (None, {})):
        await service.save(MUSTER, {path: change}, {}, OWNER)
        met = await calls.by_access_number(number)
        assert met is not None and met.blocked_callers == kept
    other = await calls.by_access_number(E164("+4930123460"))
    assert other is not None and other.blocked_callers == {}


async def test_a_file_has_them_with_all_that_is_known_or_the_number_alone(database: Database) -> None:
    await two_customers(database)
    catalogue = service_on(database)
    told = f'[{{number: "{SALES}", note: Werbung, since: "2026-11-20 08:00", by: eva}}, 030 99882]'
    await catalogue.import_text(TWO.replace("state: BE", f"blocked_callers: {told}"))
    service = customers_on(database)
    assert await blocked(service) == [(SALES, "Werbung", "2026-11-20 08:00", "eva"), (OTHER, None, None, None)]
    exported = await service.export_own(MUSTER)
    assert (await catalogue.import_text(exported)).changed == ()
    assert "note: Werbung" in exported
