"""What is told of calls: the numbered lines of each one's trail, and in the log what the rules call impossible.

Rule of this file: a number is given once; the same surprise is said once.
"""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from engine.call.commands import Note
from engine.call.events import Event
from engine.call.machine import Impossible, kind_of
from engine.call.races import Kind
from engine.call.state import Call, State
from engine.ports import Clock, Journal, TrailEntry
from engine.terms import CallId

log = structlog.get_logger()


class Trail:
    """The trails of the live calls."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        """No calls."""
        self._journal, self._clock = journal, clock
        self._entries: dict[CallId, int] = {}

    def note(self, call: Call, note: Note) -> None:
        """The next line."""
        n = self._entries[call.id] = self.of(call.id) + 1
        self._journal.noted(TrailEntry(call.id, n, self._clock.now(), note.what, note.detail))

    def of(self, call: CallId) -> int:
        """How many lines a call has."""
        return self._entries.get(call, 0)

    def goes_on(self, entries: Mapping[CallId, int]) -> None:
        """So many lines were written by an engine before this one."""
        self._entries.update(entries)

    def ends(self, call: CallId) -> None:
        """The last line is written."""
        self._entries.pop(call, None)


class Surprises:
    """Events that cannot happen and did."""

    def __init__(self) -> None:
        """None."""
        self._said: set[tuple[State, Kind]] = set()

    def say(self, call: Call, event: Event, problem: Impossible) -> None:
        """Log it, once for each state and kind of event."""
        key = (call.state, kind_of(event))
        if key not in self._said:
            self._said.add(key)
            log.error("impossible_event", call=call.id, problem=str(problem))
