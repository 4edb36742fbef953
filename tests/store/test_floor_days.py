"""The callers of a day are counted hour by hour, by one statement that reads one index, on both databases."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, insert

from engine.ports import CallRecord
from engine.ports.customer_calls import TEST_CALLER
from engine.ports.floor_days import Counted
from engine.store.database import Database
from engine.store.floor_days import StoredFloorDays
from engine.store.schema import upgrade
from engine.store.tables import calls
from engine.terms import CallId, CustomerId

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
HOURS = [NOON + timedelta(hours=n) for n in range(4)]


def row(n: int, minutes: float, waited: float, outcome: str = "answered", **more: Any) -> dict[str, Any]:
    """The n-th call: so many minutes past noon, with a wait in seconds."""
    told = {"dialled": "1", "access_number": None, "customer": CustomerId(n % 2), "caller": "030555", "line": None}
    arrived = NOON + timedelta(minutes=minutes)
    record = CallRecord(
        id=CallId(f"c{n}"), arrived_at=arrived, outcome=outcome, waited_ms=int(waited * 1000), **{**told, **more}
    )
    return asdict(record)


async def had(database: Database, *rows: dict[str, Any]) -> None:
    """These calls are over, of more than one customer."""
    async with database.writing() as connection:
        await connection.execute(insert(calls), list(rows))


async def test_a_day_is_counted_hour_by_hour_over_all_customers(database: Database) -> None:
    await had(
        database,
        row(1, 0, 20, talked_ms=60_000), row(2, 59.99, 20.001, talked_ms=30_000),
        row(3, 60, 5, "abandoned"), row(4, 61, 4.999, "abandoned"), row(5, 62, 90, "max_wait"),
        # None of these is anybody's wait for an agent.
        row(6, 63, 30, "closed"), row(7, 63, 30, "blocked"), row(8, 63, 30, "open"), row(9, 63, 30, "failed"),
        row(10, 64, 1, caller=TEST_CALLER, talked_ms=1), row(11, -0.001, 1), row(12, 180, 1),
        row(13, 130, 2, caller=None, talked_ms=5_000),
    )  # fmt: skip
    assert await StoredFloorDays(database).counted(HOURS) == [
        Counted(2, 1, 0, 40_001, 20_001, 90_000),
        Counted(0, 0, 2, 95_000, 90_000, 0),
        Counted(1, 1, 0, 2_000, 2_000, 5_000),
    ]


async def test_who_is_lost_after_a_talk_counts_as_answered_by_the_first_wait_and_besides(database: Database) -> None:
    lost: dict[str, Any] = {"lost_again": True, "talked_ms": 10_000}
    await had(
        database,
        row(1, 0, 20, waited_again_ms=4_000, **lost), row(2, 1, 21, waited_again_ms=90_000, **lost),
        row(3, 2, 3, waited_again_ms=30_000, talked_ms=40_000), row(4, 60, 80, waited_again_ms=1, **lost),
        row(5, 120, 3, waited_again_ms=60_000, caller=TEST_CALLER, **lost),
    )  # fmt: skip
    assert await StoredFloorDays(database).counted(HOURS) == [
        Counted(3, 2, 0, 44_000, 90_000, 60_000, 2), Counted(1, 0, 0, 80_000, 80_000, 10_000, 1), Counted(),
    ]  # fmt: skip


async def test_a_day_without_calls_is_nothing_and_no_error(database: Database) -> None:
    assert await StoredFloorDays(database).counted(HOURS) == [Counted(), Counted(), Counted()]


async def test_a_day_is_read_from_the_index_over_time(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/calls.db")
    await upgrade(database)
    plans: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "FROM calls" in statement and not statement.startswith("EXPLAIN"):
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row.detail for row in rows)

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        await StoredFloorDays(database).counted(HOURS)
    finally:
        event.remove(Engine, "before_cursor_execute", explain)
        await database.close()
    assert plans[0] == "SEARCH calls USING INDEX ix_calls_arrived_at (arrived_at>? AND arrived_at<?)"
