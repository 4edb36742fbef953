"""The one waiting line, over all customers (§2.2).

The rules of this file: places are by arrival, for ever. A caller whose ring was not picked up never left the place; one
who comes back takes the old one. Callers for whom a phone rings keep their place and are passed over.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from engine.acd.need import Need
from engine.terms import CallId

Place = tuple[datetime, int, str]
"""When a call arrived, a number that tells calls of the same millisecond apart, and its id."""


@dataclass(slots=True, order=True)
class Waiting:
    """One caller in the line."""

    place: Place
    call: CallId = field(compare=False)
    need: Need = field(compare=False)
    wide: bool = field(default=False, compare=False)
    """The overflow time is over."""
    offered: bool = field(default=False, compare=False)
    """An agent's phone rings for this caller."""


class Line:
    """Who waits, in the order of arrival."""

    def __init__(self) -> None:
        """An empty line."""
        self._order: list[Waiting] = []
        self._by_call: dict[CallId, Waiting] = {}

    def __len__(self) -> int:
        """How many wait, those included for whom a phone rings."""
        return len(self._order)

    def __iter__(self) -> Iterator[Waiting]:
        """In the order of arrival."""
        return iter(self._order)

    def __contains__(self, call: CallId) -> bool:
        """Whether the call waits."""
        return call in self._by_call

    def join(self, place: Place, call: CallId, need: Need) -> Waiting:
        """Wait at this place. Raises ValueError if the call waits already."""
        if call in self._by_call:
            raise ValueError(f"call {call} waits already")
        entry = Waiting(place, call, need)
        insort(self._order, entry)
        self._by_call[call] = entry
        return entry

    def get(self, call: CallId) -> Waiting | None:
        """The caller's entry; None if the call does not wait."""
        return self._by_call.get(call)

    def leave(self, call: CallId) -> None:
        """Wait no longer; no error if the call does not."""
        entry = self._by_call.pop(call, None)
        if entry:
            del self._order[bisect_left(self._order, entry)]
