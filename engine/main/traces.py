"""What an engine has of callers beside the store: in memory, in the journal's file, in the snapshot.

Rule of this file: a command asks the running engine; where none runs, it looks after what one has left behind.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from engine.main import client
from engine.main.engine import Engine
from engine.main.lock import sole_engine
from engine.ports.persons import Traces
from engine.settings import Settings
from engine.store.database import Database, StoreError
from engine.store.journal import StoredJournal

LIMIT = 10.0
"""Seconds that the store may take for what it is owed."""


class RunningTraces:
    """Fills `Traces`, within the engine."""

    def __init__(self, engine: Engine) -> None:
        """Of this engine."""
        self._engine = engine

    async def settle(self, numbers: Collection[str]) -> bool:
        """See Traces. Raises StoreError if the store does not take what it is owed."""
        await _written(self._engine.journal)
        return any(call.caller in numbers for call in self._engine.exchange.calls.values())

    async def forget(self, numbers: Collection[str]) -> None:
        """See Traces."""
        self._engine.exchange.floor.talked.forget(numbers)
        self._engine.exchange.floor.board.stirred()
        self._engine.snapshots.take_soon()
        await self._engine.journal.forget_written()


class AskedTraces:
    """The same, of the engine that runs in this home, over its control socket."""

    def __init__(self, settings: Settings) -> None:
        """Of these settings."""
        self._home = settings.home

    async def settle(self, numbers: Collection[str]) -> bool:
        """See Traces. Raises Problem."""
        said = await client.ask(self._home, "POST", "/persons/settle", {"numbers": sorted(numbers)})
        return bool(said["calling"])

    async def forget(self, numbers: Collection[str]) -> None:
        """See Traces. Raises Problem."""
        await client.ask(self._home, "POST", "/persons/forget", {"numbers": sorted(numbers)})


class LeftTraces:
    """The same, of an engine that is gone: its journal's file."""

    def __init__(self, journal: StoredJournal, callers: Collection[str | None]) -> None:
        """`callers`: of the calls that the next engine goes on with."""
        self._journal, self._callers = journal, callers

    async def settle(self, numbers: Collection[str]) -> bool:
        """See Traces. Raises StoreError if the store does not take what it is owed."""
        await _written(self._journal)
        return any(caller in numbers for caller in self._callers)

    async def forget(self, numbers: Collection[str]) -> None:
        """See Traces."""
        await self._journal.forget_written()


async def _written(journal: StoredJournal) -> None:
    try:
        await asyncio.wait_for(journal.flush(), LIMIT)
    except TimeoutError:
        raise StoreError("the database does not take what calls have left: look at `vorzimmer status`") from None


@asynccontextmanager
async def traces_of(settings: Settings, database: Database) -> AsyncIterator[Traces]:
    """For a command, as long as the context lasts. Raises Problem, StoreError."""
    try:
        await client.ask(settings.home, "GET", "/status")
    except client.NotRunning:
        with sole_engine(settings.home):
            async with _left(settings, database) as left:
                yield left
    else:
        yield AskedTraces(settings)


@asynccontextmanager
async def _left(settings: Settings, database: Database) -> AsyncIterator[Traces]:
    path, journal = settings.home / "run" / "journal", StoredJournal(database)
    kept = path.stat() if path.exists() else None
    callers = [live.call.caller for live in (await journal.keep_file(path)).calls.values()] if kept else []
    try:
        yield LeftTraces(journal, callers)
    finally:
        await journal.close(in_peace=False)
        if kept:
            # The next engine reads there when the last one gave its last sign of life.
            os.utime(path, ns=(kept.st_atime_ns, kept.st_mtime_ns))
