"""Daily summaries, on both databases: each once, of what is there when it leaves, and no day late (§5.2.3)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import insert
from structlog.testing import capture_logs

from engine.entries import CustomerEntry
from engine.jobs.digests import DigestJob, until_next
from engine.message.digest import Digest
from engine.message.slip import Slip
from engine.message.states import DeliveryState, Means, Occasion, State, Summary
from engine.ports.messages import Delivery
from engine.ports.outbox import Noted, Parcel
from engine.service.digests import Digests
from engine.store.customer_store import StoredCustomerEntries
from engine.store.database import Database, StoreError
from engine.store.messages import StoredMessages
from engine.store.notices import StoredNotices
from engine.store.outbox import StoredOutbox
from engine.store.tables import calls
from engine.terms import AgentId, CallId, CustomerId
from tests.catalogue import service_on
from tests.deliveries import put
from tests.store.test_customer_calls import row as call_row

SIX = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
"""18:00 on a Thursday in Germany."""
DAY, SOON = timedelta(days=1), timedelta(seconds=10)
KORN, LOT = CustomerId(1), CustomerId(2)
CUSTOMERS = """
tariffs: [{name: day, hours: {mon-fri: ["08:00-18:00"]}}]
customers:
  - number: K1
    name: Bäckerei Korn
    tariff: day
    digest: {mail: [a@korn.example, b@korn.example], at: "18:00", days: daily}
    contacts:
      - {name: Eva, notify: {mail: [eva@korn.example], sms: "+491713920011", "off": [mail], digest: {at: "18.00"}}}
      - {name: Max, notify: {mail: [max@korn.example]}}
  - {number: K2, name: Kanzlei Lot, tariff: day, digest: {mail: [lot@lot.example], at: "7:30", empty: true}}
