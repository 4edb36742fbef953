"""What agents became, and when: their days, of which tables are made.

Rule of this file: what happened is a fact; it is added to by the journal, and forgotten when it is too old.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.terms import AgentId, AgentState


@dataclass(frozen=True, slots=True)
class AgentEntry:
    """An agent has come into a state, or has another reason for a pause."""

    agent: AgentId
    state: AgentState
    reason: str | None
    """Of a pause."""
    at: datetime
    """Aware. Of two entries of one moment the later one counts."""


class AgentDays(Protocol):
    """Every method raises StoreError if the store cannot be reached."""

    async def between(self, since: datetime, until: datetime) -> Sequence[AgentEntry]:
        """Agent by agent, in the order in which it happened; `until` is not in it any more."""

    async def forget(self, before: datetime, most: int) -> int:
        """Forget at most so many of the older ones; how many it were."""
