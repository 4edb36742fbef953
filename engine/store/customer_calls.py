"""One customer's calls (`engine.ports.customer_calls.CustomerCalls`).

Rule of this file: every statement is bound to the customer, and begins at the index over customer and time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select, tuple_

from engine.ports import CallAttempt, CallRecord, TrailEntry
from engine.ports.customer_calls import TEST_CALLER, CustomerCall, Day, SeenLine, Wanted
from engine.store.call_agents import agents_of, has_talked, in_order
from engine.store.calls import attempt_of, attempts_of
from engine.store.database import Database
from engine.store.searching import NUMBER, digits, folded, has
from engine.store.tables import agents, call_attempts, call_trail, calls
from engine.terms import CallId, CustomerId

_LATEST = 500
"""Calls that are looked at for their lines."""
_NUL = "\0"
"""Stands in no text of the store, and PostgreSQL does not even look for it."""
_COUNTED = {"abandoned": "missed", "max_wait": "missed", "answered": "answered", "caller_blocked": "blocked"}
_LISTED = select(calls, agents.c.name.label("agent_name")).outerjoin(agents, agents.c.login == calls.c.agent)
_FIELDS = tuple(field.name for field in fields(CallRecord))


class StoredCustomerCalls:
    """Fills `CustomerCalls`, as far as the journal has been written."""

    def __init__(self, database: Database, country: str = "49") -> None:
        """`country`: the installation's code without plus, for numbers that are searched as `030 …`."""
        self._lane = database.lane()
        self._country = country

    async def page(self, customer: CustomerId, wanted: Wanted, limit: int) -> Sequence[CustomerCall]:
        """See CustomerCalls."""
        if _NUL in f"{wanted.text}{wanted.after}":
            return []

        def work(connection: Connection) -> list[CustomerCall]:
            statement = _narrowed(connection, _LISTED.where(calls.c.customer == customer), wanted, self._country)
            if wanted.after is not None:
                place = select(calls.c.arrived_at, calls.c.id).where(
                    calls.c.id == wanted.after, calls.c.customer == customer
                )
                last = connection.execute(place).one_or_none()
                if last is None:
                    return []
                older = tuple_(calls.c.arrived_at, calls.c.id) < tuple_(*last)
                statement = statement.where(calls.c.arrived_at <= last.arrived_at, older)
            ordered = statement.order_by(calls.c.arrived_at.desc(), calls.c.id.desc()).limit(limit)
            return _calls(connection, connection.execute(ordered).all())

        return await self._lane.read(work)

    async def find(self, customer: CustomerId, call: CallId) -> tuple[CustomerCall, Sequence[TrailEntry]] | None:
        """See CustomerCalls."""
        if _NUL in call:
            return None

        def work(connection: Connection) -> tuple[CustomerCall, Sequence[TrailEntry]] | None:
            own = _LISTED.where(calls.c.id == call, calls.c.customer == customer)
            found = _calls(connection, connection.execute(own).all())
            if not found:
                return None
            trail = connection.execute(select(call_trail).where(call_trail.c.call == call).order_by(call_trail.c.n))
            return found[0], [TrailEntry(CallId(row.call), row.n, row.at, row.what, row.detail) for row in trail]

        return await self._lane.read(work)

    async def attempts(self, customer: CustomerId, call: CallId) -> Sequence[CallAttempt]:
        """See CustomerCalls."""
        if _NUL in call:
            return []
        wanted = attempts_of(call).where(call_attempts.c.customer == customer)
        return await self._lane.read(lambda connection: list(map(attempt_of, connection.execute(wanted))))

    async def since(self, customer: CustomerId, begin: datetime) -> Day:
        """See CustomerCalls."""
        return await self._lane.read(lambda connection: _counted(connection, customer, calls.c.arrived_at >= begin))

    async def between(self, customer: CustomerId, moments: Sequence[datetime]) -> Sequence[Day]:
        """See CustomerCalls."""
        at = calls.c.arrived_at
        spans = [and_(at >= begin, at < end) for begin, end in pairwise(moments)]
        return await self._lane.read(lambda connection: [_counted(connection, customer, span) for span in spans])

    async def lines(self, customer: CustomerId) -> Sequence[SeenLine]:
        """See CustomerCalls."""
        latest = (
            select(calls.c.line, calls.c.arrived_at)
            .where(calls.c.customer == customer, calls.c.caller.is_distinct_from(TEST_CALLER))
            .order_by(calls.c.arrived_at.desc())
            .limit(_LATEST)
            .subquery()
        )
        last = func.max(latest.c.arrived_at).label("at")
        wanted = select(latest.c.line, last).group_by(latest.c.line).order_by(last.desc())
        rows = await self._lane.read(lambda connection: connection.execute(wanted).all())
        return [SeenLine(row.line, row.at) for row in rows]


def _counted(connection: Connection, customer: CustomerId, when: ColumnElement[bool]) -> Day:
    sums = (func.sum(calls.c.talked_ms), func.sum(calls.c.charged_minutes))
    wanted = select(calls.c.outcome, func.count(), *sums).where(calls.c.customer == customer, when)
    rows = connection.execute(wanted.group_by(calls.c.outcome)).all()
    counted: dict[str, int] = defaultdict(int)
    for outcome, count, _, _ in rows:
        counted[_COUNTED.get(outcome, "other")] += count
    talked, charged = (int(sum(row[place] for row in rows)) for place in (2, 3))
    return Day(**counted, talked_ms=talked, charged_minutes=charged)


def _narrowed(connection: Connection, statement: Select[Any], wanted: Wanted, country: str) -> Select[Any]:
    if wanted.since is not None:
        statement = statement.where(calls.c.arrived_at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(calls.c.arrived_at < wanted.until)
    if wanted.text.strip():
        statement = statement.where(_has(connection, wanted.text.strip(), country))
    return statement


def _has(connection: Connection, text: str, country: str) -> ColumnElement[bool]:
    """The text in one of the numbers, or in the name of an agent who has talked.

    Of a number what its ways of being written share, for callers' numbers stand as the carrier has sent them.
    """
    part = digits(text, country).removeprefix(f"+{country}") if NUMBER.fullmatch(text) else text
    # The agents first, and by name: they are few, the calls are many.
    wanted, staff = folded(text), connection.execute(select(agents.c.login, agents.c.name))
    named = [login for login, name in staff if wanted and wanted in folded(name)]
    numbers = [has(connection, column, part) for column in (calls.c.caller, calls.c.line)]
    said = [calls.c.agent.in_(named), has_talked(calls.c.id, named)] if named else []
    return or_(*numbers, *said)


def _calls(connection: Connection, rows: Sequence[Row[Any]]) -> list[CustomerCall]:
    names = in_order(connection.execute(agents_of([row.id for row in rows])))
    return [CustomerCall(_record(row), row.agent_name, names[row.id]) for row in rows]


def _record(row: Row[Any]) -> CallRecord:
    return CallRecord(**{name: row._mapping[name] for name in _FIELDS})
