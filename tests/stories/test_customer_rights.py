"""Who may change what of a customer: every field by every role (§3.3, §5.1.1, §6.2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from engine.accounts import Action, Role, may
from engine.entries import CustomerEntry
from engine.ports import CallRecord
from engine.service.customer_judging import Refused
from engine.service.customer_rights import RIGHTS, right_for
from engine.service.customers import NoSuchCustomer
from engine.store.database import Database
from engine.store.journal import StoredJournal
from engine.terms import CallId
from tests.customers import MUSTER, NOW, OWNER, SUPPORT, customers_on, said, somebody, two_customers
from tests.stories.test_customer_saving import EVERYTHING

SUPPORT_ALONE = {
    "number",
    "name",
    "access_numbers",
    "tariff",
    "state",
    "blocked",
    "hours",
    "closed_days",
    "max_calls",
    "max_rate",
    "listening_in",
    "live_since",
    "shown_numbers",
    "put_through",
}
THE_CUSTOMERS = {
    "lines", "greeting", "absence_reason", "back_from", "back_from_text", "instructions", "wait", "routing",
    "ring_time", "contacts", "company", "vip_notes", "faq", "message_fields", "blocked_callers", "digest",
}  # fmt: skip


def test_of_every_field_it_is_decided_whose_it_is() -> None:
    own = {field for field, right in RIGHTS.items() if right is Action.EDIT_OWN}
    assert (own, RIGHTS.keys() - own) == (THE_CUSTOMERS, SUPPORT_ALONE)
    assert list(CustomerEntry.model_fields.keys() ^ RIGHTS.keys()) == []
    assert not may(Role.CUSTOMER, right_for("a field of tomorrow"))


def outcomes() -> Iterator[tuple[Role, str, str]]:
    for field in CustomerEntry.model_fields:
        yield Role.CUSTOMER, field, "right" if field in SUPPORT_ALONE else "saved"
        yield Role.SUPPORT, field, "saved"
        yield Role.ADMIN, field, "saved"
        yield Role.AGENT, field, "nobody"
        yield Role.SUPERVISOR, field, "nobody"


@pytest.mark.parametrize("role", Role)
async def test_every_field_by_every_role(database: Database, role: Role) -> None:
    service = await two_customers(database)
    found = []
    stored = await service.load(MUSTER)
    for field in CustomerEntry.model_fields:
        try:
            await service.save(MUSTER, {field: EVERYTHING[field]}, {}, somebody(role))
            found.append((role, field, "saved"))
            back = {field: stored.model_dump(mode="json", by_alias=True)[field]}
            await service.save(MUSTER, back, {}, SUPPORT)
        except NoSuchCustomer:
            found.append((role, field, "nobody"))
        except Refused as refused:
            ((path, code),) = said(refused)
            found.append((role, path, code))
    assert found == [one for one in outcomes() if one[0] is role]
    assert await service.load(MUSTER) == stored


async def test_a_customer_may_send_back_what_only_support_may_change(database: Database) -> None:
    service = await two_customers(database)
    stored = (await service.load(MUSTER)).model_dump(mode="json", by_alias=True)
    assert (await service.save(MUSTER, {**stored, "instructions": "x"}, stored, OWNER)).changed == ("instructions",)


async def test_a_customer_is_not_told_what_others_have(database: Database) -> None:
    service = await two_customers(database)
    with pytest.raises(Refused) as refused:
        await service.save(MUSTER, {"access_numbers": ["030 123460"], "number": "K1002", "ring_time": 1}, {}, OWNER)
    assert said(refused.value) == [
        ("number", "right"),
        ("access_numbers", "right"),
        ("ring_time", "greater_than_equal"),
    ]


FIRST_DAY = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)
"""In Berlin it is 2 November already."""
LAST_MINUTE = datetime(2026, 11, 15, 22, 59, tzinfo=UTC)
ONE_MINUTE = timedelta(minutes=1)


async def call_arrived(database: Database, at: datetime) -> None:
    record = CallRecord(CallId(str(at)), "+4930123450", None, MUSTER, None, None, at, "answered")
    journal = StoredJournal(database)
    journal.opened(record)
    journal.closed(record)
    await journal.close()


async def greets(database: Database, now: datetime, words: str) -> list[tuple[str, str]]:
    """The owner changes the greeting; what is said against it."""
    try:
        await customers_on(database, now).save(MUSTER, {"greeting": words}, {}, OWNER)
    except Refused as refused:
        return said(refused)
    return []


@pytest.mark.parametrize("known_by", ["first call", "date"])
async def test_two_weeks_after_going_live_the_greeting_is_supports(database: Database, known_by: str) -> None:
    service = await two_customers(database)
    assert await greets(database, NOW, "Not live yet.") == []
    if known_by == "date":
        await service.save(MUSTER, {"live_since": "2026-11-02"}, {}, SUPPORT)
        await call_arrived(database, FIRST_DAY - timedelta(days=90))
    else:
        await call_arrived(database, FIRST_DAY + timedelta(days=3))
        await call_arrived(database, FIRST_DAY)
    assert await greets(database, LAST_MINUTE, "Still mine.") == []
    assert await greets(database, LAST_MINUTE + ONE_MINUTE, "Late.") == [("greeting", "greeting.locked")]
    assert await greets(database, LAST_MINUTE + ONE_MINUTE, "Still mine.") == []
    late = customers_on(database, LAST_MINUTE + ONE_MINUTE)
    assert (await late.save(MUSTER, {"greeting": "Ours."}, {}, SUPPORT)).changed == ("greeting",)


async def test_customers_are_made_by_support_alone_and_with_every_mistake_told(database: Database) -> None:
    service = await two_customers(database)
    values = {"number": "K1003", "name": "Drei", "tariff": "always", "access_numbers": ["030 123470"]}
    made = await service.create(values, SUPPORT)
    assert (made.customer, made.entry) == (3, await service.load(made.customer))
    with pytest.raises(Refused) as refused:
        await service.create(values, OWNER)
    assert said(refused.value) == [("number", "right")]
    with pytest.raises(Refused) as refused:
        await service.create(values, SUPPORT)
    assert said(refused.value) == [("number", "taken.number"), ("access_numbers", "taken.access_number")]
    with pytest.raises(Refused) as refused:
        await service.create({"number": "K4", "ring_time": 1}, SUPPORT)
    assert said(refused.value) == [("name", "missing"), ("tariff", "missing"), ("ring_time", "greater_than_equal")]
    assert [one.path for one in await service.history(made.customer)] == ["created"]
