"""What is the same at every desk, made once for all of them: who is there, each row of the team, the line.

Rule of this file: what is made of the same values says the same, so it is not made again; whose desk asks is one of the
values wherever it matters. Fifty desks look at every change.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from engine.ports.desk import Seen

MOST = 1000
"""Texts that are kept; then the oldest goes."""
T = TypeVar("T")


class Shared:
    """In the memory of this process."""

    def __init__(self) -> None:
        """Nothing is made yet."""
        self._changes = -1
        self._now: dict[Hashable, Any] = {}
        self._made: dict[Hashable, str] = {}

    def once(self, seen: Seen, what: Hashable, make: Callable[[], T]) -> T:
        """This, made once for each change of the floor. `seen`: by whoever asks, at this moment."""
        changes = seen.own + seen.others  # the same sum at every desk
        if changes != self._changes:
            self._changes, self._now = changes, {}
        if what not in self._now:
            self._now[what] = make()
        found: T = self._now[what]
        return found

    def made(self, of: Hashable, make: Callable[[], str]) -> str:
        """What was made of these values, language and kind among them."""
        found = self._made.get(of)
        if found is None:
            if len(self._made) >= MOST:
                del self._made[next(iter(self._made))]
            found = self._made[of] = make()
        return found
