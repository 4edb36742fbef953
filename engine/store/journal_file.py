"""The journal's file: what an engine that is killed would take with it, on this machine's disk at once.

Rules of this file: nobody waits for the disk: lines are handed to a thread that writes them. A line is an entry for
the store, numbered, or how a call or an agent stands now. Entries that the store has taken are known by their number,
so each is taken over once, whatever dies when. A line that cannot be read costs that line and no other.
"""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Annotated

import msgspec
import structlog

from engine.ports import CallRecord, LiveAgent, LiveCall, TrailEntry
from engine.terms import AgentId, AgentState

BEAT = 1.0
"""Seconds between two signs of life: so exactly is known when an engine was killed."""
GATHER = 0.005
"""Seconds that lines wait for company: waking for each of them costs more than writing it."""
_log = structlog.get_logger(__name__)


N = Annotated[int, msgspec.Meta(ge=1, le=2**62)]


class Opened(msgspec.Struct, frozen=True, tag_field="is", tag="opened"):
    """A call has arrived."""

    n: N
    record: CallRecord


class Noted(msgspec.Struct, frozen=True, tag_field="is", tag="noted"):
    """Something happened in a call."""

    n: N
    entry: TrailEntry


class Closed(msgspec.Struct, frozen=True, tag_field="is", tag="closed"):
    """A call is over."""

    n: N
    record: CallRecord


class Rests(msgspec.Struct, frozen=True, tag_field="is", tag="rests"):
    """An agent has become offline, ready or paused."""

    n: N
    agent: AgentId
    state: AgentState
    reason: str | None


class CallStands(msgspec.Struct, frozen=True, tag_field="is", tag="call"):
    """How a call stands."""

    live: LiveCall


class AgentStands(msgspec.Struct, frozen=True, tag_field="is", tag="agent"):
    """How an agent stands."""

    live: LiveAgent


class Begins(msgspec.Struct, frozen=True, tag_field="is", tag="file"):
    """The first line: which file this is, whatever it is called."""

    id: str


Entry = Opened | Noted | Closed | Rests
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Entry | CallStands | AgentStands | Begins).decode


@dataclass(slots=True)
class Kept:
    """What an engine before has left in the file."""

    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    alive_at: datetime | None = None
    """When that engine last gave a sign of life."""
    entries: list[Entry] = field(default_factory=list)
    calls: dict[str, LiveCall] = field(default_factory=dict)
    agents: dict[str, LiveAgent] = field(default_factory=dict)

    def take(self, line: bytes) -> None:
        """One more line. Raises msgspec.DecodeError."""
        match _decode(line):
            case Begins(name):
                self.id = name
            case CallStands(live):
                self.calls[live.call.id] = live
            case AgentStands(live):
                self.agents[live.agent.id] = live
            case entry:
                self.entries.append(entry)
                if isinstance(entry, Closed):
                    self.calls.pop(entry.record.id, None)


def read(path: Path) -> Kept:
    """What the file holds; empty if there is none."""
    kept = Kept()
    try:
        lines, at = path.read_bytes().split(b"\n"), path.stat().st_mtime
    except FileNotFoundError:
        return kept
    except OSError as problem:
        aside = path.with_name(f"{path.name}.unreadable")
        _log.error("journal_file_unreadable", file=str(path), problem=str(problem), kept_as=str(aside))
        path.rename(aside)
        return kept
    kept.alive_at = datetime.fromtimestamp(at, UTC)
    for n, line in enumerate(lines, start=1):
        try:
            if line:
                kept.take(line)
        except (msgspec.MsgspecError, ValueError, RecursionError) as problem:
            _log.warning("journal_line_unreadable", file=str(path), line=n, problem=str(problem))
    return kept


