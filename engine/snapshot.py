"""The snapshot: what a call needs of the store, copied into a small file of this machine.

Rule of this file: the file's format and nothing else. It holds no secret. It is written whole and then takes the old
one's place, so nobody who reads it waits; and it is read without the store's libraries, for the safety net starts a
process per call.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from engine.ports import CustomerSettings
from engine.terms import E164

_CREATE = (
    "CREATE TABLE about (facts BLOB NOT NULL)",
    "CREATE TABLE customers (number TEXT PRIMARY KEY, settings BLOB NOT NULL) WITHOUT ROWID",
)


class NoSnapshot(Exception):
    """There is none, or it cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Emergency:
    """Who is dialled where nobody has answered for long."""

    number: E164
    trunk: str
    """The switch's endpoint that it is dialled by."""
    uri: str
    """The number as the trunk wants it: `sip:+49…@carrier.example`."""
    shows: E164
    """The number that is shown there."""
    after: float
    """Seconds without an engine, > 0."""


@dataclass(frozen=True, slots=True)
class About:
    """When the copy was taken, and what it says of the installation."""

    taken_at: datetime
    """UTC."""
    country: str
    """Country code without plus."""
    longest_wait: float
    """Seconds that a caller with delayed connect waits at most (L6)."""
    language: str
    sounds: str
    """The directory of the announcements in that language, as the switch plays them."""
    emergency: Emergency | None = None


class Snapshot:
    """An open snapshot."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """`opened` makes it."""
        self._connection = connection
        (facts,) = connection.execute("SELECT facts FROM about").fetchone()
        self.about = msgspec.json.decode(facts, type=About)

    def customer(self, number: E164) -> CustomerSettings | None:
        """The customer who had this access number then; None if nobody had it. Raises as `opened`."""
        row = self._connection.execute("SELECT settings FROM customers WHERE number = ?", (number,)).fetchone()
        return msgspec.json.decode(row[0], type=CustomerSettings) if row else None


@contextmanager
def opened(path: Path) -> Iterator[Snapshot]:
    """The snapshot at `path`, for reading. Raises NoSnapshot."""
    try:
        # Immutable: no lock and no file beside it, for the reader may not be allowed to write there.
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            yield Snapshot(connection)
    except (sqlite3.Error, msgspec.MsgspecError, TypeError) as error:
        raise NoSnapshot(f"{path} cannot be read: {error}") from error


@contextmanager
def written(
    path: Path, about: About, owner: tuple[int, int] | None = None
) -> Iterator[Callable[[E164, CustomerSettings], None]]:
    """A new snapshot for `path`; takes its place at the end, and not at all if something is raised meanwhile.

    Yields what puts a customer in. `owner`: user and group that alone may read it. One writer at a time.
    """
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(new, isolation_level=None)) as connection:
            # No way back is needed: what is broken off is thrown away.
            for statement in ("PRAGMA journal_mode=OFF", *_CREATE, "BEGIN"):
                connection.execute(statement)

            def put(number: E164, settings: CustomerSettings) -> None:
                connection.execute("INSERT INTO customers VALUES (?, ?)", (number, msgspec.json.encode(settings)))

            connection.execute("INSERT INTO about VALUES (?)", (msgspec.json.encode(about),))
            yield put
            connection.execute("COMMIT")
        if owner:
            os.chown(new, *owner)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
