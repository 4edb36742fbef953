"""Writes down what happened, in order, in the background (`engine.ports.Journal`).

Rule of this file: the call path never waits for the store. Entries are queued without limit; one task writes all that
has gathered as one transaction and begins anew. A failing store loses nothing: the entries stay queued and are tried
again, and stand in a file (`engine.store.journal_file`) should the engine be killed meanwhile. How far that file has
been taken over is written in the same transaction, so each entry is taken over once.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, Executable, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from engine.acd.agents import Agent
from engine.acd.days import ENGINE_STOPPED
from engine.ports import CallAttempt, CallRecord, CallTalk, LiveAgent, LiveCall, TrailEntry
from engine.store.database import Database
from engine.store.journal_file import JournalFile, Kept, read
from engine.store.journal_lines import (
    AgentStands,
    Became,
    CallStands,
    Closed,
    Entry,
    Noted,
    Opened,
    Rests,
    Talked,
    Tried,
)
from engine.store.journal_rows import row, statements
from engine.store.tables import calls, journal_files
from engine.store.upsert import insert_or_replace
from engine.terms import AgentId, AgentState

BATCH = 500
"""Entries in one transaction at most."""
GATHER = 0.25
"""Seconds that entries wait for company: a transaction costs more than what is in it, and the file has them already."""
RETRIES = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds between two tries while the store fails; the last one for ever."""
FILE_LINES = 20_000
"""Lines after which the file is begun anew, as soon as the store has everything; some 10 MB."""

_log = structlog.get_logger(__name__)


