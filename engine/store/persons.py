"""Everything about one telephone number in the store: found, and deleted (`engine.ports.persons.PersonStore`).

Rules of this file: what is deleted is what was found, by its keys, in small transactions, so that nothing goes that
nobody has seen; the last of them has the audit. Statements are bound to the customer wherever one is named.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, Text, and_, cast, delete, or_, select, tuple_, update

from engine.entries.paths import PERSONS, Change, join
from engine.ports.persons import STAYS, Deletion, Kind, Person, Row
from engine.store.audit import INSTALLATION, AuditWriter
from engine.store.changing import wait_for_others
from engine.store.database import Database
from engine.store.forgetting import without_caller
from engine.store.person_calls import Found, calls_of, dialled_to, parts, plain, whose
from engine.store.person_texts import drafts_of, ends_there, mentioned, messages_of, rows_with, within
from engine.store.searching import has, spellings
from engine.store.tables import (
    access_numbers,
    audit,
    blocked_callers,
    call_attempts,
    customer_details,
    customers,
    forwarded_lines,
    message_drafts,
    messages,
    spam_dismissals,
)
from engine.terms import E164, CustomerId

GONE = "(deleted)"
"""In place of the number in the audit log."""
_WRITTEN = (audit.c.path, cast(audit.c.old, Text), cast(audit.c.new, Text))
_CHANGE = ("at", "path", "old", "new")
_DETAILS = tuple(column for column in customer_details.c if column.name not in ("customer", "live_since"))


class StoredPersons:
    """Fills `PersonStore`."""

    def __init__(self, database: Database, country: str = "49") -> None:
        """`country`: the installation's code without plus."""
        self._database, self._lane, self._country = database, database.lane(), country

    async def find(self, number: E164, customer: CustomerId | None) -> Person:
        """See PersonStore."""
        return await self._lane.read(lambda connection: self._found(connection, number, customer))

    def _found(self, connection: Connection, number: E164, customer: CustomerId | None) -> Person:
        ways, national = spellings(number, self._country), number.removeprefix(f"+{self._country}").removeprefix("+")
        found: dict[Kind, Found] = {
            Kind.CALLS: calls_of(connection, ways, customer),
            Kind.MESSAGES: messages_of(connection, ways, customer),
            Kind.DIALLED: dialled_to(connection, number, customer),
            Kind.BLOCKED: _keyed(connection, blocked_callers, ("note", "since"), number, customer),
            Kind.NOT_BLOCKED: _keyed(connection, spam_dismissals, ("at",), number, customer),
            Kind.CHANGES: _changes(connection, number, customer),
            Kind.ENTERED: (_entered(connection, number, customer), []),
        }
        calls, own = found[Kind.CALLS][1], found[Kind.MESSAGES][1]
        found[Kind.DRAFTS] = drafts_of(connection, set(calls), national, customer)
        found[Kind.MENTIONED] = mentioned(connection, set(own), national, customer), []
        rows, keys = ({kind: found[kind][n] for kind in Kind} for n in (0, 1))
        return Person(number, rows, keys)

    async def delete(self, person: Person, order: Deletion) -> None:
        """See PersonStore."""
        going = {kind: keys for kind, keys in person.keys.items() if kind not in STAYS | order.keep}
        for kind, work in _IN_STEPS.items():
            for some in parts(going.get(kind, ())):
                await self._lane.write(partial(work, keys=some))

        def last(connection: Connection) -> None:
            wait_for_others(connection)
            for kind, table in ((Kind.BLOCKED, blocked_callers), (Kind.NOT_BLOCKED, spam_dismissals)):
                those = going.get(kind, ())
                gone = delete(table).where(table.c.number == person.number, table.c.customer.in_(those))
                connection.execute(gone)
            for line in going.get(Kind.CHANGES, ()):
                _scrub(connection, line, person.number)
            _note(connection, person, going, order)

        await self._lane.write(last)
        await self._database.forget_log()


