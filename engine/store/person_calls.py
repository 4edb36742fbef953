"""One person's calls in the store: found with all that is below them (`engine.ports.persons`).

Rule of this file: who of our staff has talked is nobody's answer: it is left out (CJEU C-579/21).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, select, true

from engine.ports.persons import Row
from engine.store.tables import call_attempts, call_closings, call_talks, call_trail, calls, customers
from engine.terms import CustomerId

AT_ONCE = 500
"""Keys in one statement, and rows in one transaction."""
Found = tuple[list[Row], list[Any]]
"""Rows, and the store's keys of them."""
_CALL = (
    *("id", "dialled", "caller", "line", "arrived_at", "outcome", "treatment", "first_media_at", "picked_up_at"),
    *("answered_at", "agent_left_at", "ended_at", "waited_ms", "talked_ms", "transferred_ms", "charged_minutes"),
)
_BELOW: Mapping[str, tuple[Table, str, tuple[str, ...]]] = {
    "trail": (call_trail, "n", ("at", "what")),
    "talks": (call_talks, "n", ("began_at", "ended_at", "how", "talked_ms")),
    "put_through": (call_attempts, "dialled_at", ("kind", "dialled_at", "joined_at", "ended_at", "result")),
    "without_message": (call_closings, "at", ("reason", "spam", "at")),
}
"""What a call has below it: where, in which order, and what of it is told."""


def whose(column: ColumnElement[Any], customer: CustomerId | None) -> ColumnElement[bool]:
    """Of this customer; None = of everybody."""
    return true() if customer is None else column == customer


def parts(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Them in parts that a statement can carry."""
    return (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))


def plain(row: Mapping[Any, Any], names: Collection[str]) -> dict[str, Any]:
    """These values of the row, as JSON knows them."""
    return {name: _plain(row[name]) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def calls_of(connection: Connection, ways: Sequence[str], customer: CustomerId | None) -> Found:
    """Calls of the caller who is written in one of these ways."""
    wanted = (
        select(calls, customers.c.number.label("customer_number"))
        .outerjoin(customers, customers.c.id == calls.c.customer)
        .where(calls.c.caller.in_(ways), whose(calls.c.customer, customer))
        .order_by(calls.c.arrived_at, calls.c.id)
    )
    found = connection.execute(wanted).mappings().all()
    keys = [row["id"] for row in found]
    below = {name: _below(connection, name, keys) for name in _BELOW}
    rows: list[Row] = [
        {"customer": row["customer_number"], **plain(row, _CALL), **{name: below[name][row["id"]] for name in _BELOW}}
        for row in found
    ]
    return rows, keys


def _below(connection: Connection, name: str, keys: Sequence[str]) -> Mapping[str, list[Row]]:
    table, order, told = _BELOW[name]
    found: dict[str, list[Row]] = defaultdict(list)
    for some in parts(keys):
        wanted = select(table).where(table.c.call.in_(some)).order_by(table.c.call, table.c[order])
        for row in connection.execute(wanted).mappings():
            found[row["call"]].append(plain(row, told))
    return found


def dialled_to(connection: Connection, number: str, customer: CustomerId | None) -> Found:
    """Legs to the number: whom it was to be put through to, and what came of it."""
    wanted = (
        select(call_attempts, customers.c.number.label("customer_number"))
        .outerjoin(customers, customers.c.id == call_attempts.c.customer)
        .where(call_attempts.c.number == number, whose(call_attempts.c.customer, customer))
        .order_by(call_attempts.c.dialled_at)
    )
    found = connection.execute(wanted).mappings().all()
    told = ("contact", "number", "kind", "dialled_at", "answered_at", "joined_at", "ended_at", "result")
    return [{"customer": row["customer_number"], **plain(row, told)} for row in found], [row["leg"] for row in found]
