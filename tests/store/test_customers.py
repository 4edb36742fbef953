"""The one look-up of every call: complete, one statement, by index, never stale."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Engine, event, text

from engine.acd.need import Circle, Need
from engine.call.limits import Limits
from engine.call.plan import WaitPlan
from engine.hours.service import ServiceHours, Span
from engine.law.classes import ClassRule, ClassTable
from engine.ports import CustomerSettings, Line
from engine.store.customers import BY_ACCESS_NUMBER, StoredCustomers
from engine.store.database import Database
from engine.terms import (
    E164,
    AfterMaxWait,
    CustomerId,
    Group,
    NumberClass,
    Skill,
    Treatment,
)
from tests.catalogue import CLASSES, FIRST, service_on

OFFICE = (Span(8 * 60, 18 * 60),)
FULL = """\
groups: [{name: team1}]
tariffs: [{name: office, hours: {mon-fri: ["08:00-18:00"]}, holidays: closed}]
customers:
  - number: K2
    name: Voll & Ganz
    access_numbers: ["030 222", "030 111"]
    lines: ["0800 1234567", {number: "0180 6123456", class: per_minute}]
    tariff: office
    state: BY
    blocked: true
    hours: {mon: ["09:00-17:00"]}
    closed_days: [2026-12-24]
    wait: {music: jazz, greeting: welcome, announcements: [a, b-c], announce_every: 7.5, max_wait: 90}
    routing: {skills: [b, a], groups: [team1], overflow_after: 30, overflow: {skills: [a]}}
    ring_time: 15
    max_calls: 12
    max_rate: 1.5
    listening_in: true
    blocked_callers:
      - {number: 030 999, note: Werbung & mehr, since: "2026-11-22 10:00", by: eva@voll.example}
      - {number: "+1555", by: support}
      - "+4930998"
  - {number: K1, name: Karg, access_numbers: ["+49301"], tariff: office, wait: {treatment: ringing, then: keep}}
