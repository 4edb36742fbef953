"""What was written down about one person, in the store: messages, drafts, and where a number is mentioned.

Rule of this file: a number in a text is found however it is set apart (`0171/12 34`), by its national digits.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select

from engine.ports.persons import Row
from engine.store.person_calls import Found, parts, plain, whose
from engine.store.searching import has
from engine.store.tables import calls, change_orders, customers, message_deliveries, message_drafts, messages
from engine.terms import CustomerId

_SET_APART = re.compile(r"[\s/().-]+")
_SIGNS = " /().-\n"
"""The same, for the database."""
_MESSAGE = (
    *("id", "taken_at", "state", "contact", "caller_name", "company", "number", "subject", "urgency", "ticks"),
    *("text", "fields", "call", "read_at", "done_at"),
)
_DELIVERY = ("means", "recipient", "address", "state", "at", "tries", "trouble", "due")


def messages_of(connection: Connection, ways: Sequence[str], customer: CustomerId | None) -> Found:
    """Messages with the number as the caller's, or taken in a call of his."""
    own = select(calls.c.id).where(calls.c.caller.in_(ways), whose(calls.c.customer, customer))
    wanted = (
        select(messages, customers.c.number.label("customer_number"))
        .join(customers, customers.c.id == messages.c.customer)
        .where(whose(messages.c.customer, customer), or_(messages.c.number.in_(ways), messages.c.call.in_(own)))
        .order_by(messages.c.taken_at, messages.c.id)
    )
    found = connection.execute(wanted).mappings().all()
    keys = [row["id"] for row in found]
    deliveries = _deliveries(connection, keys)
    rows: list[Row] = [
        {"customer": row["customer_number"], **plain(row, _MESSAGE), "deliveries": deliveries[row["id"]]}
        for row in found
    ]
    return rows, keys


def _deliveries(connection: Connection, keys: Sequence[int]) -> Mapping[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for some in parts(keys):
        wanted = select(message_deliveries).where(message_deliveries.c.message.in_(some))
        for row in connection.execute(wanted.order_by(message_deliveries.c.id)).mappings():
            found[row["message"]].append(plain(row, _DELIVERY))
    return found


def drafts_of(connection: Connection, those: Collection[str], national: str, customer: CustomerId | None) -> Found:
    """Drafts in `those` calls, or with the number in them; there are few, so all are looked at."""
    wanted = (
        select(message_drafts, calls.c.customer, customers.c.number.label("customer_number"))
        .outerjoin(calls, calls.c.id == message_drafts.c.call)
        .outerjoin(customers, customers.c.id == calls.c.customer)
        .where(whose(calls.c.customer, customer))
        .order_by(message_drafts.c.at)
    )
    rows: list[Row] = []
    keys: list[tuple[str, str]] = []
    for row in connection.execute(wanted).mappings():
        if row["call"] in those or mentions(json.dumps(row["values"]), national):
            rows.append({"customer": row["customer_number"], **plain(row, ("call", "values", "at"))})
            keys.append((row["agent"], row["call"]))
    return rows, keys


def mentioned(connection: Connection, but: Collection[int], national: str, customer: CustomerId | None) -> list[Row]:
    """Where others' texts have the number in them; not the texts, which are others'. `but`: messages that are his."""
    found: list[Row] = []
    for kind, table, column, at in (
        ("message", messages, messages.c.search, messages.c.taken_at),
        ("change order", change_orders, change_orders.c.text, change_orders.c.asked_at),
    ):
        wanted = (
            select(table.c.id, column.label("text"), at.label("at"), customers.c.number)
            .join(customers, customers.c.id == table.c.customer)
            .where(and_(whose(table.c.customer, customer), has(connection, _close_up(column), national)))
            .order_by(at, table.c.id)
        )
        found += [
            {"customer": row.number, "where": kind, "id": row.id, "at": row.at.isoformat()}
            for row in connection.execute(wanted)
            if mentions(row.text, national) and not (table is messages and row.id in but)
        ]
    return found


def _close_up(column: ColumnElement[str]) -> ColumnElement[str]:
    for sign in _SIGNS:
        column = func.replace(column, sign, "")
    return column


def mentions(text: str, national: str) -> bool:
    """Whether the number is in the text."""
    return ends_there(national).search(_SET_APART.sub("", text)) is not None


def ends_there(number: str) -> re.Pattern[str]:
    """The number, but not as the beginning of a longer one."""
    return re.compile(f"{re.escape(number)}(?![0-9])")


def within(value: Any, number: str, steps: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Where in this JSON the number stands: the way there, and the member of a list, or the value, that has it."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from within(below, number, (*steps, str(key)))
    elif isinstance(value, list):
        yield from ((steps, one) for one in value if ends_there(number).search(json.dumps(one)))
    elif value == number:
        yield steps, value


def rows_with(connection: Connection, table: Table, number: str, customer: CustomerId | None) -> list[Any]:
    """Rows of a table below customers whose column `number` is the number, with the customer's."""
    wanted = (
        select(table, customers.c.number.label("customer_number"))
        .join(customers, customers.c.id == table.c.customer)
        .where(table.c.number == number, whose(table.c.customer, customer))
        .order_by(customers.c.number)
    )
    return list(connection.execute(wanted).mappings())
