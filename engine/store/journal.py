"""Writes down what happened, in order, in the background (`engine.ports.Journal`).

Rule of this file: the call path never waits for the store. Entries are queued without limit; one task writes all that
has gathered as one transaction and begins anew. A failing store loses nothing: the entries stay queued and are tried
again, and every statement may run twice without doing harm twice.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import fields
from itertools import islice
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Executable, bindparam, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from engine.ports import CallRecord, TrailEntry
from engine.store.database import Database
from engine.store.tables import agents, call_trail, calls
from engine.store.upsert import insert_missing, insert_or_replace
from engine.terms import AgentId, AgentState

BATCH = 500
"""Entries in one transaction at most."""
RETRIES = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds between two tries while the store fails; the last one for ever."""

# Not dataclasses.asdict: it copies deeply, and this runs on the call path.
_RECORD = tuple(field.name for field in fields(CallRecord))
_NOTE = tuple(field.name for field in fields(TrailEntry))
_log = structlog.get_logger(__name__)


class _Entry(NamedTuple):
    kind: str
    row: dict[str, Any]


class StoredJournal:
    """Fills `engine.ports.Journal`. To be made within the running event loop; its methods are not thread-safe."""

    def __init__(self, database: Database, retries: Sequence[float] = RETRIES) -> None:
        """`retries`: seconds between two tries while the store fails, the last one for ever."""
        self._database = database
        self._retries = retries
        self._queue: deque[_Entry] = deque()
        self._added = asyncio.Event()
        self._taken = 0
        """Entries that have left the queue since the start."""
        self._flushes: list[tuple[int, asyncio.Future[None]]] = []
        self._statements = _statements(database)
        self._writer = asyncio.create_task(self._write_for_ever(), name="journal")

    def opened(self, record: CallRecord) -> None:
        """A call has arrived."""
        self._add("opened", {name: getattr(record, name) for name in _RECORD})

    def noted(self, entry: TrailEntry) -> None:
        """Something happened in a call."""
        self._add("noted", {name: getattr(entry, name) for name in _NOTE})

    def closed(self, record: CallRecord) -> None:
        """A call is over; `record` is final."""
        self._add("closed", {name: getattr(record, name) for name in _RECORD})

    def agent_state(self, agent: AgentId, state: AgentState, reason: str | None) -> None:
        """An agent has become offline, ready or paused."""
        self._add("agent_state", {"agent": agent, "state": state.value, "pause_reason": reason})

    async def flush(self) -> None:
        """Wait until everything said so far is in the store, however long the store takes."""
        if self._queue:
            done = asyncio.get_running_loop().create_future()
            self._flushes.append((self._taken + len(self._queue), done))
            await done

    async def close(self, limit: float = 10.0) -> None:
        """Write what is left, for at most `limit` seconds, and stop. What a failing store did not take is logged."""
        try:
            await asyncio.wait_for(self.flush(), limit)
        except TimeoutError:
            _log.error("journal closed with entries unwritten", entries=[entry for entry in self._queue])
        self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)

    def _add(self, kind: str, row: dict[str, Any]) -> None:
        self._queue.append(_Entry(kind, {name: _storable(value) for name, value in row.items()}))
        self._added.set()

    async def _write_for_ever(self) -> None:
        failures, size = 0, BATCH
        while True:
            await self._added.wait()
            batch = list(islice(self._queue, size))
            try:
                await self._write(batch)
            except Exception as error:  # Whatever it is: a dead writer would lose everything that follows.
                if not _is_unwritable(error):
                    await self._back_off(failures, error)
                    failures += 1
                    continue
                if len(batch) > 1:
                    size = 1  # Find the entry, so that the others get through.
                    continue
                _log.error("journal entry cannot be written", entry=batch[0], error=str(error))
                size = BATCH
            if failures:
                _log.info("journal is written again", failures=failures)
                failures = 0
            self._take(len(batch))

    async def _back_off(self, failures: int, error: Exception) -> None:
        if not failures:
            _log.error("journal cannot be written, trying again", waiting=len(self._queue), error=str(error))
        await asyncio.sleep(self._retries[min(failures, len(self._retries) - 1)])

    def _take(self, number: int) -> None:
        """Forget what is stored, and wake whom it was for."""
        for _ in range(number):
            self._queue.popleft()
        self._taken += number
        if not self._queue:
            self._added.clear()
        for wanted, done in self._flushes:
            if wanted <= self._taken and not done.done():
                done.set_result(None)
        self._flushes = [(wanted, done) for wanted, done in self._flushes if not done.done()]

    async def _write(self, batch: list[_Entry]) -> None:
        """One transaction, kind by kind: kinds do not touch each other, but that a call opens before it closes."""
        async with self._database.writing() as connection:
            for kind, statement in self._statements.items():
                if rows := [entry.row for entry in batch if entry.kind == kind]:
                    await connection.execute(statement, rows)


def _statements(database: Database) -> dict[str, Executable]:
    state = update(agents).where(agents.c.login == bindparam("agent"))
    return {
        "opened": insert_missing(database, calls),
        "noted": insert_missing(database, call_trail),
        "closed": insert_or_replace(database, calls, "id", *(c.name for c in calls.c if not c.primary_key)),
        "agent_state": state.values(state=bindparam("state"), pause_reason=bindparam("pause_reason")),
    }


def _storable(value: Any) -> Any:
    """Texts come from carriers: PostgreSQL takes no NUL, neither database a lone surrogate."""
    if type(value) is str:
        return value.replace("\0", "\ufffd").encode(errors="replace").decode()
    return value


def _is_unwritable(error: Exception) -> bool:
    """Whether the entry is to blame and not the store."""
    if isinstance(error, DBAPIError):
        return isinstance(error, DataError | IntegrityError)
    return isinstance(error, StatementError)
