"""What is the same at every desk, made once for all of them: who is there, each row of the team, the line.

Rule of this file: what is made of the same values says the same, so it is not made again; whose desk asks is one of the
values wherever it matters. Fifty desks look at every change.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from engine.ports.desk import DeskAgent, Seen

MOST = 1000
"""Texts that are kept; then the oldest goes."""


class Shared:
    """In the memory of this process."""

    def __init__(self) -> None:
        """Nothing is made yet."""
        self._changes = -1
        self._team: Sequence[DeskAgent] = ()
        self._made: dict[Hashable, str] = {}

    def team(self, seen: Seen, look: Callable[[], Sequence[DeskAgent]]) -> Sequence[DeskAgent]:
        """Every agent, looked at once for each change of the floor. `seen`: by whoever asks."""
        changes = seen.own + seen.others  # the same sum at every desk
        if changes != self._changes:
            self._changes, self._team = changes, look()
        return self._team

    def made(self, of: Hashable, make: Callable[[], str]) -> str:
        """What was made of these values, language and kind among them."""
        found = self._made.get(of)
        if found is None:
            if len(self._made) >= MOST:
                del self._made[next(iter(self._made))]
            found = self._made[of] = make()
        return found
