"""What support asks of the store, on both databases: change orders, early answers, lines that carriers name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from engine.accounts import Role
from engine.ports.incidents import NamedLine
from engine.ports.orders import ChangeOrder
from engine.store.database import Database
from engine.store.incidents import StoredIncidents
from engine.store.orders import StoredOrders
from engine.store.support import StoredSupport
from tests.catalogue import CLASSES
from tests.customers import MUSTER, NEXT, somebody, two_customers
from tests.web.happened import happened

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def test_open_orders_stand_by_due_day_and_are_done_once(database: Database) -> None:
    await two_customers(database)
    store = StoredOrders(database)
    wish = ChangeOrder(0, MUSTER, "Please.", NOW, "eva", False, date(2026, 11, 24))
    later, urgent = await store.add(wish), await store.add(replace(wish, customer=NEXT, due=date(2026, 11, 22)))
    assert [one.id for one in await store.open(10)] == [urgent, later]
    assert await store.change(urgent, lambda one: replace(one, price=2500, done_at=NOW, done_by="ines"))
    assert not await store.change(99, lambda one: one)
    kept = replace(wish, id=urgent, customer=NEXT, due=date(2026, 11, 22), price=2500, done_at=NOW, done_by="ines")
    assert await store.order(urgent) == replace(kept, customer_number="K1002", customer_name="Next GmbH")
    assert [one.id for one in await store.open(10)] == [later]
    assert [one.id for one in await store.of_customer(NEXT, 10)] == [urgent]


async def test_early_answers_and_named_lines_are_found(database: Database) -> None:
    service = await two_customers(database)
    store = StoredIncidents(database)
    await happened(database, "early", MUSTER, NOW, line="+491805123456")
    await happened(database, "again", MUSTER, NOW + HOUR, line="+491805123456")
    await happened(database, "lawful", MUSTER, NOW, answered_at=NOW + HOUR, picked_up_at=NOW)
    await happened(database, "before", MUSTER, NOW - HOUR)
    await happened(database, "of-nobody", None, NOW)
    prefixes = CLASSES.prefixes()
    assert [one.id for one in await store.early_answers(MUSTER, prefixes, NOW, 10)] == ["again", "early"]
    assert await store.early_answers(None, prefixes, NOW, 10) == []
    changes = {"lines": ["+491805123456"], "wait": {"max_wait": 120}}
    await service.save(MUSTER, changes, {}, somebody(Role.SUPPORT))
    assert [one.id for one in await store.early_answers(None, prefixes, NOW, 10)] == ["again", "early"]
    assert await store.named_lines(None, 10) == [NamedLine(MUSTER, "+491805123456", NOW + HOUR)]
    assert await store.named_lines(NEXT, 10) == []
    assert (await store.owners({MUSTER}))[MUSTER].lines == (("+491805123456", None),)


async def test_the_first_call_and_the_tariffs_are_known(database: Database) -> None:
    await two_customers(database)
    store = StoredSupport(database)
    assert await store.first_call(MUSTER) is None
    await happened(database, "second", MUSTER, NOW + HOUR)
    await happened(database, "first", MUSTER, NOW)
    assert await store.first_call(MUSTER) == NOW
    assert [(tariff.name, tariff.holidays) for tariff in await store.tariffs()] == [
        ("always", "open"),
        ("office", "closed"),
    ]
