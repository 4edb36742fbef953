"""The audit log: who changed what of a customer, an agent or a trunk, written in the same transaction as the change.

Rule of this file: one row for each value that differs; one for what was made, and one, with all that it was, for what
was deleted. Of a password only that it is another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from engine.entries import Catalogue, Changes, CustomerEntry, KeyedEntry
from engine.entries.passwords import open_values, password_of
from engine.entries.paths import Change, differences, join
from engine.ports.customers import AuditEntry, Author
from engine.store.tables import audit
from engine.terms import CustomerId

COMMAND_LINE = Author("command line")
INSTALLATION = CustomerId(0)
"""In place of a customer: what changed is nobody's but the installation's; no customer has this key."""
_PEOPLE = ("trunks", "groups", "agents")
_CREATED = Change("created", None, None)


class AuditWriter:
    """Writes what one author does at one moment."""

    def __init__(self, connection: Connection, author: Author, at: datetime) -> None:
        self._connection = connection
        self._by = {"at": at, "who": author.who, "role": author.role, "acting_for": author.acting_for}
        self._rows: list[dict[str, Any]] = []

    def created(self, key: int, number: str) -> None:
        """Note a customer that was not there before."""
        self._note(key, number, [_CREATED])

    def changed(self, key: int, before: CustomerEntry, after: CustomerEntry) -> None:
        """Note everything that differs."""
        self._note(key, before.number, differences(before, after))

    def deleted(self, key: int, customer: CustomerEntry) -> None:
        """Note a customer that is no more."""
        whole = customer.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        self._note(key, customer.number, [Change("deleted", whole, None)])

    def noted(self, key: int, number: str, change: Change) -> None:
        """Note something that is no part of the entry."""
        self._note(key, number, [change])

    def people(self, key: tuple[str, str], before: KeyedEntry | None, after: KeyedEntry | None) -> None:
        """Note what differs of a trunk, a group or an agent; None = it was, or is, not there."""
        self._note(INSTALLATION, "", _differences(key, before, after))

    def write(self) -> None:
        """Write all that was noted."""
        if self._rows:
            self._connection.execute(insert(audit), self._rows)

    def _note(self, key: int, number: str, changes: Iterable[Change]) -> None:
        about = {**self._by, "customer": key, "customer_number": number}
        self._rows += [{**about, "path": one.path, "old": one.old, "new": one.new} for one in changes]


def note_import(writer: AuditWriter, stored: Catalogue, changes: Changes, ids: dict[str, int]) -> None:
    """Note what an import did to customers. `ids`: of those before and after it, by customer number."""
    before = {customer.number: customer for customer in stored.customers}
    for entry in changes.put.values():
        if isinstance(entry, CustomerEntry):
            known = before.get(entry.number)
            if known is None:
                writer.created(ids[entry.number], entry.number)
            else:
                writer.changed(ids[entry.number], known, entry)
    for section, number in sorted(changes.drop):
        if section == "customers":
            writer.deleted(ids[number], before[number])
    note_people(writer, stored, changes)
    writer.write()


def note_people(writer: AuditWriter, stored: Catalogue, changes: Changes) -> None:
    """Note what is done to trunks, groups and agents."""
    before = {(section, key): entry for (section, key), entry in stored.by_key().items() if section in _PEOPLE}
    for key in [*changes.put, *sorted(changes.drop)]:
        if key[0] in _PEOPLE:
            writer.people(key, before.get(key), changes.put.get(key))


def _differences(key: tuple[str, str], before: KeyedEntry | None, after: KeyedEntry | None) -> list[Change]:
    old = open_values(before) if before else {}
    new = open_values(after) if after else {}
    if not (before and after):
        return [Change(join(key), old or None, new or None)]
    found = [Change(join((*key, name)), old[name], new[name]) for name in new if old[name] != new[name]]
    other = password_of(before) != password_of(after)
    return [*found, *([Change(join((*key, "password")), None, None)] if other else [])]


def last(connection: Connection) -> int:
    """The id of the last change of anybody's; 0 = there is none."""
    return connection.execute(select(func.max(audit.c.id))).scalar() or 0


def history(connection: Connection, customer: CustomerId, limit: int, before: int | None) -> Sequence[AuditEntry]:
    """The customer's last changes, or the last ones before that id; the latest first."""
    wanted = select(audit).where(audit.c.customer == customer).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(audit.c.id < before)
    return [_entry(row) for row in connection.execute(wanted)]


def _entry(row: Row[Any]) -> AuditEntry:
    acting_for = None if row.acting_for is None else CustomerId(row.acting_for)
    author = Author(row.who, row.role, acting_for)
    return AuditEntry(row.id, row.at, author, CustomerId(row.customer), row.customer_number, row.path, row.old, row.new)
