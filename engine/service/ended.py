"""Ended calls whose ids are still known, so that none is taken for a new one."""

from __future__ import annotations

from engine.terms import CallId

MOST = 10_000


class Ended:
    """The last so many."""

    def __init__(self) -> None:
        """None has ended."""
        self._calls: dict[CallId, None] = {}

    def __len__(self) -> int:
        """How many are known."""
        return len(self._calls)

    def __contains__(self, call: CallId) -> bool:
        """Whether it is known to have ended."""
        return call in self._calls

    def add(self, call: CallId) -> None:
        """It has ended; the one that has been known for longest may be forgotten for it."""
        self._calls[call] = None
        if len(self._calls) > MOST:
            del self._calls[next(iter(self._calls))]