"""


class House:
    """The store, and two engines that plan over it."""

    def __init__(self, database: Database) -> None:
        entries = StoredCustomerEntries(database)
        self.database, self.notices = database, StoredNotices(database)
        self.messages, self.outbox = StoredMessages(database), StoredOutbox(database)
        self.digests, self.other = Digests(self.notices, entries), Digests(StoredNotices(database), entries)
        self._taken = 0

    async def takes(self, at: datetime, contact: str | None = None, customer: CustomerId = KORN, **more: Any) -> int:
        self._taken += 1
        slip = Slip(AgentId("anna"), "Anna Lindner", at, contact, **{"text": "Der Ofen ist kalt.", **more})
        return (await self.messages.add(customer, f"{self._taken}", slip))[0]

    async def had_call(self, call: str, ended_at: datetime) -> None:
        told = {"id": call, "arrived_at": ended_at - timedelta(minutes=5), "ended_at": ended_at}
        async with self.database.writing() as connection:
            await connection.execute(insert(calls).values({**call_row(0, KORN), **told}))

    async def leaves(self, now: datetime) -> dict[str, Digest]:
        """What is handed over, by address."""
        found: Sequence[Parcel] = await self.outbox.claim(now, Means.MAIL, 9)
        for one in found:
            await self.outbox.note(Noted(one.id, DeliveryState.SENT, now, 1, None))
        return {one.address: one.digest for one in found if one.digest}


@pytest_asyncio.fixture
async def house(database: Database) -> House:
    await service_on(database).import_text(CUSTOMERS)
    return House(database)


async def test_it_tells_of_the_day_as_it_stands_when_it_leaves_and_of_no_other(house: House) -> None:
    lost = await house.takes(SIX - timedelta(hours=2), "Eva", call=CallId("c1"))
    mail = Delivery(Means.MAIL, "Eva", "eva@korn.example", DeliveryState.FAILED, SIX)
    await put(house.database, lost, mail)
    everybodys, maxs = await house.takes(SIX - timedelta(hours=1)), await house.takes(SIX - DAY, "Max")
    gone = await house.takes(SIX - timedelta(minutes=1), "Eva", call=CallId("c9"))
    for too_early_or_late in (SIX - DAY - timedelta(seconds=1), SIX):
        await house.takes(too_early_or_late, "Eva")
    await house.takes(SIX - timedelta(hours=1), customer=LOT)
    for call, ended_at in (("c1", SIX - timedelta(hours=2)), ("c2", SIX - DAY), ("c3", SIX), ("c4", SIX - DAY - SOON)):
        await house.had_call(call, ended_at)
    await house.messages.mark(KORN, maxs, lambda marks: type(marks)(State.DONE))
    assert await house.digests.plan(SIX - timedelta(hours=9), SIX + SOON - timedelta(seconds=1)) == 0
    assert await house.digests.plan(SIX, SIX + SOON) == 3
    since = SIX - timedelta(hours=1)
    assert await house.messages.remove(KORN, gone, AgentId("anna"), CallId("c9"), since), "deleted meanwhile"
    told = await house.leaves(SIX + SOON)
    assert sorted(told) == ["a@korn.example", "b@korn.example", "eva@korn.example"]
    whole, evas = told["a@korn.example"], told["eva@korn.example"]
    assert whole == told["b@korn.example"]
    assert [(one.id, one.state, one.delivery) for one in whole.messages] == [
        (maxs, State.DONE, Summary.NONE), (lost, State.NEW, Summary.FAILED), (everybodys, State.NEW, Summary.NONE),
    ]  # fmt: skip
    assert (whole.contact, whole.begin, whole.end, whole.count, whole.unread) == (None, SIX - DAY, SIX, 3, 2)
    assert (whole.calls, whole.without) == (2, 1)
    assert ([one.id for one in evas.messages], evas.contact, evas.calls) == ([lost, everybodys], "Eva", 2)


async def test_each_leaves_once_across_restarts_and_two_engines(house: House) -> None:
    await house.takes(SIX - timedelta(hours=1))
    for start in (None, SIX):
        made = await asyncio.gather(*(one.plan(start, SIX + SOON) for one in (house.digests, house.other)))
        assert sum(made) == (0 if start else 4)
    _, parcel = await house.outbox.claim(SIX + SOON, Means.MAIL, 2)
    assert (parcel.occasion, parcel.message, parcel.path, parcel.since) == (Occasion.DIGEST, 0, "/messages", SIX)
    await house.outbox.release()  # killed while it was handed over
    assert parcel in await house.outbox.claim(SIX + SOON, Means.MAIL, 9), "under the same key"
    changed = CUSTOMERS.replace('"18:00"', '"19:00"')
    await service_on(house.database).import_text(changed)
    assert await house.digests.plan(None, SIX + timedelta(hours=2)) == 0, "that day's has left"


async def test_an_empty_day_sends_nothing_unless_so_wished_and_no_day_is_left_out(house: House) -> None:
    half_past_seven = SIX - timedelta(hours=10, minutes=30)
    assert await house.digests.plan(None, half_past_seven + SOON) == 1, "the lawyers wish so"
    (lot,) = (await house.leaves(half_past_seven + SOON)).values()
    assert (lot.count, lot.calls, lot.begin) == (0, 0, half_past_seven - DAY)
    assert await house.digests.plan(half_past_seven, SIX + SOON) == 0
    await house.had_call("c1", SIX + timedelta(hours=1))
    assert await house.digests.plan(None, SIX + DAY + SOON) == 3, "Korn's, for there was a call, and Lot's"
    told = await house.leaves(SIX + DAY + SOON)
    assert {address: one.calls for address, one in told.items()} == {
        "a@korn.example": 1, "b@korn.example": 1, "lot@lot.example": 0,
    }  # fmt: skip
    missed = await house.takes(SIX + DAY + timedelta(hours=1))
    assert await house.digests.plan(None, SIX + 3 * DAY + timedelta(hours=4)) == 2, (
        "late on a Sunday: none of Saturday's"
    )
    (whole, _) = (await house.leaves(SIX + 4 * DAY)).values()
    assert ([one.id for one in whole.messages], whole.begin, whole.end) == ([missed], SIX + DAY, SIX + 3 * DAY)


async def test_who_is_late_by_a_day_sends_it_no_more(house: House) -> None:
    await house.takes(SIX - timedelta(hours=1))
    assert await house.digests.plan(None, SIX + timedelta(hours=7)) == 0
    assert [one.state for one in await house.notices.sent(KORN, Occasion.DIGEST, SIX - DAY)] == []
    assert await house.digests.plan(None, SIX + timedelta(hours=5, minutes=59)) == 4, "the same day"


async def test_a_customer_whose_entry_cannot_be_read_costs_nobody_else_a_summary(house: House) -> None:
    class Broken(StoredCustomerEntries):
        """Of the bakers."""

        async def load(self, customer: CustomerId) -> CustomerEntry | None:
            if customer == KORN:
                raise ValueError("no entry")
            return await super().load(customer)

    digests = Digests(house.notices, Broken(house.database))
    with capture_logs() as logs:
        assert await digests.plan(None, SIX + SOON) == 1
    assert [(one["event"], one.get("customer")) for one in logs] == [
        ("digest_not_planned", KORN),
        ("digests_planned", None),
    ]


async def test_the_job_looks_every_minute_and_makes_up_for_what_it_could_not_see() -> None:
    now, asked, waited, woken = SIX, list[datetime | None](), list[float](), list[None]()

    class Away(Digests):
        """The store cannot be reached twice."""

        def __init__(self) -> None:
            return

        async def plan(self, since: datetime | None, now: datetime) -> int:
            asked.append(since)
            if len(asked) in (2, 3):
                raise StoreError("the database is away")
            return 1

    async def wait(seconds: float) -> None:
        nonlocal now
        waited.append(seconds)
        now += timedelta(seconds=seconds)
        if len(waited) == 5:
            raise asyncio.CancelledError

    with capture_logs() as logs, pytest.raises(asyncio.CancelledError):
        await DigestJob(Away(), lambda: now, lambda: woken.append(None), wait).run()
    assert asked == [None, SIX, SIX, SIX, SIX + timedelta(seconds=130.1)]
    assert [round(one, 3) for one in waited] == [10.1, 60, 60, 60, 60]
    assert len(woken) == 3
    assert [one["event"] for one in logs] == ["digests_not_planned"]
    assert until_next(SIX + timedelta(seconds=59, milliseconds=900)) == pytest.approx(10.2)