"""
SERIES = "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 100009)"
FILL = (
    "INSERT INTO customers (id, number, name, blocked, tariff, closed_days, routing) "
    "SELECT i, 'N' || i, 'Name', false, 'always', '[]', '{}' FROM n",
    "INSERT INTO access_numbers (number, customer, place) SELECT '+4940' || i, i, 0 FROM n",
    "INSERT INTO forwarded_lines (customer, number, place) SELECT i, '+4941' || i, 0 FROM n",
    'INSERT INTO wait_settings (customer, treatment, music, announcements, "then") '
    "SELECT i, 'ringing', 'default', '[]', 'busy' FROM n",
    "INSERT INTO blocked_callers (customer, number, place) SELECT i, '+4942' || i, 0 FROM n",
)


async def found(database: Database, number: str) -> CustomerSettings | None:
    return await StoredCustomers(database, CLASSES).by_access_number(E164(number))


async def test_everything_that_a_call_needs(database: Database) -> None:
    await service_on(database).import_text(FULL)
    full = CustomerSettings(
        id=CustomerId(1),
        number="K2",
        name="Voll & Ganz",
        blocked=True,
        wait=WaitPlan(Treatment.DELAYED_CONNECT, "jazz", "welcome", ("a", "b-c"), 7.5, 90, AfterMaxWait.BUSY),
        need=Need(
            Circle(frozenset({Skill("a"), Skill("b")}), frozenset({Group("team1")})),
            30,
            Circle(frozenset({Skill("a")})),
        ),
        hours=ServiceHours(
            (OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, (), ()),
            closed_on_holidays=True,
            state="BY",
            closed_days=frozenset({date(2026, 12, 24)}),
            narrowed=((Span(9 * 60, 17 * 60),), (), (), (), (), (), ()),
        ),
        ring_time=15,
        lines=(
            Line(E164("+498001234567"), NumberClass.FREE),
            Line(E164("+491806123456"), NumberClass.PER_MINUTE),
        ),
        limits=Limits(12, 1.5),
        listening_in=True,
        blocked_callers={
            E164("+4930999"): "2026-11-22 10:00 eva@voll.example Werbung & mehr",
            E164("+1555"): "support",
            E164("+4930998"): "",
        },
    )
    bare = CustomerSettings(
        id=CustomerId(2),
        number="K1",
        name="Karg",
        blocked=False,
        wait=WaitPlan(Treatment.RINGING, then=AfterMaxWait.KEEP),
        need=Need(),
        hours=ServiceHours((OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, (), ()), closed_on_holidays=True),
    )
    assert [await found(database, number) for number in ("+4930111", "+4930222", "+49301", "+49302")] == [
        full,
        full,
        bare,
        None,
    ]


async def test_l1_a_table_that_became_stricter_holds_against_an_older_correction(database: Database) -> None:
    await service_on(database).import_text(FULL.replace("class: per_minute", "class: budget_30s"))
    stricter = ClassTable([ClassRule("+491806", NumberClass.PER_MINUTE, "0180-6", "test")])
    customer = await StoredCustomers(database, stricter).by_access_number(E164("+4930111"))
    assert customer is not None
    assert [line.number_class for line in customer.lines] == [NumberClass.UNKNOWN, NumberClass.PER_MINUTE]


async def test_a_write_is_seen_by_the_next_call(database: Database, database_url: str) -> None:
    await service_on(database).import_text(FIRST)
    customers = StoredCustomers(database, CLASSES)
    before = await customers.by_access_number(E164("+4930123450"))
    other = Database(database_url)
    for treatment in (Treatment.RINGING, Treatment.ANSWERED, Treatment.RINGING_ANNOUNCED):
        await service_on(other).import_text(FIRST.replace("delayed_connect", treatment.value))
        after = await customers.by_access_number(E164("+4930123450"))
        assert after is not None and after.wait.treatment is treatment
    await other.close()
    assert before is not None and before.wait.treatment is Treatment.DELAYED_CONNECT


async def test_one_statement_by_index_among_100_000_customers(database: Database) -> None:
    await service_on(database).import_text(FIRST)
    async with database.writing() as connection:
        for statement in FILL:
            await connection.execute(text(f"{SERIES} {statement}"))
        await connection.execute(text("ANALYZE"))
    said: list[str] = []

    def listen(*args: Any) -> None:
        said.append(args[2])

    event.listen(Engine, "before_cursor_execute", listen)
    customer = await found(database, "+494054321")
    event.remove(Engine, "before_cursor_execute", listen)
    assert customer is not None and customer.number == "N54321"
    assert [statement.split()[0] for statement in said] == ["SELECT"]
    assert await _plan(database) == {
        "access_numbers": "by index",
        "customers": "by index",
        "wait_settings": "by index",
        "forwarded_lines": "by index",
        "blocked_callers": "by index",
    }


async def _plan(database: Database) -> dict[str, str]:
    """How the look-up reaches each table of many rows."""
    statement = str(BY_ACCESS_NUMBER.compile(dialect=database.engine.dialect)).replace("\n", " ")
    statement = re.sub(r"__\[POSTCOMPILE_\w+\]", "','", statement)
    async with database.reading() as connection:
        if database.is_sqlite:
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("+494054321",))
            steps = [row.detail.split() for row in rows if row.detail.startswith(("SEARCH", "SCAN"))]
            scanned = {words[1]: "by index" if words[0] == "SEARCH" else "whole" for words in steps}
        else:
            asked = statement.replace("$1::VARCHAR", "'+494054321'").replace("$1::TEXT", "'+494054321'")
            rows = await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {asked}")
            plan = rows.scalar_one()
            steps = list(_scans((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))
            scanned = {table: "whole" if kind == "Seq Scan" else "by index" for table, kind in steps}
    return {table: how for table, how in scanned.items() if table != "tariffs"}


def _scans(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "Relation Name" in node:
        yield node["Relation Name"], node["Node Type"]
    for child in node.get("Plans", ()):
        yield from _scans(child)
