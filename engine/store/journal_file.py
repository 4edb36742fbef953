"""The journal's file: what an engine that is killed would take with it, on this machine's disk at once.

Rules of this file: nobody waits for the disk: lines are handed to a thread that puts them into words and writes them. A
line is an entry for the store, numbered, or how a call or an agent stands now. Entries that the store has taken are
known by their number, so each is taken over once, whatever dies when. A line that cannot be read costs that line and no
other.
"""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import structlog

from engine.ports import LiveAgent, LiveCall
from engine.store.journal_lines import AgentStands, Begins, CallStands, Closed, Entry, Line

BEAT = 1.0
"""Seconds between two signs of life: so exactly is known when an engine was killed."""
GATHER = 0.02
"""Seconds that lines wait for company: waking for each of them costs more than writing it."""
_log = structlog.get_logger(__name__)
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Line).decode


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


@dataclass(frozen=True, slots=True)
class _Anew:
    """Begin the file anew, with this and no more in it."""

    lines: Sequence[Line | bytes]


Order = Line | bytes | _Anew | None
"""What the thread is to write; None: nothing more."""


class JournalFile:
    """One file that grows, and is begun anew where nothing in it is owed to the store any more."""

    def __init__(self, path: Path, kept: Kept, entries: Iterable[Entry]) -> None:
        """Begins the file anew with what counts of `kept`, and with the `entries` that the store has not taken."""
        self.lines = 0
        """Handed over since the file was begun."""
        self._path, self._id = path, kept.id
        self._calls = {call: CallStands(live) for call, live in kept.calls.items()}
        self._agents = {agent: _line(AgentStands(live)) for agent, live in kept.agents.items()}
        self.torn = False
        """Lines were lost to a full disk: the file must be begun anew before it is trusted again."""
        self._orders: deque[Order] = deque()
        self._ordered = threading.Event()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._fd = self._begin(_text(self._whole(entries).lines))
        self._thread = threading.Thread(target=self._work, name="journal file", daemon=True)
        self._thread.start()

    def add(self, line: Entry | CallStands | AgentStands) -> None:
        """Write one line soon. Never waits, never raises."""
        self.lines += 1
        match line:
            case CallStands(live):
                self._calls[live.call.id] = line
            case AgentStands(live):
                # An agent changes, so how he stands is put into words at once.
                self._agents[live.agent.id] = text = _text([line])
                self._order(text)
                return
            case Closed(_, record):
                self._calls.pop(record.id, None)
        self._order(line)

    def begin_anew(self, owed: Iterable[Entry] = ()) -> None:
        """Forget what the store has; `owed`: the entries that it has not."""
        self.torn = False
        self.lines = 0
        self._order(self._whole(owed))

    def forget(self) -> None:
        """Nothing stands any more: the engine ends in peace."""
        self._calls.clear()
        self._agents.clear()

    def close(self) -> None:
        """Write what was handed over, and stop."""
        self._order(None)
        self._thread.join()
        os.close(self._fd)

    def _order(self, order: Order) -> None:
        self._orders.append(order)
        if not self._ordered.is_set():  # waking the thread costs more than writing the line
            self._ordered.set()

    def _whole(self, entries: Iterable[Entry]) -> _Anew:
        return _Anew([Begins(self._id), *entries, *self._calls.values(), *self._agents.values()])

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
            orders = self._gathered()
            try:
                self._carry_out(orders)
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

    def _gathered(self) -> list[Order]:
        """All orders that are there; waits for the first one, until the next sign of life is due."""
        if self._ordered.wait(BEAT):
            time.sleep(GATHER)
            self._ordered.clear()
        return [self._orders.popleft() for _ in range(len(self._orders))]

    def _carry_out(self, orders: Sequence[Order]) -> None:
        lines: list[Line | bytes] = []
        for order in orders:
            if isinstance(order, _Anew):
                old, self._fd = self._fd, self._begin(_text(order.lines))
                os.close(old)
                lines.clear()  # the new file says it all
            elif order is not None:
                lines.append(order)
        if text := _text(_last_words(lines)):
            # Begins with a line's end, should the line before have been torn.
            _write(self._fd, b"\n" + text)


def _line(line: Line) -> bytes:
    return _encode(line) + b"\n"


def _text(lines: Iterable[Line | bytes]) -> bytes:
    """The lines in words; without one that nobody can put into words."""
    whole: list[bytes] = []
    for line in lines:
        try:
            whole.append(line if isinstance(line, bytes) else _line(line))
        except UnicodeEncodeError as problem:  # a lone surrogate: the store gets it all the same
            _log.warning("journal_line_unwritable", problem=str(problem))
    return b"".join(whole)


def _last_words(lines: Sequence[Line | bytes]) -> list[Line | bytes]:
    """Of how a call stands only what was said last: what it was before, nobody will ask."""
    said: set[str] = set()
    kept: list[Line | bytes] = []
    for line in reversed(lines):
        if isinstance(line, CallStands):
            if line.live.call.id in said:
                continue
            said.add(line.live.call.id)
        kept.append(line)
    return kept[::-1]


def _write(fd: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(fd, left) :]
