"""The customer and support edit one customer, on a real database: what is saved, refused, or told to be a conflict."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from engine.entries import CustomerEntry
from engine.entries.paths import value_at, values_of
from engine.service.customer_judging import Refused
from engine.service.customers import Conflict, CustomerService, NoSuchCustomer
from engine.store.customer_store import StoredCustomerEntries
from engine.store.customers import StoredCustomers
from engine.store.database import Database
from engine.terms import E164, CustomerId, Treatment
from tests.catalogue import CLASSES, RULES
from tests.customers import MUSTER, NEXT, NOW, OWNER, SUPPORT, customers_on, said, two_customers

EVERYTHING: dict[str, Any] = {
    "number": "K2001",
    "name": "Muster & Söhne GmbH",
    "access_numbers": ["+4930123450", "+4930123451"],
    "lines": ["+493023125002", {"number": "+491806123456", "class": "per_minute"}],
    "tariff": "always",
    "state": "BY",
    "greeting": "Muster, {agent}.",
    "blocked": True,
    "hours": {"mon-fri": ["09:00-17:00"]},
    "closed_days": ["2026-12-24"],
    "wait": {"music": "jazz", "announcements": ["a"], "announce_every": 20, "max_wait": 60},
    "routing": {"skills": ["german"], "groups": ["team1"], "overflow_after": 30, "overflow": {"skills": ["english"]}},
    "ring_time": 15,
    "max_calls": 3,
    "max_rate": 1.5,
    "listening_in": True,
    "live_since": "2026-11-01",
    "absence_reason": "At the fair",
    "back_from": "2026-12-27 08:00",
    "back_from_text": "after the fair",
    "instructions": "Be brief.",
    "contacts": [
        {
            "name": "Ida Kern",
            "position": "Clerk",
            "department": "Sales",
            "tasks": "Orders\nand bills",
            "phone": "+493023125011",
            "fax": "+493023125012",
            "mail": "ida@muster.example",
            "hidden": ["mail", "phone"],
            "hours": {"mon": ["09:00-12:00"]},
            "absence": {"reason": "Holiday", "since": "2026-12-01 00:00", "until": "2026-12-09 12:30"},
            "notify": {
                "mail": ["ida@muster.example"],
                "sms": "+491713920001",
                "pushover": {"user": "u" * 30, "level": "emergency", "retry": 30, "expire": 600},
                "fax": "+493023125012",
                "off": ["fax"],
            },
            "transfer": {
                "restrictions": "VIPs alone",
                "targets": [{"number": "+493023125013", "use": False}, {"number": "+491713920002", "use": False}],
            },
        }
    ],
    "company": {
        "name": "Muster & Söhne GmbH", "address": "Gasse 1\n10115 Berlin", "web": "www.muster.example",
        "phone": "+493023125001", "fax": "+493023125012", "mail": "info@muster.example", "director": "Eva Muster",
        "vat_id": "DE123456789", "register": "HRB 1", "bank": "DE00", "opening_hours": "9 to 5",
        "description": "Things", "field_of_work": "Trade",
    },
    "vip_notes": [
        {"who": "Frau Öz", "numbers": ["+491713920003"], "message": "Hello", "since": "2026-12-01 00:00",
         "until": "2026-12-02 00:00"},
    ],
    "faq": [{"heading": "Where?", "text": "Here"}],
    "message_fields": [{"label": "Size", "kind": "choice", "required": True, "choices": ["S", "M"]}],
    "shown_numbers": [{"number": "+493023125001", "right": "Own line"}],
    "blocked_callers": [{"number": "+493099881", "note": "Werbung", "since": "2026-11-22 10:00", "by": "support"}],
    "put_through": {"shows": "own", "number": None, "legs_per_minute": 3, "minutes_per_day": None},
    "digest": {"mail": ["buero@muster.example"], "at": "17:30", "days": "daily", "empty": True},
}  # fmt: skip
"""Another value for each field."""


async def shown(service: CustomerService, *paths: str) -> dict[str, Any]:
    """What an editor is shown at these paths."""
    values = values_of(await service.load(MUSTER))
    return {path: value_at(values, path) for path in paths}


async def save(service: CustomerService, path: str, value: Any) -> tuple[str, ...]:
    """The paths that support changed, having seen what stands there."""
    return (await service.save(MUSTER, {path: value}, await shown(service, path), SUPPORT)).changed


@pytest.mark.parametrize("field", CustomerEntry.model_fields)
async def test_every_field_is_saved_alone(database: Database, field: str) -> None:
    service = await two_customers(database)
    before = values_of(await service.load(MUSTER))
    changed = await save(service, field, EVERYTHING[field])
    assert {path.partition("/")[0] for path in changed} == {field}
    after = values_of(await customers_on(database).load(MUSTER))
    wanted = CustomerEntry.model_validate({**before, field: EVERYTHING[field]})
    assert after == values_of(wanted) and after[field] != before[field]
    assert await save(service, field, EVERYTHING[field]) == ()
    assert (await service.load(NEXT)).name == "Next GmbH"


async def test_the_next_call_is_treated_as_saved(database: Database) -> None:
    service = await two_customers(database)
    calls = StoredCustomers(database, CLASSES)
    before = await calls.by_access_number(E164("+4930123450"))
    changes = {"wait/treatment": "ringing", "ring_time": 20}
    await service.save(MUSTER, changes, await shown(service, *changes), OWNER)
    after = await calls.by_access_number(E164("+4930123450"))
    assert before is not None and before.wait.treatment is Treatment.DELAYED_CONNECT
    assert after is not None and (after.wait.treatment, after.ring_time) == (Treatment.RINGING, 20)


async def test_contacts_are_edited_one_by_one(database: Database) -> None:
    service = await two_customers(database)
    kern = "contacts/Jan~1Ida ~0 Kern"
    assert await save(service, f"{kern}/absence", {"until": "2026-12-27T08:00"}) == (f"{kern}/absence",)
    assert await save(service, f"{kern}/absence/reason", "Fair") == (f"{kern}/absence",)
    assert await save(service, f"{kern}/transfer", {"targets": ["030 23125001"]}) == (f"{kern}/transfer",)
    assert await save(service, "contacts/Ole", {"notify": {"mail": ["ole@muster.example"]}}) == ("contacts/Ole",)
    assert await save(service, "contacts/Eva Brandt", None) == ("contacts/Eva Brandt",)
    assert [
        contact.model_dump(mode="json", exclude_defaults=True) for contact in (await service.load(MUSTER)).contacts
    ] == [
        {
            "name": "Jan/Ida ~ Kern",
            "notify": {"sms": "+491713920001"},
            "absence": {"reason": "Fair", "until": "2026-12-27 08:00"},
            "transfer": {"targets": ["+493023125001"]},
        },
        {"name": "Ole", "notify": {"mail": ["ole@muster.example"]}},
    ]


async def test_two_contacts_swap_names_and_their_deputies_follow(database: Database) -> None:
    service = await two_customers(database)
    changes = {"contacts/Eva Brandt/name": "Jan/Ida ~ Kern", "contacts/Jan~1Ida ~0 Kern/name": "Eva Brandt"}
    await service.save(MUSTER, changes, await shown(service, *changes), OWNER)
    first, second = (await service.load(MUSTER)).contacts
    assert (first.name, first.position, second.name) == ("Jan/Ida ~ Kern", "Head", "Eva Brandt")
    assert second.absence is not None and second.absence.deputy == "Jan/Ida ~ Kern"


WRONG = {
    "number": "K1002",
    "access_numbers": ["030 123460"],
    "lines": ["0180 5123456"],
    "tariff": "offis",
    "greeting": "{name}",
    "wait": {"treatment": "answered", "music": "a b"},
    "routing/groups": ["team2"],
    "closed_days": ["24.12."],
    "contacts/Eva Brandt/notify": {"off": ["mail"]},
    "contacts/Ole/phone": "030",
    "faq/0": "x",
    "colour": "red",
}


async def test_every_mistake_is_told_at_once_in_the_order_of_the_fields(database: Database) -> None:
    service = await two_customers(database)
    before = await service.load(MUSTER)
    with pytest.raises(Refused) as refused:
        await service.save(MUSTER, WRONG, {}, SUPPORT)
    assert said(refused.value) == [
        ("colour", "extra_forbidden"),
        ("number", "taken.number"),
        ("access_numbers", "taken.access_number"),
        ("tariff", "unknown.tariff"),
        ("greeting", "greeting.braces"),
        ("closed_days/0", "day"),
        ("wait/music", "sound"),
        ("wait/treatment", "L2.treatment"),
        ("routing/groups", "unknown.group"),
        ("contacts/Ole/phone", "gone"),
        ("contacts/Eva Brandt/notify", "notify.none"),
        ("faq/0", "path"),
    ]
    assert await service.load(MUSTER) == before
    assert [entry.path for entry in await service.history(MUSTER)] == ["created"]


async def test_the_law_refuses_either_side(database: Database) -> None:
    service = await two_customers(database)
    with pytest.raises(Refused) as refused:
        await service.save(MUSTER, {"lines": ["0180 5123456"], "wait/treatment": "answered"}, {}, OWNER)
    assert [(one.path, one.wrong.code, one.wrong.values) for one in refused.value.mistakes] == [
        ("wait/treatment", "L2.treatment", {"line": "+491805123456", "class": "per_minute", "treatment": "answered"})
    ]
    transfer = {"contacts/Eva Brandt/transfer": {"targets": ["030 23125013"]}}
    with pytest.raises(Refused) as refused:
        await service.save(MUSTER, {"lines": ["0180 5123456"], **transfer}, {}, OWNER)
    assert said(refused.value) == [("contacts/Eva Brandt/transfer", "L3.transfer")]
    await service.save(MUSTER, transfer, {}, OWNER)
    with pytest.raises(Refused) as refused:
        await service.save(MUSTER, {"lines": ["0180 5123456"]}, {}, OWNER)
    assert said(refused.value) == [("contacts/Eva Brandt/transfer", "L3.transfer")]
    with pytest.raises(Refused) as refused:
        await service.save(MUSTER, {"shown_numbers": [{"number": "0900 1234567", "right": "None"}]}, {}, SUPPORT)
    assert said(refused.value) == [("shown_numbers/0/number", "L7.shown")]


async def test_hours_only_narrow_the_tariff(database: Database) -> None:
    service = await two_customers(database)
    with pytest.raises(Refused) as refused:
        await service.save(MUSTER, {"hours": {"mon": ["07:00-12:00"]}}, {}, SUPPORT)
    assert str(refused.value) == "hours: Monday 07:00-08:00 is outside the tariff's 08:00-18:00"
    changes = {"hours": {"mon": ["07:00-12:00"]}, "tariff": "always"}
    assert (await service.save(MUSTER, changes, {}, SUPPORT)).changed == ("tariff", "hours")
    with pytest.raises(Refused) as refused:
        await service.save(MUSTER, {"tariff": "office"}, {}, SUPPORT)
    assert said(refused.value) == [("hours", "hours.wider")]


async def test_the_second_of_two_editors_of_one_field_is_shown_the_others_value(database: Database) -> None:
    service = await two_customers(database)
    seen = await shown(service, "instructions", "absence_reason")
    await service.save(MUSTER, {"instructions": "Be brief."}, seen, OWNER)
    before = await service.history(MUSTER)
    with pytest.raises(Conflict) as conflict:
        await service.save(MUSTER, {"instructions": "Be kind.", "absence_reason": "Fair"}, seen, SUPPORT)
    assert (conflict.value.paths, conflict.value.theirs) == (("instructions",), {"instructions": "Be brief."})
    assert (await service.load(MUSTER)).absence_reason is None
    assert await service.history(MUSTER) == before
    assert (await service.save(MUSTER, {"instructions": "Be brief."}, seen, SUPPORT)).changed == ()


@pytest.mark.parametrize("paths", [("greeting", "ring_time"), ("contacts/Eva Brandt/phone", "contacts/Eva Brandt/fax")])
async def test_two_who_edit_different_fields_at_once_both_land(database: Database, paths: tuple[str, str]) -> None:
    service, other = await two_customers(database), customers_on(database)
    values = {"greeting": "Hello", "ring_time": 20}
    edits = [{path: values.get(path, "030 23125013")} for path in paths]
    seen = await shown(service, *paths)
    await asyncio.gather(
        *(one.save(MUSTER, edit, seen, OWNER) for one, edit in zip((service, other), edits, strict=True))
    )
    now = await shown(service, *paths)
    assert [now[path] for path in paths] == [values.get(path, "+493023125013") for path in paths]


async def test_of_many_who_edit_one_field_at_once_one_wins(database: Database) -> None:
    service = await two_customers(database)
    seen = await shown(service, "greeting")
    editors = [customers_on(database).save(MUSTER, {"greeting": f"Hello {n}"}, seen, OWNER) for n in range(6)]
    done = await asyncio.gather(*editors, return_exceptions=True)
    won = [one.entry.greeting for one in done if not isinstance(one, BaseException)]
    assert len(won) == 1
    assert [(type(one), one.args) for one in done if isinstance(one, BaseException)] == [(Conflict, ("greeting",))] * 5
    assert (await service.load(MUSTER)).greeting == won[0]
    assert [entry.path for entry in await service.history(MUSTER)] == ["greeting", "created"]


async def test_a_contact_that_somebody_else_has_removed(database: Database) -> None:
    service = await two_customers(database)
    seen = await shown(service, "contacts/Jan~1Ida ~0 Kern/absence")
    await save(service, "contacts/Jan~1Ida ~0 Kern", None)
    with pytest.raises(Conflict) as conflict:
        await service.save(MUSTER, {"contacts/Jan~1Ida ~0 Kern/absence": {}}, seen, OWNER)
    assert conflict.value.theirs == {"contacts/Jan~1Ida ~0 Kern/absence": None}


async def test_nobody_saves_for_a_stranger_or_for_nobody(database: Database) -> None:
    service = await two_customers(database)
    for customer, by in ((NEXT, OWNER), (CustomerId(99), SUPPORT)):
        with pytest.raises(NoSuchCustomer):
            await service.save(customer, {"instructions": "x"}, {}, by)
    with pytest.raises(NoSuchCustomer):
        await service.load(CustomerId(99))
    assert (await service.load(NEXT)).instructions is None


async def test_who_keeps_a_copy_is_told_of_every_change_and_of_nothing_else(database: Database) -> None:
    await two_customers(database)
    told: list[str] = []
    service = CustomerService(
        StoredCustomerEntries(database), lambda: RULES, lambda: NOW, lambda: told.append("changed")
    )
    await save(service, "greeting", "Muster, {agent}.")
    await save(service, "greeting", "Muster, {agent}.")
    with pytest.raises(Refused):
        await save(service, "greeting", "Muster, {anybody}.")
    assert told == ["changed"]
