"""The trails of the live calls: append-only, each entry numbered within its call.

Rule of this file: numbers go on where an engine before this one has stopped; nothing is noted of a call that is closed.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.ports import Clock, Journal, TrailEntry
from engine.terms import CallId


class Trails:
    """Counts, and writes to the journal."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        """No calls."""
        self._journal, self._clock = journal, clock
        self._entries: dict[CallId, int] = {}

    def note(self, call: CallId, what: str, detail: str = "") -> None:
        """One line more for this call."""
        n = self._entries[call] = self._entries.get(call, 0) + 1
        self._journal.noted(TrailEntry(call, n, self._clock.now(), what, detail))

    def go_on(self, entries: Mapping[CallId, int]) -> None:
        """How many lines calls of an earlier engine have, should their callers still be there."""
        self._entries.update(entries)

    def count(self, call: CallId) -> int:
        """How many lines there are."""
        return self._entries[call]

    def close(self, call: CallId) -> None:
        """The call is over."""
        self._entries.pop(call)
