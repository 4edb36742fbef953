"""One customer's calls: never another's, found by what people know of them, by index."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, insert

from engine.ports import CallRecord
from engine.ports.customer_calls import TEST_CALLER, Day, SeenLine, Wanted
from engine.store.calls import StoredCalls
from engine.store.customer_calls import StoredCustomerCalls
from engine.store.database import Database
from engine.store.schema import upgrade
from engine.store.tables import agents, calls
from engine.terms import CallId, CustomerId
from pbx.runtime.secret_files import TESTCALL_USER
from tests.talks import talk, wrote_talks

OWN, OTHER = CustomerId(1), CustomerId(2)
NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


def row(n: int, customer: CustomerId = OWN, **more: Any) -> dict[str, Any]:
    """A call that arrived n minutes before noon."""
    told = {"outcome": "abandoned", "caller": f"+4940{n:06}", "line": None, "agent": None, **more}
    record = CallRecord(
        id=CallId(f"{customer}-{n:06}"), dialled="1", access_number=None, customer=customer,
        arrived_at=NOON - timedelta(minutes=n), **told,
    )  # fmt: skip
    return asdict(record)


async def filled(database: Database, *rows: dict[str, Any]) -> StoredCustomerCalls:
    """A store with these calls and one agent."""
    async with database.writing() as connection:
        await connection.execute(insert(agents).values(login="anna", name="Özge Lindner", state="offline"))
        await connection.execute(insert(calls), list(rows))
    return StoredCustomerCalls(database)


async def ids(store: StoredCustomerCalls, **wanted: Any) -> list[str]:
    """What is found for the own customer."""
    return [one.record.id for one in await store.page(OWN, Wanted(**wanted), 10)]


async def test_calls_are_the_customers_own_and_found_by_what_people_know(database: Database) -> None:
    store = await filled(
        database,
        row(1, caller="+49301234567"), row(2, line="+493099887700"), row(3, agent="anna", outcome="answered"),
        row(3, OTHER, agent="anna"), row(4),
    )  # fmt: skip
    assert await ids(store) == ["1-000001", "1-000002", "1-000003", "1-000004"]
    assert await ids(store, text="030 1234567") == ["1-000001"]
    assert await ids(store, text="99887700") == ["1-000002"]
    assert await ids(store, text="+49 30 123") == ["1-000001"]
    assert await ids(store, text="lindner") == ["1-000003"]
    assert await ids(store, text="ÖZGE  lindner") == ["1-000003"]
    assert await ids(store, text="\u0301") == []
    assert await ids(store, text="a\0") == await ids(store, after=CallId("\0")) == []
    assert await store.find(OWN, CallId("\0")) is None
    assert await ids(store, text="%") == []
    assert await ids(store, after=CallId("1-000002")) == ["1-000003", "1-000004"]
    assert await ids(store, after=CallId("2-000003")) == []
    minutes = NOON - timedelta(minutes=3), NOON - timedelta(minutes=1)
    assert await ids(store, since=minutes[0], until=minutes[1]) == ["1-000002", "1-000003"]
    assert await store.find(OWN, CallId("2-000003")) is None
    found = await store.find(OWN, CallId("1-000003"))
    assert found and (found[0].agent_name, found[1]) == ("Özge Lindner", [])


async def test_all_who_have_talked_in_a_call_are_named_in_order_and_it_is_found_by_each(database: Database) -> None:
    store = await filled(database, row(1, agent="ben", outcome="answered"), row(2, agent="ben", outcome="answered"))
    async with database.writing() as connection:
        await connection.execute(insert(agents).values(login="ben", name="Ben Kraus", state="offline"))
    first, second = row(1, agent="ben"), row(2, agent="ben")
    await wrote_talks(
        database, *(talk(first, n=n, agent=agent) for n, agent in ((2, "gone"), (1, "anna"), (3, "ben"), (4, "anna")))
    )
    await wrote_talks(database, talk(second))
    both, bens = await store.page(OWN, Wanted(), 9)
    assert (both.agent_name, both.answered_by) == ("Ben Kraus", ("Özge Lindner", "Ben Kraus"))
    assert bens.answered_by == ("Ben Kraus",)
    found = await store.find(OWN, both.record.id)
    assert found and found[0] == both
    assert await ids(store, text="lindner") == ["1-000001"]
    assert await ids(store, text="kraus") == ["1-000001", "1-000002"]
    listed = {call.record.id: call.agents for call in await StoredCalls(database).last(9)}
    assert listed == {both.record.id: both.answered_by, bens.record.id: bens.answered_by}


async def test_the_day_and_the_lines_are_summed_up(database: Database) -> None:
    answered: dict[str, Any] = {
        "outcome": "answered",
        "talked_ms": 60_000,
        "charged_minutes": 1,
        "line": "+493099887700",
    }
    some = [row(1, **answered), row(2, **answered), row(3), row(4, OTHER, line="+49301"), row(90)]
    store = await filled(database, *some)
    assert await store.since(OWN, NOON - timedelta(hours=1)) == Day(2, 1, 0, 120_000, 2)
    assert await store.since(OWN, NOON) == Day()
    hours = [NOON - timedelta(hours=n) for n in (2, 1, 0)]
    assert [day.answered for day in await store.between(OWN, hours)] == [0, 2]
    assert list(await store.between(OWN, hours[1:])) == [Day(2, 1, 0, 120_000, 2)]
    assert await store.lines(OWN) == [
        SeenLine("+493099887700", NOON - timedelta(minutes=1)),
        SeenLine(None, NOON - timedelta(minutes=3)),
    ]


async def test_every_question_begins_at_the_customers_index(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/calls.db")
    await upgrade(database)
    plans: list[str] = []

    def explained(connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if "FROM calls" in statement and not statement.startswith("EXPLAIN"):
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.append(next(row.detail for row in rows if " calls " in f"{row.detail} "))

    event.listen(Engine, "before_cursor_execute", explained)
    try:
        store = await filled(database, row(1))
        plans.clear()
        await store.page(OWN, Wanted(text="nobody", after=CallId("1-000001")), 50)
        await store.page(OWN, Wanted(since=NOON, until=NOON), 50)
        await store.since(OWN, NOON)
        await store.between(OWN, [NOON, NOON])
        await store.lines(OWN)
    finally:
        event.remove(Engine, "before_cursor_execute", explained)
        await database.close()
    by_key, *others = plans
    assert "sqlite_autoindex_calls_1 (id=?)" in by_key
    assert len(others) == 5
    assert all("USING INDEX ix_calls_customer (customer=?" in plan for plan in others), others


async def test_a_test_call_from_the_command_line_comes_over_no_forwarded_line(database: Database) -> None:
    assert TEST_CALLER == TESTCALL_USER
    store = await filled(database, row(1, caller=TEST_CALLER))
    assert await store.lines(OWN) == []
    async with database.writing() as connection:
        await connection.execute(insert(calls), [row(2, caller=None), row(3, caller="+493012", line="+493099887700")])
    assert sorted(one.line or "" for one in await store.lines(OWN)) == ["", "+493099887700"]
