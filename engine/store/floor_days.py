"""What has become of the callers of a day (`engine.ports.floor_days.FloorDays`).

Rule of this file: one statement for all spans, which reads the index over the time of arrival from the first moment to
the last and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select

from engine.ports.customer_calls import TEST_CALLER
from engine.ports.floor_days import GIVEN_UP_AT_ONCE, IN_TIME, Counted
from engine.store.database import Database
from engine.store.tables import calls

_REAL = calls.c.caller.is_distinct_from(TEST_CALLER)
_ANSWERED = and_(calls.c.outcome == "answered", _REAL)
_IN_TIME = and_(_ANSWERED, calls.c.waited_ms <= IN_TIME * 1000)
_GIVEN_UP = and_(calls.c.outcome == "abandoned", calls.c.waited_ms >= GIVEN_UP_AT_ONCE * 1000)
_ABANDONED = and_(or_(_GIVEN_UP, calls.c.outcome == "max_wait"), _REAL)
_COUNTED = or_(_ANSWERED, _ABANDONED)
_LONGER = case((calls.c.waited_again_ms > calls.c.waited_ms, calls.c.waited_again_ms), else_=calls.c.waited_ms)


class StoredFloorDays:
    """Fills `FloorDays`, as far as the journal has been written."""

    def __init__(self, database: Database) -> None:
        """On a lane of its own."""
        self._lane = database.lane()

    async def counted(self, moments: Sequence[datetime]) -> Sequence[Counted]:
        """See FloorDays."""
        wanted = _by_span(moments)
        rows = await self._lane.read(lambda connection: connection.execute(wanted).all())
        found = {row.span: _counted(row) for row in rows}
        return [found.get(n, Counted()) for n in range(len(moments) - 1)]


def _by_span(moments: Sequence[datetime]) -> Select[Any]:
    """Spans are told apart by their ends: no database's own idea of an hour or a zone is asked."""
    span = case(*((calls.c.arrived_at < end, n) for n, end in enumerate(moments[1:]))).label("span")
    # What counts is said in the sums: as a condition, SQLite would go by outcomes, through the calls of all days.
    sums = {
        "answered": _sum(_ANSWERED, 1),
        "in_time": _sum(_IN_TIME, 1),
        "abandoned": _sum(_ABANDONED, 1),
        "waited_ms": _sum(_COUNTED, calls.c.waited_ms),
        "longest_ms": func.max(case((_COUNTED, _LONGER), else_=0)),
        "talked_ms": _sum(_ANSWERED, calls.c.talked_ms),
        "lost_again": _sum(and_(_ANSWERED, calls.c.lost_again), 1),
    }
    wanted = select(span, *(made.label(name) for name, made in sums.items()))
    return wanted.where(calls.c.arrived_at >= moments[0], calls.c.arrived_at < moments[-1]).group_by(span)


def _sum(which: ColumnElement[bool], of: Any) -> ColumnElement[int]:
    return func.sum(case((which, of), else_=0))


def _counted(row: Row[Any]) -> Counted:
    # PostgreSQL sums whole numbers to a Decimal.
    return Counted(*(int(row._mapping[name]) for name in Counted.__slots__))