class StoredJournal:
    """Fills `engine.ports.Journal`. To be made within the running event loop; its methods are not thread-safe."""

    def __init__(self, database: Database, retries: Sequence[float] = RETRIES) -> None:
        """`retries`: seconds between two tries while the store fails, the last one for ever. No file yet."""
        self._database, self._lane = database, database.lane()
        self._retries = retries
        self._queue: deque[Entry] = deque()
        self._states: dict[AgentId, Became] = {}
        """What was said of each agent last."""
        self._file: JournalFile | None = None
        self._file_id = ""
        self._last = 0
        """The number of the last entry."""
        self._added = asyncio.Event()
        self._taken = 0
        """Entries that have left the queue since the start."""
        self._flushes: list[tuple[int, asyncio.Future[None]]] = []
        self._hurry = asyncio.Event()
        """Somebody waits for the store: no more gathering."""
        self._statements = statements(database)
        self._how_far = insert_or_replace(database, journal_files, "id", "taken")
        self._writer = asyncio.create_task(self._write_for_ever(), name="journal")

    async def keep_file(self, path: Path) -> Kept:
        """Write this file too from now on; what an engine before left in it, its entries queued for the store.

        To be asked before the first entry. Raises StoreError if the store cannot be reached, OSError for the file.
        """
        kept = await asyncio.to_thread(read, path)
        wanted = select(journal_files.c.taken).where(journal_files.c.id == kept.id)
        closed = select(calls.c.id).where(calls.c.id.in_(kept.calls), calls.c.outcome.not_in(("open", "failed")))
        async with self._database.reading() as connection:
            taken = (await connection.execute(wanted)).scalar_one_or_none() or 0
            for call in (await connection.execute(closed)).scalars():
                del kept.calls[call]  # its end was lost to a full disk, but not to the store
        owed = [entry for entry in kept.entries if entry.n > taken]
        self._last = max([taken, *(entry.n for entry in owed)])
        self._file_id, self._file = kept.id, JournalFile(path, kept, owed)
        self._queue.extend(owed)
        if owed:
            _log.info("journal_entries_taken_over", entries=len(owed))
            self._added.set()
        return kept

    @property
    def waiting(self) -> int:
        """Entries that the store has not taken yet."""
        return len(self._queue)

    def opened(self, record: CallRecord) -> None:
        """A call has arrived."""
        self._add(Opened(self._next(), record))

    def noted(self, entry: TrailEntry) -> None:
        """Something happened in a call."""
        self._add(Noted(self._next(), entry))

    def closed(self, record: CallRecord) -> None:
        """A call is over; `record` is final."""
        self._add(Closed(self._next(), record))

    def tried(self, attempt: CallAttempt) -> None:
        """A leg to a transfer target is over."""
        self._add(Tried(self._next(), attempt))

    def talked(self, talk: CallTalk) -> None:
        """An agent's talk is over."""
        self._add(Talked(self._next(), talk))

    def agent_state(self, agent: AgentId, state: AgentState, reason: str | None) -> None:
        """An agent has become offline, ready or paused."""
        self._add(Rests(self._next(), agent, state, reason))

    def call_stands(self, live: LiveCall) -> None:
        """How a call stands now; for the file alone."""
        if self._file:
            self._file.add(CallStands(live))
            if self._file.torn:
                self._file.begin_anew(self._queue)

    def agent_stands(self, live: LiveAgent) -> None:
        """How an agent stands now, for the file alone; the store has when he became what."""
        self._became(live.agent)
        if self._file:
            self._file.add(AgentStands(live))

    def away(self, agents: Iterable[Agent], at: datetime) -> None:
        """No engine runs from `at` (aware) on, so of those signed in as they stood nobody knows what they do."""
        for agent in agents:
            if agent.state is not AgentState.OFFLINE:
                self._became(replace(agent, state=AgentState.OFFLINE, reason=ENGINE_STOPPED, since=at))

    async def flush(self) -> None:
        """Wait until everything said so far is in the store, however long the store takes."""
        if self._queue:
            done = asyncio.get_running_loop().create_future()
            self._flushes.append((self._taken + len(self._queue), done))
            self._hurry.set()
            await done

    async def forget_written(self) -> None:
        """Let nothing stand in the file that the store has by now, and may have forgotten; as soon as it has all."""
        await self.flush()
        if self._file:
            self._file.begin_anew(self._queue)

    async def close(self, limit: float = 10.0, *, in_peace: bool = True) -> None:
        """Write what is left, for at most `limit` seconds, and stop; `in_peace`: no call goes on after this engine.

        What a failing store did not take stands in the file, for the next engine; without a file it is logged.
        """
        try:
            await asyncio.wait_for(self.flush(), limit)
        except TimeoutError:
            lost = {} if self._file else {"lost": list(self._queue)}
            _log.error("journal_closed_with_entries_unwritten", entries=len(self._queue), **lost)
        self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)
        if self._file:
            if in_peace and not self._queue:
                self._file.forget()
                self._file.begin_anew()
            await asyncio.to_thread(self._file.close)

    def _became(self, agent: Agent) -> None:
        """Never dated before what was said of the agent last: an engine that goes on with him says it later."""
        last, at = self._states.get(agent.id), agent.since
        if at is None or (last and (last.state, last.reason) == (agent.state, agent.reason)):
            return
        at = max(at, last.at) if last else at
        entry = self._states[agent.id] = Became(self._next(), agent.id, agent.state, agent.reason, at)
        self._add(entry)

    def _next(self) -> int:
        self._last += 1
        return self._last

    def _add(self, entry: Entry) -> None:
        self._queue.append(entry)
        if self._file:
            self._file.add(entry)
            if self._file.torn and isinstance(entry, Closed):
                self._file.begin_anew(self._queue)
        self._added.set()

    async def _write_for_ever(self) -> None:
        failures, size = 0, BATCH
        while True:
            await self._added.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(GATHER):
                    await self._hurry.wait()
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
            if self._file and self._file.lines > FILE_LINES:
                self._file.begin_anew()
        for wanted, done in self._flushes:
            if wanted <= self._taken and not done.done():
                done.set_result(None)
        self._flushes = [(wanted, done) for wanted, done in self._flushes if not done.done()]
        if not self._flushes:
            self._hurry.clear()

    async def _write(self, batch: list[Entry]) -> None:
        """One transaction, kind by kind: kinds do not touch each other, but that a call opens before it closes."""
        steps: list[tuple[Executable, Any]] = []
        for kind, statement in self._statements.items():
            if rows := [row(entry) for entry in batch if isinstance(entry, kind)]:
                steps.append((statement, rows))
        if self._file:
            steps.append((self._how_far, {"id": self._file_id, "taken": batch[-1].n}))

        def work(connection: Connection) -> None:
            for statement, rows in steps:
                connection.execute(statement, rows)

        await self._lane.write(work)


def _is_unwritable(error: Exception) -> bool:
    """Whether the entry is to blame and not the store."""
    if isinstance(error, DBAPIError):
        return isinstance(error, DataError | IntegrityError)
    return isinstance(error, StatementError)
