"""A lane to the database for one busy user of it: the calls' look-up, the journal.

Rules of this file: what is to be done is a plain function over a plain connection, done in one go. On SQLite that is
one turn of a thread with a connection of its own: passing every single statement to a thread and back (aiosqlite) costs
five times the CPU. Whoever has a lane waits for nobody but the database itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")
Opening = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


class Lane(Protocol):
    """Work on the database, one piece after the other."""

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Single statements that see every committed write. Raises StoreError if the database cannot be reached."""

    async def write(self, work: Callable[[Connection], T]) -> T:
        """One transaction: committed at the end, rolled back by an exception. Raises StoreError as `read`."""

    async def close(self) -> None:
        """Give the connection back; the next piece of work opens another."""


class AsyncLane:
    """A lane over an asynchronous driver, which needs no thread."""

    def __init__(self, reading: Opening, writing: Opening) -> None:
        """How a connection is opened for either."""
        self._reading, self._writing = reading, writing

    async def read(self, work: Callable[[Connection], T]) -> T:
        """See Lane."""
        async with self._reading() as connection:
            return await connection.run_sync(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """See Lane."""
        async with self._writing() as connection:
            return await connection.run_sync(work)

    async def close(self) -> None:
        """Every connection was given back at once."""


class ThreadLane:
    """A lane over SQLite: one thread, one connection, which is opened anew after whatever went wrong."""

    def __init__(self, reads: Engine, writes: Engine, unreachable: Callable[[DBAPIError], Exception]) -> None:
        """`unreachable` puts into words that no connection could be opened. Opens nothing yet."""
        self._reads, self._writes, self._unreachable = reads, writes, unreachable
        self._open: dict[Engine, Connection] = {}
        self._thread = ThreadPoolExecutor(1, "lane")

    async def read(self, work: Callable[[Connection], T]) -> T:
        """See Lane."""
        return await self._in_thread(lambda: self._do(self._reads, work))

    async def write(self, work: Callable[[Connection], T]) -> T:
        """See Lane."""

        def transaction(connection: Connection) -> T:
            with connection.begin():
                return work(connection)

        return await self._in_thread(lambda: self._do(self._writes, transaction))

    async def close(self) -> None:
        """See Lane. The thread ends after what it has begun."""
        await self._in_thread(self._give_back)
        self._thread.shutdown(wait=False)
        self._thread = ThreadPoolExecutor(1, "lane")

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _do(self, engine: Engine, work: Callable[[Connection], T]) -> T:
        connection = self._open.get(engine) or self._connect(engine)
        try:
            return work(connection)
        except BaseException:
            self._give_back()
            raise

    def _connect(self, engine: Engine) -> Connection:
        try:
            connection = self._open[engine] = engine.connect()
        except DBAPIError as error:
            raise self._unreachable(error) from error
        return connection

    def _give_back(self) -> None:
        while self._open:
            self._open.popitem()[1].close()
