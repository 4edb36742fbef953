"""Every agent's talk of a call is kept once, whichever engine says it; calls that have been have their last one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, select, text

from engine.ports import CallTalk
from engine.store import migrations
from engine.store.database import Database
from engine.store.journal import StoredJournal
from engine.store.schema import upgrade
from engine.store.tables import call_talks
from engine.terms import AgentId, CallId, CustomerId

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
TALK = CallTalk(
    CallId("c1"), 1, CustomerId(1), AgentId("anna"), NOON, NOON + timedelta(seconds=30), "phone_lost", 3_000, 30_000
)  # fmt: skip


async def kept(database: Database) -> list[CallTalk]:
    """All talks, in order."""
    wanted = select(call_talks).order_by(call_talks.c.call, call_talks.c.n)
    async with database.reading() as connection:
        return [CallTalk(**row._mapping) for row in await connection.execute(wanted)]


async def test_a_talk_that_is_told_twice_is_kept_once_and_the_last_word_counts(database: Database) -> None:
    journal = StoredJournal(database)
    second = replace(TALK, n=2, agent=AgentId("ben"), how="caller_left")
    for talk in (replace(TALK, talked_ms=29_000), second, TALK):
        journal.talked(talk)
    await journal.flush()
    assert await kept(database) == [TALK, second]
    journal.talked(TALK)
    await journal.close()
    assert await kept(database) == [TALK, second]


async def test_a_killed_engine_takes_no_talk_with_it(database: Database, tmp_path: Path) -> None:
    journal = StoredJournal(database)
    await journal.keep_file(tmp_path / "journal")
    journal.talked(TALK)
    journal._writer.cancel()
    assert journal._file
    journal._file.close()
    after = StoredJournal(database)
    await after.keep_file(tmp_path / "journal")
    await after.close()
    assert await kept(database) == [TALK]


def before(connection: Connection) -> None:
    """The tables as they were before there were talks."""
    config = Config()
    config.set_main_option("script_location", str(Path(str(migrations.__file__)).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "0015")


_CALLS = """
INSERT INTO calls (id, dialled, customer, arrived_at, outcome, picked_up_at, agent_left_at, ended_at, agent, waited_ms,
    talked_ms, transferred_ms, charged_seconds, charged_minutes)
VALUES ('c1', '1', 7, '{0}', 'answered', '{1}', '{2}', '{3}', 'anna', 3000, 30000, 0, 30, 1),
    ('c2', '1', 7, '{0}', 'abandoned', NULL, NULL, '{3}', NULL, 90000, 0, 0, 0, 0),
    ('c3', '1', 7, '{0}', 'failed', '{1}', '{2}', '{3}', 'ben', 3000, 0, 0, 0, 0),
    ('c4', '1', 7, '{0}', 'open', NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0)
"""


async def test_calls_that_have_been_have_one_talk_of_the_last_agent_and_closings_stay(empty_url: str) -> None:
    database = Database(empty_url)
    database.create_file()
    moments = [NOON + timedelta(seconds=seconds) for seconds in (0, 3, 33, 34)]
    zone = "" if database.is_sqlite else "+00"
    async with database.writing() as connection:
        await connection.run_sync(before)
        await connection.execute(text(_CALLS.format(*(f"{at:%Y-%m-%d %H:%M:%S}.000000{zone}" for at in moments))))
        await connection.execute(
            text("INSERT INTO tariffs (name, hours, closed_on_holidays) VALUES ('day', '[]', false)")
        )
        names = "id, number, name, blocked, tariff, closed_days, routing"
        customer = f"INSERT INTO customers ({names}) VALUES (7, 'K7', 'Korn', false, 'day', '[]', '{{}}')"
        await connection.exec_driver_sql(customer)
        await connection.execute(
            text(
                "INSERT INTO call_closings (call, customer, agent, reason, spam, at) "
                f"VALUES ('c1', 7, 'anna', 'sales', true, '{NOON:%Y-%m-%d %H:%M:%S}.000000{zone}')"
            )
        )
    await upgrade(database)
    who = {"n": 1, "customer": 7, "began_at": moments[1], "ended_at": moments[2], "waited_ms": 3_000}
    assert await kept(database) == [
        CallTalk(CallId("c1"), agent=AgentId("anna"), how=None, talked_ms=30_000, **who),  # type: ignore[arg-type]
        CallTalk(CallId("c3"), agent=AgentId("ben"), how="not_joined", talked_ms=0, **who),  # type: ignore[arg-type]
    ]
    async with database.writing() as connection:
        again = "INSERT INTO call_closings SELECT call, customer, 'ben', reason, spam, at FROM call_closings"
        await connection.execute(text(again))
        rows = await connection.execute(text("SELECT agent, reason, spam FROM call_closings ORDER BY agent"))
        assert [tuple(row) for row in rows] == [("anna", "sales", True), ("ben", "sales", True)]
        lost = await connection.execute(text("SELECT id, waited_again_ms, lost_again FROM calls ORDER BY id"))
        assert [tuple(row) for row in lost] == [(f"c{n}", 0, False) for n in (1, 2, 3, 4)]
        await connection.execute(text("DELETE FROM customers"))
        left = await connection.execute(text("SELECT count(*) FROM call_closings"))
        assert left.scalar_one() == 0, "what is a customer's goes with it"
    await database.close()
