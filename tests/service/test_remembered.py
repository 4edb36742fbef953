"""Customers while the store fails, hangs and comes back: calls go on from what is known."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from engine.acd.need import Need
from engine.call.plan import WaitPlan
from engine.hours.service import ServiceHours
from engine.ports import CustomerSettings
from engine.service.clock import SteadyClock
from engine.service.remembered import RememberedCustomers, StoreAway
from engine.snapshot import About, written
from engine.store.customers import StoredCustomers
from engine.store.database import Database
from engine.store.schema import upgrade
from engine.terms import E164, CustomerId, Treatment
from tests.catalogue import CLASSES, FIRST, service_on
from tests.postgres import postgres_server
from tests.stories.installation import eventually

ONE, TWO, THREE = E164("+49301"), E164("+49302"), E164("+49303")
CUSTOMER = CustomerSettings(
    CustomerId(1), "K1", "One", False, WaitPlan(Treatment.RINGING), Need(), ServiceHours(((),) * 7)
)
NUMBER = E164("+4930123450")
LIMIT = 0.05


class Store:
    """A store that answers, fails or hangs, as it is told."""

    def __init__(self) -> None:
        self.has: dict[E164, CustomerSettings] = {ONE: CUSTOMER}
        self.fails = self.hangs = False
        self.asked = 0

    async def by_access_number(self, number: E164) -> CustomerSettings | None:
        self.asked += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails:
            raise OSError("no route to host")
        return self.has.get(number)


def over(store: Store, tmp_path: Path) -> RememberedCustomers:
    return RememberedCustomers(store, tmp_path / "snapshot", SteadyClock(), limit=LIMIT, retry=LIMIT)


def snapshot_with(tmp_path: Path, taken_at: datetime, **has: CustomerSettings) -> None:
    with written(tmp_path / "snapshot", About(taken_at, "49", 120, "de", "")) as put:
        for number, customer in has.items():
            put(E164(number), customer)


async def back(customers: RememberedCustomers) -> None:
    async def is_back() -> bool:
        return not customers.away

    await eventually(is_back, "the store is back")


@pytest.mark.parametrize("how", ["fails", "hangs"])
async def test_the_last_known_settings_hold_until_the_store_is_back(tmp_path: Path, how: str) -> None:
    store = Store()
    customers = over(store, tmp_path)
    snapshot_with(
        tmp_path, datetime.now(UTC) - timedelta(hours=1), **{ONE: replace(CUSTOMER, name="old"), TWO: CUSTOMER}
    )
    with capture_logs() as said:
        assert await customers.by_access_number(ONE) == CUSTOMER
        assert await customers.by_access_number(THREE) is None
        setattr(store, how, True)
        assert await customers.by_access_number(ONE) == CUSTOMER  # seen a moment ago
        assert await customers.by_access_number(TWO) == CUSTOMER  # in the snapshot
        with pytest.raises(StoreAway):
            await customers.by_access_number(THREE)
        store.has[ONE] = replace(CUSTOMER, name="new")
        setattr(store, how, False)
        await back(customers)
        assert await customers.by_access_number(ONE) == store.has[ONE]
    assert [line["event"] for line in said] == ["store_away", "store_back"]


async def test_only_the_first_waits_for_a_store_that_hangs(tmp_path: Path) -> None:
    store = Store()
    customers = RememberedCustomers(store, tmp_path / "snapshot", SteadyClock(), limit=LIMIT, retry=60)
    assert await customers.by_access_number(ONE) == CUSTOMER
    store.hangs = True
    for _ in range(100):
        assert await customers.by_access_number(ONE) == CUSTOMER
    assert store.asked == 2


async def test_a_younger_snapshot_wins_over_memory(tmp_path: Path) -> None:
    store = Store()
    customers = over(store, tmp_path)
    await customers.by_access_number(ONE)
    younger = replace(CUSTOMER, name="imported since")
    snapshot_with(tmp_path, datetime.now(UTC) + timedelta(seconds=1), **{ONE: younger})
    store.fails = True
    assert await customers.by_access_number(ONE) == younger


async def test_a_number_that_was_taken_away_is_forgotten(tmp_path: Path) -> None:
    store = Store()
    customers = over(store, tmp_path)
    await customers.by_access_number(ONE)
    store.has.clear()
    assert await customers.by_access_number(ONE) is None
    store.fails = True
    with pytest.raises(StoreAway):
        await customers.by_access_number(ONE)


async def imported(url: str) -> Database:
    """A store with one customer."""
    database = Database(url)
    await upgrade(database)
    await service_on(database).import_text(FIRST)
    return database


async def test_a_locked_sqlite(tmp_path: Path) -> None:
    database = await imported(f"sqlite:///{tmp_path}/vorzimmer.db")
    customers = RememberedCustomers(
        StoredCustomers(database, CLASSES), tmp_path / "snapshot", SteadyClock(), limit=0.5, retry=LIMIT
    )
    known = await customers.by_access_number(NUMBER)
    assert known is not None
    await database.close()
    with closing(sqlite3.connect(tmp_path / "vorzimmer.db", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=DELETE")  # in WAL mode a reader never waits
        other.execute("BEGIN EXCLUSIVE")
        assert await customers.by_access_number(NUMBER) == known
        assert customers.away
        other.execute("ROLLBACK")
    await back(customers)
    assert await customers.by_access_number(NUMBER) == known
    await database.close()


async def test_a_postgresql_that_is_stopped(tmp_path: Path) -> None:
    with postgres_server() as server:
        database = await imported(f"{server}postgres")
        customers = RememberedCustomers(
            StoredCustomers(database, CLASSES), tmp_path / "snapshot", SteadyClock(), limit=5, retry=60
        )
        known = await customers.by_access_number(NUMBER)
    assert known is not None
    assert await customers.by_access_number(NUMBER) == known
    assert customers.away
    await database.close()
