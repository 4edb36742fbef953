"""A customer as rows, and rows as a customer.

Rule of this file: the lists below a customer are replaced whole; what no call needs is in a table of its own, and has
no row there where nothing is entered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, delete, insert

from engine.entries import CustomerEntry
from engine.store import tables as t
from engine.store.searching import search_row

Values = dict[str, Any]
Rows = list[Values]
Owner = tuple[int, CustomerEntry]
"""The store's key, and the customer."""

OWN = frozenset(column.name for column in t.customers.c) & CustomerEntry.model_fields.keys()
_AT_ONCE = 1000
"""Keys in one statement."""
_DETAILS = tuple(column.name for column in t.customer_details.c if column.name != "customer")
_NOTHING = {name: CustomerEntry.model_fields[name].default for name in _DETAILS}


def own_row(customer: CustomerEntry) -> Values:
    """The customer's row in `customers`, but for its key."""
    times = sorted({digest.at for _, digest in customer.digests.values()})
    return {**customer.model_dump(mode="json", include=set(OWN)), "digest_times": " ".join(times) or None}


def customer_values(
    own: Mapping[str, Any],
    numbers: Iterable[Values],
    lines: Iterable[Values],
    wait: Values,
    details: Values | None,
    blocked: Iterable[Values],
) -> Values:
    """The customer in the words of YAML, of its rows without their key."""
    return {
        **{name: own[name] for name in OWN},
        "access_numbers": [number["number"] for number in numbers],
        "lines": [{"number": line["number"], "class": line["number_class"]} for line in lines],
        "wait": wait,
        "blocked_callers": [{name: caller[name] for name in ("number", "note", "since", "by")} for caller in blocked],
        **{name: value for name, value in (details or {}).items() if value is not None},
    }


def _numbers(key: int, customer: CustomerEntry) -> Rows:
    return [{"number": number, "customer": key, "place": place} for place, number in enumerate(customer.access_numbers)]


def _lines(key: int, customer: CustomerEntry) -> Rows:
    return [
        {"customer": key, "number": line.number, "number_class": line.number_class, "place": place}
        for place, line in enumerate(customer.lines)
    ]


def _wait(key: int, customer: CustomerEntry) -> Rows:
    return [{"customer": key, **customer.wait.model_dump(mode="json")}]


def _details(key: int, customer: CustomerEntry) -> Rows:
    if all(getattr(customer, name) == nothing for name, nothing in _NOTHING.items()):
        return []
    given = customer.model_dump(mode="json", by_alias=True, exclude_defaults=True, include=set(_DETAILS))
    return [{"customer": key, **{name: given.get(name) for name in _DETAILS}}]


def _blocked(key: int, customer: CustomerEntry) -> Rows:
    return [
        {"customer": key, **caller.model_dump(mode="json"), "place": place}
        for place, caller in enumerate(customer.blocked_callers)
    ]


def _search(key: int, customer: CustomerEntry) -> Rows:
    numbers = (*customer.access_numbers, *(line.number for line in customer.lines))
    return [search_row(key, customer.number, customer.name, numbers)]


_BELOW: tuple[tuple[Column[Any], Callable[[int, CustomerEntry], Rows]], ...] = (
    (t.access_numbers.c.customer, _numbers),
    (t.forwarded_lines.c.customer, _lines),
    (t.wait_settings.c.customer, _wait),
    (t.customer_details.c.customer, _details),
    (t.customer_search.c.customer, _search),
    (t.blocked_callers.c.customer, _blocked),
)
"""Whose rows each table below `customers` has, and which."""


def put_below(connection: Connection, owners: Collection[Owner], known: Sequence[int]) -> None:
    """Write everything below these customers anew. `known`: the keys of those who may have rows already.

    All old rows go before the first new one comes: a number may pass from one customer to another.
    """
    for column, rows_of in _BELOW:
        _delete(connection, column, known)
        _insert(connection, column, [row for key, customer in owners for row in rows_of(key, customer)])


def put_changed(connection: Connection, key: int, before: CustomerEntry, after: CustomerEntry) -> None:
    """Write what differs of one customer."""
    was, becomes = own_row(before), own_row(after)
    changed = {name: value for name, value in becomes.items() if was[name] != value}
    if changed:
        connection.execute(t.customers.update().where(t.customers.c.id == key).values(changed))
    for column, rows_of in _BELOW:
        rows = rows_of(key, after)
        if rows != rows_of(key, before):
            _delete(connection, column, [key])
            _insert(connection, column, rows)


def _delete(connection: Connection, column: Column[Any], keys: Sequence[int]) -> None:
    for start in range(0, len(keys), _AT_ONCE):
        connection.execute(delete(column.table).where(column.in_(keys[start : start + _AT_ONCE])))


def _insert(connection: Connection, column: Column[Any], rows: Rows) -> None:
    if rows:
        connection.execute(insert(column.table), rows)
