"""Calls as people ask for them: the last ones, one with its trail, those that were never closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Row, Select, func, select

from engine.ports import CallAttempt, CallRecord, TrailEntry
from engine.store.call_agents import agents_of, in_order
from engine.store.database import Database
from engine.store.tables import agents, call_attempts, call_trail, calls, customers
from engine.terms import CallId

_FIELDS = tuple(field.name for field in fields(CallRecord))
_ATTEMPT = tuple(field.name for field in fields(CallAttempt))


@dataclass(frozen=True, slots=True)
class ListedCall:
    """A call with the names that belong to it; None where there is, or was, nobody."""

    record: CallRecord
    customer_number: str | None
    customer_name: str | None
    agent_name: str | None
    """Of the last one who has talked."""
    agents: tuple[str, ...] = ()
    """Of all who have talked in it, in order, as far as their talks are kept."""


class StoredCalls:
    """The calls in the store, as far as the journal has been written."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last(self, limit: int) -> Sequence[ListedCall]:
        """The `limit` ≥ 0 calls that arrived last, the latest first."""
        return await self._listed(_LISTED.order_by(calls.c.arrived_at.desc(), calls.c.id.desc()).limit(limit))

    async def find(self, call: CallId) -> ListedCall | None:
        """One call; None if there is no such call."""
        found = await self._listed(_LISTED.where(calls.c.id == call))
        return found[0] if found else None

    async def trail(self, call: CallId) -> Sequence[TrailEntry]:
        """What happened in one call, in order; empty if there is no such call."""
        wanted = select(call_trail).where(call_trail.c.call == call).order_by(call_trail.c.n)
        async with self._database.reading() as connection:
            rows = await connection.execute(wanted)
        return [TrailEntry(CallId(row.call), row.n, row.at, row.what, row.detail) for row in rows]

    async def attempts(self, call: CallId) -> Sequence[CallAttempt]:
        """What was dialled in one call to put the caller through, in order."""
        async with self._database.reading() as connection:
            rows = await connection.execute(attempts_of(call))
        return list(map(attempt_of, rows))

    async def open_calls(self) -> Sequence[ListedCall]:
        """Calls that arrived and were never closed, the earliest first."""
        wanted = _LISTED.where(calls.c.outcome == "open").order_by(calls.c.arrived_at, calls.c.id)
        return await self._listed(wanted)

    async def _listed(self, wanted: Select[Any]) -> list[ListedCall]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted)).all()
            names = in_order(await connection.execute(agents_of([row.id for row in rows])))
            return [_call(row, names[row.id]) for row in rows]


def attempts_of(call: CallId) -> Select[Any]:
    """The legs to targets in this call, in order; those of one moment by the count in their ids."""
    wanted = select(call_attempts).where(call_attempts.c.call == call)
    return wanted.order_by(call_attempts.c.dialled_at, func.length(call_attempts.c.leg), call_attempts.c.leg)


def attempt_of(row: Row[Any]) -> CallAttempt:
    """The row as it was written."""
    return CallAttempt(**{name: row._mapping[name] for name in _ATTEMPT})


_LISTED = (
    select(
        calls,
        customers.c.number.label("customer_number"),
        customers.c.name.label("customer_name"),
        agents.c.name.label("agent_name"),
    )
    .outerjoin(customers, customers.c.id == calls.c.customer)
    .outerjoin(agents, agents.c.login == calls.c.agent)
)


def _call(row: Row[Any], names: tuple[str, ...]) -> ListedCall:
    record = CallRecord(**{name: row._mapping[name] for name in _FIELDS})
    return ListedCall(record, row.customer_number, row.customer_name, row.agent_name, names)
