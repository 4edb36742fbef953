"""What agents became, and when, and the calls they took: their days, of which tables are made.

Rule of this file: what happened is a fact; it is added to by the journal, and forgotten when it is too old.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.acd.days import AgentEntry
from engine.terms import AgentId, CallId


@dataclass(frozen=True, slots=True)
class Tally:
    """An agent's calls within a time."""

    taken: int = 0
    """Calls in which this agent has talked, however often."""
    talked_ms: int = 0
    """In all of those taken, this agent's own talks alone."""
    missed: int = 0
    """Rings that were not picked up or were rejected; not those that the caller or our network has ended."""


@dataclass(frozen=True, slots=True)
class Talk:
    """One talk of an agent's."""

    call: CallId
    picked_up_at: datetime
    """By this agent."""
    waited_ms: int
    """Before this talk."""
    talked_ms: int
    how: str | None = None
    """It has ended (`engine.ports.records.CallTalk`)."""
    n: int = 1
    """Within the call; from 2 on somebody has talked to the caller before."""


class AgentDays(Protocol):
    """Every method raises StoreError if the store cannot be reached. Times are aware; `until` is not in any more."""

    async def between(
        self, since: datetime, until: datetime, agent: AgentId | None = None
    ) -> Mapping[AgentId, Sequence[AgentEntry]]:
        """By agent (or of this one alone), in the order in which it happened; first the last one before `since`."""

    async def tallies(self, since: datetime, until: datetime, agent: AgentId | None = None) -> Mapping[AgentId, Tally]:
        """Of every agent (or this one) who took or missed a call: talks that began and rings missed in the time."""

    async def talks(self, agent: AgentId, since: datetime, until: datetime) -> Sequence[Talk]:
        """Those picked up within the time, in their order."""

    async def names(self) -> Mapping[AgentId, str]:
        """Of everybody who works here at present."""

    async def forget(self, before: datetime, most: int) -> int:
        """Forget at most so many of the older entries; how many it were."""
