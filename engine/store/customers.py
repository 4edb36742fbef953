"""The customer behind an access number (`engine.ports.Customers`): the one look-up of every call.

Rule of this file: one SELECT by the primary key of the access numbers for every call, so that what was written a
moment ago holds for the next call (§6.1); what is kept is how the very same rows were understood the last time. Only
the snapshot reads all of them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Text, bindparam, func, literal_column, select

from engine.call.limits import Limits
from engine.entries import RoutingEntry, WaitEntry
from engine.hours.service import ServiceHours
from engine.hours.spans import parse_week
from engine.law.classes import ClassTable
from engine.ports import CustomerSettings, Line
from engine.store.database import Database
from engine.store.tables import access_numbers, blocked_callers, customers, forwarded_lines, tariffs, wait_settings
from engine.terms import E164, CustomerId, NumberClass

_WAIT = [column for column in wait_settings.c if column.name in WaitEntry.model_fields]

_PART, _NEXT_CALLER = " ", "\n"
"""Between the facts of one blocked caller, and between two; no name has a line break."""


def _said(text: str) -> ColumnElement[str]:
    """A text of ours within the statement, whose one parameter is the number."""
    return literal_column(f"'{text}'", Text())


def _blocked_callers() -> ScalarSelect[str]:
    """All of one customer as one text, so that the look-up stays one statement of few rows."""
    blocked = blocked_callers.c
    told: ColumnElement[str] = blocked.number
    for fact in (blocked.since, blocked.by, blocked.note):
        told = told + func.coalesce(_said(_PART) + fact, _said(""))
    wanted = select(func.aggregate_strings(told, _NEXT_CALLER)).where(blocked.customer == customers.c.id)
    return wanted.correlate(customers).scalar_subquery()


_SETTINGS = (
    select(
        customers,
        access_numbers.c.number.label("access_number"),
        tariffs.c.hours.label("tariff_hours"),
        tariffs.c.closed_on_holidays,
        *(column.label(f"wait_{column.name}") for column in _WAIT),
        forwarded_lines.c.number.label("line"),
        forwarded_lines.c.number_class,
        _blocked_callers().label("blocked_callers"),
    )
    .select_from(access_numbers)
    .join(customers, customers.c.id == access_numbers.c.customer)
    .join(tariffs, tariffs.c.name == customers.c.tariff)
    .join(wait_settings, wait_settings.c.customer == customers.c.id)
    .outerjoin(forwarded_lines, forwarded_lines.c.customer == customers.c.id)
)
"""The customer's columns, once for each forwarded line, or once without any."""
BY_ACCESS_NUMBER = _SETTINGS.where(access_numbers.c.number == bindparam("number")).order_by(forwarded_lines.c.place)
_PAGE = 1000
_MOST = 5_000
"""Customers whose rows are kept as understood."""
_NEXT_NUMBERS = (
    select(access_numbers.c.number)
    .where(access_numbers.c.number > bindparam("after"))
    .order_by(access_numbers.c.number)
    .limit(_PAGE)
)
_NEXT = _SETTINGS.where(access_numbers.c.number.in_(_NEXT_NUMBERS)).order_by(
    access_numbers.c.number, forwarded_lines.c.place
)


class StoredCustomers:
    """Fills `engine.ports.Customers`."""

    def __init__(self, database: Database, classes: ClassTable) -> None:
        self._database = database
        self._lane = database.lane()
        self._classes = classes
        self._understood: dict[E164, tuple[Sequence[Row[Any]], CustomerSettings]] = {}

    async def by_access_number(self, number: E164) -> CustomerSettings | None:
        """The customer who has this access number, as it stands in the store now; None if nobody has it."""
        rows = await self._lane.read(lambda connection: connection.execute(BY_ACCESS_NUMBER, {"number": number}).all())
        if not rows:
            return None
        same, settings = self._understood.get(number, (None, None))
        if settings is None or same != rows:
            settings = self._settings(rows)
            if len(self._understood) >= _MOST:
                self._understood.clear()
            self._understood[number] = rows, settings
        return settings

    async def everyone(self) -> AsyncIterator[tuple[E164, CustomerSettings]]:
        """Every access number and its customer, by number; read in pages, so that memory stays bounded."""
        after = ""
        while True:
            async with self._database.reading() as connection:
                rows = (await connection.execute(_NEXT, {"after": after})).all()
            if not rows:
                return
            for number, of_number in groupby(rows, key=lambda row: row.access_number):
                yield E164(number), self._settings(list(of_number))
            after = rows[-1].access_number

    def _settings(self, rows: Sequence[Row[Any]]) -> CustomerSettings:
        first = rows[0]
        wait = WaitEntry.model_validate({column.name: first._mapping[f"wait_{column.name}"] for column in _WAIT})
        return CustomerSettings(
            id=CustomerId(first.id),
            number=first.number,
            name=first.name,
            blocked=first.blocked,
            wait=wait.plan(),
            need=RoutingEntry.model_validate(first.routing).need(),
            hours=_hours(first),
            lines=tuple(self._line(row) for row in rows if row.line is not None),
            ring_time=first.ring_time,
            limits=Limits(first.max_calls, first.max_rate),
            listening_in=first.listening_in,
            blocked_callers=dict(_caller(told) for told in (first.blocked_callers or "").split(_NEXT_CALLER) if told),
        )

    def _line(self, row: Row[Any]) -> Line:
        number, correction = E164(row.line), NumberClass(row.number_class) if row.number_class else None
        return Line(number, self._classes.class_of(number, correction))


def _caller(told: str) -> tuple[E164, str]:
    """Number and reason of a blocked caller."""
    number, _, why = told.partition(_PART)
    return E164(number), why


def _hours(row: Row[Any]) -> ServiceHours:
    return ServiceHours(
        week=parse_week(row.tariff_hours),
        closed_on_holidays=row.closed_on_holidays,
        state=row.state,
        closed_days=frozenset(map(date.fromisoformat, row.closed_days)),
        narrowed=None if row.hours is None else parse_week(row.hours),
    )
