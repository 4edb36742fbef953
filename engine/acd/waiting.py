"""The one waiting line, over all customers (§2.2).

The rules of this file: places are by rank and then by arrival. Almost everybody has the same rank; who stands before
the others was moved there by a supervisor, or has been served before and comes back. A caller whose ring was not picked
up never left the place. Callers for whom a phone rings keep their place and are passed over.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from engine.acd.need import Need
from engine.terms import AgentId, CallId

Place = tuple[datetime, int, str]
"""When a call arrived, a number that tells calls of the same millisecond apart, and its id."""
RETURNED = -1
"""The rank of callers who have been served before: before everybody who has not, among themselves by arrival."""


@dataclass(slots=True, order=True)
class Waiting:
    """One caller in the line."""

    rank: int
    """0, or negative: before all of a greater rank."""
    place: Place
    call: CallId = field(compare=False)
    need: Need = field(compare=False)
    wide: bool = field(default=False, compare=False)
    """The overflow time is over."""
    offered: bool = field(default=False, compare=False)
    """An agent's phone rings for this caller."""
    kept_for: AgentId | None = field(default=None, compare=False)
    """The agent whom a supervisor has chosen: nobody else gets this caller, and he gets this one before others."""


class Line:
    """Who waits, in the order in which they are served."""

    def __init__(self) -> None:
        """An empty line."""
        self._order: list[Waiting] = []
        self._by_call: dict[CallId, Waiting] = {}

    def __len__(self) -> int:
        """How many wait, those included for whom a phone rings."""
        return len(self._order)

    def __iter__(self) -> Iterator[Waiting]:
        """In the order in which they are served."""
        return iter(self._order)

    def __contains__(self, call: CallId) -> bool:
        """Whether the call waits."""
        return call in self._by_call

    @property
    def front(self) -> int:
        """A rank before everybody who waits, and before those who may still come back."""
        return min([RETURNED, *(entry.rank for entry in self._order[:1])]) - 1

    def join(self, place: Place, call: CallId, need: Need, rank: int = 0) -> Waiting:
        """Wait at this place. Raises ValueError if the call waits already."""
        if call in self._by_call:
            raise ValueError(f"call {call} waits already")
        entry = Waiting(rank, place, call, need)
        insort(self._order, entry)
        self._by_call[call] = entry
        return entry

    def get(self, call: CallId) -> Waiting | None:
        """The caller's entry; None if the call does not wait."""
        return self._by_call.get(call)

    def move(self, call: CallId, rank: int) -> None:
        """Wait at the same place in another rank; no error if the call does not wait."""
        if entry := self._by_call.get(call):
            del self._order[bisect_left(self._order, entry)]
            entry.rank = rank
            insort(self._order, entry)

    def leave(self, call: CallId) -> None:
        """Wait no longer; no error if the call does not."""
        entry = self._by_call.pop(call, None)
        if entry:
            del self._order[bisect_left(self._order, entry)]
