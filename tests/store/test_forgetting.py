"""What is too old is forgotten and nothing else: calls step by step, messages when they are through, all the rest."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest_asyncio
from sqlalchemy import RowMapping, Table, func, insert, select

from engine.message.slip import Slip
from engine.message.states import DeliveryState, Means
from engine.ports import CallRecord
from engine.ports.keeping import Forgotten, NightReport
from engine.ports.messages import Delivery
from engine.ports.outbox import Planned
from engine.store.database import Database
from engine.store.forgetting import StoredForgetting
from engine.store.journal import StoredJournal
from engine.store.keeping import KEPT, StoredNights
from engine.store.messages import StoredMessages
from engine.store.tables import (
    audit,
    call_attempts,
    call_closings,
    call_talks,
    call_trail,
    calls,
    change_orders,
    desk_news,
    message_deliveries,
    one_time_links,
    sessions,
    sign_in_failures,
    users,
)
from engine.terms import AgentId, CallId, CustomerId
from tests.catalogue import service_on

NOW = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
OLD, DAY = NOW - timedelta(days=180), timedelta(days=1)
OWN = CustomerId(1)
CUSTOMERS = """
tariffs: [{name: day, hours: {mon-fri: ["08:00-18:00"]}}]
customers: [{number: K1, name: Bäckerei Korn, tariff: day}]
"""
ALL = 100


@pytest_asyncio.fixture
async def old(database: Database) -> StoredForgetting:
    """Over a store with a customer."""
    await service_on(database).import_text(CUSTOMERS)
    return StoredForgetting(database)


async def put(database: Database, table: Table, **values: Any) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(table).values(values))


async def count(database: Database, table: Table) -> int:
    async with database.reading() as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


async def row(database: Database, table: Table, **key: Any) -> RowMapping:
    wanted = select(table).where(*(table.c[name] == value for name, value in key.items()))
    async with database.reading() as connection:
        return (await connection.execute(wanted)).mappings().one()


def record(call: str, at: datetime, outcome: str = "answered") -> CallRecord:
    """A call that Anna has answered."""
    told: dict[str, Any] = {"picked_up_at": at, "answered_at": at, "agent": AgentId("anna"), "charged_minutes": 3}
    return CallRecord(CallId(call), "+49301000001", None, OWN, "+49171555", "+49301234", at, outcome, **told)


async def had_call(database: Database, call: str, at: datetime, outcome: str = "answered") -> None:
    """A call, with all that there is below one."""
    await put(database, calls, **asdict(record(call, at, outcome)))
    await put(database, call_trail, call=call, n=1, at=at, what="arrived", detail="+49171555 for +49301000001")
    own = {"call": call, "customer": OWN, "agent": "anna"}
    await put(database, call_talks, **own, n=1, began_at=at, ended_at=at, waited_ms=1, talked_ms=1)
    await put(database, call_closings, **own, reason="sales", spam=True, at=at)
    dialled = {"contact": "Eva Brandt", "number": "+49171777", "trunk": "carrier", "kind": "blind", "result": "busy"}
    await put(database, call_attempts, leg=f"{call}-1", call=call, customer=OWN, dialled_at=at, **dialled)


async def took(database: Database, at: datetime, due: datetime | None = None) -> int:
    """A message, and to whom it is to go."""
    slip = Slip(AgentId("anna"), "Anna", at, text="Der Ofen ist kalt.")
    planned = [Planned(Means.MAIL, "Eva Brandt", "eva@korn.example", due)] if due else []
    return (await StoredMessages(database).add(OWN, str(at), slip, planned))[0]


async def test_a_trail_goes_first_and_the_call_stays(database: Database, old: StoredForgetting) -> None:
    await had_call(database, "old", OLD - DAY)
    await had_call(database, "new", OLD + DAY)
    assert [await old.trails(OLD, ALL) for _ in range(2)] == [1, 0]
    assert await count(database, call_trail) == 1
    kept = await row(database, calls, id="old")
    assert (kept["caller"], kept["agent"], kept["forgotten"]) == ("+49171555", "anna", 1)


async def test_a_call_becomes_a_figure_with_which_it_can_still_be_charged(
    database: Database, old: StoredForgetting
) -> None:
    await had_call(database, "old", OLD - DAY)
    await old.trails(OLD, ALL)
    await had_call(database, "older", OLD - DAY)
    await had_call(database, "new", OLD + DAY)
    assert [await old.callers(OLD, 1) for _ in range(3)] == [1, 1, 0]
    for call in ("old", "older"):
        kept = await row(database, calls, id=call)
        was = asdict(record(call, OLD - DAY))
        assert dict(kept) == {**was, "caller": None, "agent": None, "forgotten": 3}
        assert (await row(database, call_talks, call=call))["agent"] == ""
        dialled = await row(database, call_attempts, call=call)
        assert (dialled["contact"], dialled["number"], dialled["result"]) == ("", "", "busy")
    assert await count(database, call_trail) == await count(database, call_closings) == 1
    assert (await row(database, calls, id="new"))["caller"] == "+49171555"


async def test_a_call_that_was_never_closed_is_in_use(database: Database, old: StoredForgetting) -> None:
    await had_call(database, "open", OLD - DAY, "open")
    assert [await work(OLD, ALL) for work in (old.trails, old.callers, old.calls)] == [0, 0, 0]


async def test_in_the_end_the_figure_goes_too_with_all_below_it(database: Database, old: StoredForgetting) -> None:
    await had_call(database, "old", OLD - DAY)
    await old.callers(OLD, ALL)
    await had_call(database, "whole", OLD - DAY)
    assert await old.calls(OLD, ALL) == 2
    for table in (calls, call_trail, call_talks, call_attempts, call_closings):
        assert await count(database, table) == 0, table.name


async def test_a_call_that_the_journal_writes_anew_is_forgotten_anew(database: Database, old: StoredForgetting) -> None:
    await had_call(database, "old", OLD - DAY)
    await old.callers(OLD, ALL)
    journal = StoredJournal(database)
    journal.closed(record("old", OLD - DAY))
    await journal.close()
    assert await old.callers(OLD, ALL) == 1
    assert (await row(database, calls, id="old"))["caller"] is None


async def test_a_message_goes_with_its_deliveries_unless_one_is_still_to_be_made(
    database: Database, old: StoredForgetting
) -> None:
    old_one, waiting, new = [await took(database, at) for at in (OLD - DAY, OLD - 2 * DAY, OLD + DAY)]
    sent = Delivery(Means.MAIL, "Eva Brandt", "eva@korn.example", DeliveryState.SENT, NOW)
    await put_deliveries(database, old_one, sent)
    await put_deliveries(database, waiting, Delivery(Means.SMS, "Eva", "+49171777", DeliveryState.QUEUED, NOW, due=NOW))
    assert [await old.messages(OLD, ALL) for _ in range(2)] == [1, 0]
    found = [await StoredMessages(database).find(OWN, one) for one in (old_one, waiting, new)]
    assert [one and len(one.deliveries) for one in found] == [None, 1, 0]
    assert await count(database, message_deliveries) == 1


async def put_deliveries(database: Database, message: int, one: Delivery) -> None:
    told = {name: value for name, value in asdict(one).items() if name != "id"}
    await put(database, message_deliveries, **told, message=message, key=f"{message}", begun_at=one.at)


async def test_of_a_delivery_stays_that_it_went_and_not_to_whom(database: Database, old: StoredForgetting) -> None:
    message = await took(database, OLD - DAY)
    lost = Delivery(Means.SMS, "Eva", "+49171777", DeliveryState.FAILED, OLD - DAY, 3, detail="no such +49171777")
    await put_deliveries(database, message, lost)
    other = await took(database, OLD - 2 * DAY)
    await put_deliveries(database, other, Delivery(Means.SMS, "Eva", "+49171777", DeliveryState.QUEUED, OLD, due=NOW))
    assert [await old.addresses(OLD, ALL) for _ in range(2)] == [1, 0]
    found = await StoredMessages(database).find(OWN, message)
    assert found
    (kept,) = found.deliveries
    assert (kept.state, kept.at, kept.tries) == (DeliveryState.FAILED, OLD - DAY, 3)
    assert (kept.recipient, kept.address, kept.detail, kept.is_lost) == ("", "", "", False)


async def test_orders_that_are_done_the_audit_and_news_whose_time_is_over(
    database: Database, old: StoredForgetting
) -> None:
    before = await count(database, audit)
    asked = {"customer": OWN, "text": "Bitte", "asked_at": OLD, "asked_by": "petra", "urgent": False}
    for done in (OLD - DAY, OLD + DAY, None):
        await put(database, change_orders, **asked, due=date(2026, 5, 1), done_at=done)
    for until in (OLD - DAY, OLD + DAY, None):
        await put(database, desk_news, text="Neu", until=until, at=OLD, by="ines")
    for at in (OLD - DAY, OLD - DAY, OLD + DAY):
        await put(database, audit, at=at, who="petra", customer=OWN, customer_number="K1", path="greeting")
    assert await old.orders(OLD, ALL) == 1 and await count(database, change_orders) == 2
    assert await old.news(OLD, ALL) == 1 and await count(database, desk_news) == 2
    assert before == 1  # the customer's making, which is no older than this test
    assert await old.audit(OLD, ALL) == 2 and await count(database, audit) == before + 1


async def test_what_let_somebody_in_goes_once_it_lets_nobody_in(database: Database, old: StoredForgetting) -> None:
    me = {"role": "admin", "language": "de", "disabled": False, "made_at": OLD}
    await put(database, users, id=1, key="ines", login="ines", name="Ines", **me)
    for n, at in enumerate((OLD - DAY, OLD + DAY)):
        seen = {"created_at": at, "last_seen_at": at, "address": "192.0.2.1", "device": "Firefox"}
        await put(database, sessions, token=str(n), user=1, **seen)
        await put(database, one_time_links, token=str(n), user=1, expires_at=at)
        await put(database, sign_in_failures, login="hash", network="192.0.2.1", at=at, code=False)
    for work, table in ((old.sessions, sessions), (old.links, one_time_links), (old.failures, sign_in_failures)):
        assert await work(OLD, ALL) == 1 and await count(database, table) == 1


async def test_the_last_reports_are_kept(database: Database) -> None:
    store = StoredNights(database)
    lines = (Forgotten("messages", 1095, 12), Forgotten("calls", 3650, 0, "StoreError"))
    reports = [NightReport(NOW + n * DAY, n, lines) for n in range(KEPT + 3)]
    for one in reports:
        await store.add(one)
    assert await store.last(1000) == reports[:2:-1]
    assert await store.last(1) == reports[-1:]