class JournalFile:
    """One file that grows, and is begun anew where nothing in it is owed to the store any more."""

    def __init__(self, path: Path, kept: Kept, entries: Iterable[Entry]) -> None:
        """Begins the file anew with what counts of `kept`, and with the `entries` that the store has not taken."""
        self.size = 0
        """Bytes, as far as lines were handed over."""
        self._path, self._id = path, kept.id
        self._calls = {call: _line(CallStands(live)) for call, live in kept.calls.items()}
        self._agents = {agent: _line(AgentStands(live)) for agent, live in kept.agents.items()}
        self.torn = False
        """Lines were lost to a full disk: the file must be begun anew before it is trusted again."""
        self._orders: SimpleQueue[tuple[bool, bytes] | None] = SimpleQueue()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._fd = self._begin(self._whole(entries))
        self._thread = threading.Thread(target=self._work, name="journal file", daemon=True)
        self._thread.start()

    def add(self, line: Entry | CallStands | AgentStands) -> None:
        """Write one line soon. Never waits, never raises."""
        try:
            text = _line(line)
        except UnicodeEncodeError as problem:  # a lone surrogate: the store gets it all the same
            _log.warning("journal_line_unwritable", problem=str(problem))
            return
        match line:
            case CallStands(live):
                self._calls[live.call.id] = text
            case AgentStands(live):
                self._agents[live.agent.id] = text
            case Closed(_, record):
                self._calls.pop(record.id, None)
        self.size += len(text)
        self._orders.put((False, text))

    def begin_anew(self, owed: Iterable[Entry] = ()) -> None:
        """Forget what the store has; `owed`: the entries that it has not."""
        self.torn = False
        self._orders.put((True, self._whole(owed)))

    def forget(self) -> None:
        """Nothing stands any more: the engine ends in peace."""
        self._calls.clear()
        self._agents.clear()

    def close(self) -> None:
        """Write what was handed over, and stop."""
        self._orders.put(None)
        self._thread.join()
        os.close(self._fd)

    def _whole(self, entries: Iterable[Entry]) -> bytes:
        lines = [_line(Begins(self._id)), *map(_line, entries), *self._calls.values(), *self._agents.values()]
        whole = b"".join(lines)
        self.size = len(whole)
        return whole

    def _begin(self, whole: bytes) -> int:
        new = self._path.with_suffix(".new")
        fd = os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_APPEND, 0o600)
        try:
            _write(fd, whole)
            new.replace(self._path)
        except OSError:
            os.close(fd)
            raise
        return fd

    def _work(self) -> None:
        beat = time.monotonic()
        while True:
            orders = _gathered(self._orders, BEAT)
            try:
                self._carry_out([order for order in orders if order])
                if time.monotonic() >= beat and not self.torn:
                    beat = time.monotonic() + BEAT
                    os.utime(self._fd)
                    os.fdatasync(self._fd)
            except OSError as problem:  # a full disk: the calls go on, and what is queued for the store is not lost
                if not self.torn:
                    _log.error("journal_file_unwritable", file=str(self._path), problem=str(problem))
                self.torn = True
            if None in orders:
                return

    def _carry_out(self, orders: list[tuple[bool, bytes]]) -> None:
        lines: list[bytes] = []
        for anew, text in orders:
            if anew:
                old, self._fd = self._fd, self._begin(text)
                os.close(old)
                lines.clear()  # the new file says it all
            else:
                lines.append(text)
        if lines:
            # Begins with a line's end, should the line before have been torn.
            _write(self._fd, b"\n" + b"".join(lines))


def _line(line: msgspec.Struct) -> bytes:
    return _encode(line) + b"\n"


def _gathered(orders: SimpleQueue[tuple[bool, bytes] | None], limit: float) -> list[tuple[bool, bytes] | None]:
    """All orders that are there; waits for the first one up to `limit` seconds."""
    found: list[tuple[bool, bytes] | None] = []
    try:
        found.append(orders.get(timeout=limit))
        time.sleep(GATHER)
        while True:
            found.append(orders.get_nowait())
    except Empty:
        return found


def _write(fd: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(fd, left) :]
