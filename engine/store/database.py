"""The connection to the database: SQLite by default, PostgreSQL by URL.

Rules: reads are single statements without a transaction; every write is one transaction. On SQLite a write
begins IMMEDIATE: a deferred one that has read first could not wait for another writer, it would fail. Who uses the
database for every call has a lane of its own. What an error says reaches the log, so it holds no values.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from engine.store.lane import AsyncLane, Lane, ThreadLane

BUSY_TIMEOUT = 10_000
"""Milliseconds that a SQLite writer waits for another one, e.g. the engine for an import."""

LOG_PATIENCE = 1.0
"""Seconds that emptying the log waits for readers; who writes waits with it."""

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}


class StoreError(Exception):
    """The store cannot be used; the text is one line that says why and how to mend it."""


def async_url(url: str) -> URL:
    """The URL with the driver that we use: `sqlite:///path` or `postgresql://user:password@host/name`.

    Raises StoreError for anything else.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        # Not the text itself: it may hold a password.
        raise StoreError(
            "the database URL cannot be read: write sqlite:///path or postgresql://user@host/name"
        ) from None
    driver = _DRIVERS.get(parsed.drivername.partition("+")[0])
    if driver is None:
        raise StoreError(f"'{parsed.drivername}' is no database we know: write sqlite:///… or postgresql://…")
    if driver == _DRIVERS["sqlite"] and parsed.database in (None, "", ":memory:"):
        raise StoreError("the SQLite database needs a file: write sqlite:///path/to/vorzimmer.db")
    return parsed.set(drivername=driver)


class Database:
    """One database. `reading` gives a connection for single statements, `writing` one transaction."""

    def __init__(self, url: str) -> None:
        """Connects to nothing yet. Raises StoreError for a URL that `async_url` refuses."""
        self.url = async_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        # On SQLite a connection is given back without a rollback: nothing is open then, and it costs a thread's turn.
        pool: dict[str, Any] = {"pool_reset_on_return": None} if self.is_sqlite else {"pool_pre_ping": True}
        self.engine = create_async_engine(self.url, hide_parameters=True, **pool)
        self._reads = self.engine
        self._lanes: list[Lane] = []
        if self.is_sqlite:
            _prepare_sqlite(self.engine.sync_engine, Path(str(self.url.database)))
        else:
            self._reads = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._writes = self.engine.execution_options(begin="BEGIN IMMEDIATE")

    def create_file(self) -> None:
        """Make an empty SQLite file that only its owner reads (it holds phone passwords); PostgreSQL: nothing.

        It is put into WAL mode for good: readers never wait for the writer. Blocks while others do the same.
        """
        if self.is_sqlite:
            path = Path(str(self.url.database))
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            except OSError as error:
                raise StoreError(f"the database {path} cannot be made: {error.strerror}") from None
            _use_wal(path)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees every committed write. Raises StoreError if the database cannot be reached."""
        async with self._started(self._reads) as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed at the end, rolled back by an exception. Raises StoreError as `reading`."""
        async with self._started(self._writes) as connection, connection.begin():
            yield connection

    def lane(self) -> Lane:
        """A way to the database of its own, closed with the database."""
        self._lanes.append(self._thread_lane() if self.is_sqlite else AsyncLane(self.reading, self.writing))
        return self._lanes[-1]

    async def forget_log(self) -> bool:
        """Let nothing that was deleted stand in SQLite's log beside the file any more; whether that could be done.

        Not while somebody reads for longer than `LOG_PATIENCE`; PostgreSQL's log is its server's.
        """
        return not self.is_sqlite or await asyncio.to_thread(_empty_log, Path(str(self.url.database)))

    async def close(self) -> None:
        """Close every connection."""
        for lane in self._lanes:
            await lane.close()
        await self.engine.dispose()

    def _thread_lane(self) -> Lane:
        engine = create_engine(self.url.set(drivername="sqlite+pysqlite"), poolclass=NullPool, hide_parameters=True)
        _prepare_sqlite(engine, Path(str(self.url.database)))
        reads = engine.execution_options(isolation_level="AUTOCOMMIT")
        return ThreadLane(reads, engine.execution_options(begin="BEGIN IMMEDIATE"), self._unreachable)

    @asynccontextmanager
    async def _started(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        connection = engine.connect()
        try:
            await connection.start()
        except (DBAPIError, OSError) as error:
            raise self._unreachable(error) from error
        try:
            yield connection
        finally:
            # Shielded, so that a cancelled caller still gives its connection back.
            await asyncio.shield(connection.close())

    def _unreachable(self, error: DBAPIError | OSError) -> StoreError:
        reason = str(error.orig if isinstance(error, DBAPIError) else error).splitlines()[0]
        shown = self.url.set(drivername=self.url.get_backend_name()).render_as_string(hide_password=True)
        return StoreError(f"the database {shown} cannot be reached: {reason}; check database_url")


def _empty_log(path: Path) -> bool:
    with closing(sqlite3.connect(path, timeout=LOG_PATIENCE)) as connection:
        (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _use_wal(path: Path) -> None:
    """SQLite's own patience does not hold for this one change, so two that make it at once need ours."""
    until = time.monotonic() + BUSY_TIMEOUT / 1000
    while True:
        try:
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.DatabaseError as error:
            if time.monotonic() > until or "locked" not in str(error):
                raise StoreError(f"the database {path} cannot be used: {error}") from None
            time.sleep(0.02)


def _prepare_sqlite(engine: Engine, path: Path) -> None:
    """Foreign keys, patience, what is deleted is overwritten, and BEGIN said by us."""

    @event.listens_for(engine, "do_connect")
    def refuse_to_create(*_: object) -> None:
        if not path.exists():
            raise StoreError(f"there is no database at {path}: run 'vorzimmer init', or check database_url")

    @event.listens_for(engine, "connect")
    def set_up(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (f"busy_timeout={BUSY_TIMEOUT}", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if statement := connection.get_execution_options().get("begin"):
            connection.exec_driver_sql(statement)
