"""What support's list of incidents is made of (`engine.ports.incidents`).

Rule of this file: calls are found by their customer and time, for which there is an index, and there are many: of
everybody's, those customers come first who may have a line that is paid by the minute, and they are few. Nothing is
written while calls are taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, desc, false, func, not_, or_, select

from engine.law.classes import is_per_minute
from engine.ports.incidents import EarlyAnswer, NamedLine, Owner, Prefixes
from engine.store.database import Database
from engine.store.tables import calls, customers, forwarded_lines
from engine.terms import CallId, CustomerId, NumberClass

_STRICT = tuple(number_class.value for number_class in NumberClass if is_per_minute(number_class))
_EARLY = and_(
    calls.c.answered_at.is_not(None),
    or_(calls.c.picked_up_at.is_(None), calls.c.picked_up_at > calls.c.answered_at),
)
_LAST = "9" * 15
"""After a prefix: no number that begins so is later, in the order of any language, for all are digits (E.164: 15)."""
_COLUMNS = (
    calls.c.id,
    calls.c.customer,
    calls.c.line,
    calls.c.arrived_at,
    calls.c.picked_up_at,
    calls.c.answered_at,
    calls.c.ended_at,
)


class StoredIncidents:
    """Fills `IncidentStore`."""

    def __init__(self, database: Database) -> None:
        """On a lane of its own."""
        self._lane = database.lane()

    async def early_answers(
        self, customer: CustomerId | None, prefixes: Prefixes, since: datetime, most: int
    ) -> Sequence[EarlyAnswer]:
        """See IncidentStore."""
        wanted = select(*_COLUMNS).where(_EARLY, calls.c.arrived_at >= since)
        if customer is None:
            strict = select(forwarded_lines.c.customer).where(may_cost_by_the_minute(*prefixes))
            wanted = wanted.where(calls.c.customer.in_(strict))
        else:
            wanted = wanted.where(calls.c.customer == customer)
        wanted = wanted.order_by(calls.c.arrived_at.desc()).limit(most)
        rows = await self._lane.read(lambda connection: list(connection.execute(wanted)))
        return [EarlyAnswer(CallId(row.id), CustomerId(row.customer), *row[2:]) for row in rows]

    async def named_lines(self, customer: CustomerId | None, calls_: int) -> Sequence[NamedLine]:
        """See IncidentStore."""
        last = select(calls.c.customer, calls.c.line, calls.c.arrived_at).order_by(calls.c.arrived_at.desc())
        last = last.where(calls.c.customer.is_not(None) if customer is None else calls.c.customer == customer)
        named = last.limit(calls_).subquery()
        latest = func.max(named.c.arrived_at).label("last_at")
        wanted = select(named.c.customer, named.c.line, latest).where(named.c.line.is_not(None))
        wanted = wanted.group_by(named.c.customer, named.c.line).order_by(desc("last_at"))
        rows = await self._lane.read(lambda connection: list(connection.execute(wanted)))
        return [NamedLine(CustomerId(row.customer), row.line, row.last_at) for row in rows]

    async def owners(self, those: Collection[CustomerId]) -> Mapping[CustomerId, Owner]:
        """See IncidentStore."""
        own = select(customers.c.id, customers.c.number, customers.c.name).where(customers.c.id.in_(those))
        lines = select(forwarded_lines).where(forwarded_lines.c.customer.in_(those)).order_by(forwarded_lines.c.place)
        found, below = await self._lane.read(
            lambda connection: (list(connection.execute(own)), list(connection.execute(lines)))
        )
        of: dict[int, list[tuple[str, NumberClass | None]]] = defaultdict(list)
        for row in below:
            of[row.customer].append((row.number, NumberClass(row.number_class) if row.number_class else None))
        return {CustomerId(row.id): Owner(row.number, row.name, tuple(of[row.id])) for row in found}


def may_cost_by_the_minute(mild: Collection[str], strict: Collection[str]) -> ColumnElement[bool]:
    """Of a forwarded line: said so, of a strict prefix, or of none that is known."""
    number = forwarded_lines.c.number
    within = [prefix for prefix in strict if prefix.startswith(tuple(mild))]  # the others are not mild anyway
    return or_(forwarded_lines.c.number_class.in_(_STRICT), not_(_begins(number, mild)), _begins(number, within))


def _begins(number: ColumnElement[str], prefixes: Collection[str]) -> ColumnElement[bool]:
    """Whether the number has one of these prefixes: told by few comparisons, for every line is looked at."""
    return or_(false(), *(number.between(first, last + _LAST) for first, last in _spans(prefixes)))


def _spans(prefixes: Collection[str]) -> list[tuple[str, str]]:
    """The first and last prefix of each row of neighbours: `+492` to `+499` is one."""
    spans: list[tuple[str, str]] = []
    for prefix in sorted(prefixes):
        first, last = spans[-1] if spans else ("", "")
        if first and prefix.startswith(last):
            continue
        if first and len(prefix) == len(last) and int(prefix) == int(last) + 1:
            spans[-1] = first, prefix
        else:
            spans.append((prefix, prefix))
    return spans