def _keyed(connection: Connection, table: Any, told: Sequence[str], number: str, customer: CustomerId | None) -> Found:
    found = rows_with(connection, table, number, customer)
    rows: list[Row] = [{"customer": row["customer_number"], **plain(row, ("number", *told))} for row in found]
    return rows, [row["customer"] for row in found]


def _changes(connection: Connection, number: str, customer: CustomerId | None) -> Found:
    says = or_(*(has(connection, column, number) for column in _WRITTEN))
    wanted = select(audit).where(and_(whose(audit.c.customer, customer), says)).order_by(audit.c.id)
    its = ends_there(number)
    found = [row for row in connection.execute(wanted).mappings() if its.search(json.dumps(plain(row, _CHANGE)))]
    rows: list[Row] = [{"customer": row["customer_number"] or None, **plain(row, _CHANGE)} for row in found]
    return rows, [row["id"] for row in found]


def _entered(connection: Connection, number: str, customer: CustomerId | None) -> list[Row]:
    """What customers have entered with the number in it: which field, and the part of it that has the number."""
    says = or_(*(has(connection, cast(column, Text), number) for column in _DETAILS))
    wanted = select(customer_details, customers.c.number.label("customer_number")).join(customers)
    found: list[Row] = []
    for row in connection.execute(wanted.where(whose(customer_details.c.customer, customer), says)).mappings():
        for column in _DETAILS:
            found += [
                {"customer": row["customer_number"], "field": "/".join(steps), "entry": entry}
                for steps, entry in within(row[column.name], number, (column.name,))
            ]
    for field, table in (("access_numbers", access_numbers), ("lines", forwarded_lines)):
        for row in rows_with(connection, table, number, customer):
            found.append({"customer": row["customer_number"], "field": field, "entry": number})
    return found


def _drop_messages(connection: Connection, keys: Sequence[int]) -> None:
    connection.execute(delete(messages).where(messages.c.id.in_(keys)))


def _drop_drafts(connection: Connection, keys: Sequence[tuple[str, str]]) -> None:
    key = tuple_(message_drafts.c.agent, message_drafts.c.call)
    connection.execute(delete(message_drafts).where(key.in_(list(keys))))


def _blank_legs(connection: Connection, keys: Sequence[str]) -> None:
    legs = update(call_attempts).where(call_attempts.c.leg.in_(keys))
    connection.execute(legs.values(contact="", number=""))


def _drop_callers(connection: Connection, keys: Sequence[str]) -> None:
    without_caller(connection, keys)


_IN_STEPS: Mapping[Kind, Callable[..., None]] = {
    Kind.MESSAGES: _drop_messages,
    Kind.DRAFTS: _drop_drafts,
    Kind.DIALLED: _blank_legs,
    Kind.CALLS: _drop_callers,
}
"""Calls come last: by them the others are found again, should it be broken off."""


def _scrub(connection: Connection, line: int, number: str) -> None:
    """Take the number out of one line of the audit log, wherever it stands in it."""
    row = connection.execute(select(audit).where(audit.c.id == line)).mappings().one_or_none()
    if row is not None:
        its = ends_there(number)
        values = {name: json.loads(its.sub(GONE, json.dumps(row[name]))) for name in ("path", "old", "new")}
        connection.execute(update(audit).where(audit.c.id == line).values(values))


def _note(connection: Connection, person: Person, going: Mapping[Kind, Sequence[Any]], order: Deletion) -> None:
    """How much of each kind, for each customer, and in all for the installation where it was asked for all."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for kind in going:
        for row in person.rows[kind]:
            counts[row["customer"] or ""][f"deleted_{kind}"] += 1
    known = select(customers.c.number, customers.c.id).where(customers.c.number.in_(list(counts)))
    writer, path = AuditWriter(connection, order.author, order.at), join((PERSONS, order.case))
    for number, key in connection.execute(known).all():
        writer.noted(key, number, Change(path, None, dict(counts[number])))
    if order.everywhere:
        writer.noted(INSTALLATION, "", Change(path, None, dict(sum(counts.values(), Counter[str]()))))
    writer.write()
