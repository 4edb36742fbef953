"""Calls that agents have closed as spam, what became of the marks, and which numbers are our own; by index."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, event, select, text

from engine.ports.desk import NoMessage
from engine.ports.spam import SpamMark
from engine.store.database import Database
from engine.store.messages import StoredMessages
from engine.store.spam import KEPT, StoredSpam
from engine.store.tables import spam_dismissals
from engine.terms import E164
from tests.store.test_desk import ANNA, BEN, CALLER, NOON, OTHER, OWN, closing, filled, row, slip

SINCE = NOON - timedelta(days=90)
NUMBER = E164(CALLER)


async def test_what_was_closed_as_spam_the_latest_first(database: Database) -> None:
    desk = await filled(database, *(row(n) for n in range(1, 7)), row(7, caller=None), row(8, OTHER))
    for n in (1, 2, 3, 7):
        await desk.close(closing(n, spam=True, at=NOON - timedelta(minutes=n)))
    bens = closing(2, NoMessage.HUNG_UP, spam=True, at=NOON - timedelta(hours=1))
    await desk.close(replace(bens, agent=BEN))
    await desk.close(replace(bens, at=NOON - timedelta(hours=2)))
    await desk.close(closing(4))
    await desk.close(closing(5, spam=True))
    await desk.close(closing(5))
    await desk.close(closing(6, spam=True, at=SINCE - timedelta(seconds=1)))
    await desk.close(replace(closing(8, spam=True, at=NOON - timedelta(minutes=2)), customer=OTHER))
    await desk.close(closing(99, spam=True))
    await StoredMessages(database).add(OWN, "a", slip(3))
    store = StoredSpam(database)
    own = (OWN, "K1", "Bäckerei Korn", CALLER)
    first = SpamMark(*own, NOON - timedelta(minutes=1), ANNA, "Anna Lindner", NoMessage.SALES)
    second = SpamMark(*own, NOON - timedelta(hours=1), BEN, None, NoMessage.HUNG_UP)
    others = SpamMark(
        OTHER, "K2", "Kanzlei Lot", CALLER, NOON - timedelta(minutes=2), ANNA, "Anna Lindner", NoMessage.SALES
    )
    assert list(await store.marks(OWN, SINCE, 9)) == [first, second]
    assert list(await store.marks(None, SINCE, 9)) == [first, others, second]
    assert list(await store.marks(None, SINCE, 2)) == [first, others]


async def test_what_was_dismissed_last_and_nothing_for_ever(database: Database) -> None:
    await filled(database, row(1))
    store = StoredSpam(database)
    await store.dismiss(OWN, NUMBER, "petra", NOON - KEPT - timedelta(days=1))
    await store.dismiss(OTHER, E164("+4930998"), "lot", NOON)
    assert list(await store.dismissals([OWN])) == [(OWN, NUMBER)]
    await store.dismiss(OWN, E164("+4930999"), "petra", NOON)
    await store.dismiss(OWN, E164("+4930999"), "eva", NOON + timedelta(hours=1))
    assert await store.dismissals([OWN, OTHER]) == {
        (OWN, "+4930999"): NOON + timedelta(hours=1),
        (OTHER, "+4930998"): NOON,
    }
    assert await store.dismissals([]) == {}
    async with database.reading() as connection:
        rows = (await connection.execute(select(spam_dismissals.c.by).order_by(spam_dismissals.c.number))).scalars()
        assert list(rows) == ["lot", "eva"]


async def test_whose_ever_access_numbers(database: Database) -> None:
    await filled(database, row(1))
    async with database.writing() as connection:
        await connection.execute(text("INSERT INTO access_numbers (number, customer, place) VALUES ('+493011', 2, 0)"))
    many = [E164(f"+4940{n}") for n in range(1200)]
    assert await StoredSpam(database).access_numbers([*many, E164("+493011")]) == {"+493011"}


async def test_marks_are_found_by_index_whatever_has_been_closed(database: Database) -> None:
    await filled(database, row(1))
    fill = "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
    closings = "INSERT INTO call_closings (call, customer, agent, reason, spam, at) "
    known = "INSERT INTO calls (id, customer, caller, arrived_at, dialled, outcome, waited_ms, talked_ms, "
    known += "transferred_ms, charged_seconds, charged_minutes) "
    async with database.writing() as connection:
        at = "'2026-11-22 11:00:00.000000'" if database.is_sqlite else "'2026-11-22 11:00:00+00'::timestamptz"
        several = f"SELECT 'x' || i, 1 + i % 2, 'anna', 'sales', i % 1000 = 0, {at} FROM n"
        told = f"SELECT 'x' || i, 1 + i % 2, '+4930' || i, {at}, '1', 'answered', 0, 0, 0, 0, 0 FROM n"
        for into, wanted in ((closings, several), (known, told)):
            await connection.execute(text(f"{into}{fill}{wanted}" if database.is_sqlite else f"{fill}{into}{wanted}"))
        await connection.execute(text("ANALYZE"))
    said: list[tuple[str, Any]] = []

    def listen(*args: Any) -> None:
        said.append((args[2], args[3]))

    event.listen(Engine, "before_cursor_execute", listen)
    await StoredSpam(database).marks(None, SINCE, 9)
    event.remove(Engine, "before_cursor_execute", listen)
    ((statement, values),) = said
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    async with database.reading() as connection:
        rows = (await connection.exec_driver_sql(f"{explain} {statement}", values)).all()
    assert "ix_call_closings_spam" in str(rows), rows
