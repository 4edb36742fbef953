"""What support asks of the store, on both databases: change orders, early answers, lines that carriers name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from engine.accounts import Role
from engine.ports.incidents import NamedLine
from engine.ports.orders import ChangeOrder
from engine.store.database import Database
from engine.store.incidents import StoredIncidents, may_cost_by_the_minute
from engine.store.orders import StoredOrders
from engine.store.support import StoredSupport
from engine.store.tables import forwarded_lines
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


async def test_lines_that_may_cost_by_the_minute_are_told_by_their_beginnings(database: Database) -> None:
    """Rows of neighbouring prefixes, strict ones within mild ones, unknown ones: as `str.startswith` tells them."""
    await two_customers(database)
    mild, strict = ("+4915", "+4916", "+492", "+493", "+494", "+498", "+49800"), ("+4918", "+4931", "+4932", "+49900")
    heads = ("+4914", "+4915", "+4917", "+4918", "+492", "+4930", "+4931", "+4932", "+4933", "+494", "+495", "+49800")
    numbers = [head + tail for head in (*heads, "+498", "+49899", "+49900", "+43") for tail in ("0000", "9999999")]
    async with database.writing() as connection:
        await connection.execute(forwarded_lines.delete())
        rows = [{"customer": MUSTER, "number": number, "place": n} for n, number in enumerate(numbers)]
        await connection.execute(forwarded_lines.insert(), rows)
    wanted = select(forwarded_lines.c.number).where(may_cost_by_the_minute(mild, strict))
    async with database.reading() as connection:
        found = set((await connection.execute(wanted)).scalars())
    assert found == {one for one in numbers if one.startswith(strict) or not one.startswith(mild)}
