"""An agent's day: what was done when, made of the log of states.

Rules of this file: a state lasts until the next one, and what lasts over midnight counts for either day with its part.
Of the time in which no engine ran nobody knows anything: it is neither work nor absence, and told apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from engine.terms import AgentId, AgentState

ENGINE_STOPPED = "engine stopped"
"""The reason for which an agent is offline where it is the engine that has gone."""
_NONE = timedelta()


@dataclass(frozen=True, slots=True)
class AgentEntry:
    """An agent has come into a state, or has another reason for a pause."""

    agent: AgentId
    state: AgentState
    reason: str | None
    """Of a pause; of offline where the agent has not said so himself: `ENGINE_STOPPED`, or one of `agents.LEFT`."""
    at: datetime
    """Aware. Of two entries of one moment the later one counts."""


@dataclass(frozen=True, slots=True)
class AgentDay:
    """What became of one agent within a time."""

    first: datetime | None = None
    """Signed in from then on; the beginning itself for who was before. None = not at all."""
    last: datetime | None = None
    """Signed in until then; the end itself for who still is."""
    spent: Mapping[AgentState, timedelta] = field(default_factory=dict)
    """Of every state but offline that there was."""
    pauses: Mapping[str, timedelta] = field(default_factory=dict)
    """By their reasons, empty for none; in all what was spent in pauses."""
    unknown: timedelta = _NONE
    """In which no engine ran, by who was signed in when it stopped."""

    @property
    def signed_in(self) -> timedelta:
        """All of it."""
        return sum(self.spent.values(), _NONE)

    def spent_in(self, state: AgentState) -> timedelta:
        """The time in that state."""
        return self.spent.get(state, _NONE)


def day_of(entries: Sequence[AgentEntry], begin: datetime, end: datetime) -> AgentDay:
    """One agent from `begin` up to `end`, aware times, by the entries in their order.

    The last entry before `begin` says how the time begins; without it nothing is known before the first one.
    """
    spent: dict[AgentState, timedelta] = defaultdict(timedelta)
    pauses: dict[str, timedelta] = defaultdict(timedelta)
    unknown, first, last = _NONE, None, None
    for entry, since, until in _stays(entries, begin, end):
        if entry.state is AgentState.OFFLINE:
            unknown += until - since if entry.reason == ENGINE_STOPPED else _NONE
            continue
        first, last = first or since, until
        spent[entry.state] += until - since
        if entry.state is AgentState.PAUSED:
            pauses[entry.reason or ""] += until - since
    return AgentDay(first, last, dict(spent), dict(pauses), unknown)


def _stays(
    entries: Sequence[AgentEntry], begin: datetime, end: datetime
) -> Iterator[tuple[AgentEntry, datetime, datetime]]:
    """Each entry with the part of its time that lies within; those without any are left out."""
    ends = [*(entry.at for entry in entries), end]
    for entry, (comes, goes) in zip(entries, pairwise(ends), strict=True):
        since, until = max(comes, begin), min(goes, end)
        if since < until:
            yield entry, since, until
