"""The calls of one customer, as its own people ask for them.

Rule of this file: every question names the customer, and no answer holds a call of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.ports import CallAttempt, CallRecord, TrailEntry
from engine.terms import CallId, CustomerId


@dataclass(frozen=True, slots=True)
class CustomerCall:
    """A call; `agent_name` is None where nobody picked up, or the agent who has talked last is gone."""

    record: CallRecord
    agent_name: str | None
    agents: tuple[str, ...] = ()
    """The names of all who have talked in it, in order, as far as their talks are kept."""

    @property
    def answered_by(self) -> tuple[str, ...]:
        """The same; the last one alone where no talks are kept."""
        return self.agents or ((self.agent_name,) if self.agent_name else ())


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which calls are asked for. Times are aware."""

    since: datetime | None = None
    until: datetime | None = None
    """Those that arrived before."""
    text: str = ""
    """A part of the caller's number, of the line's, or of the agent's name; numbers as the customer writes them."""
    after: CallId | None = None
    """Those older than this one of the same customer; none if it has no such call."""


@dataclass(frozen=True, slots=True)
class Day:
    """What came in within a time: since a moment, or up to another."""

    answered: int = 0
    missed: int = 0
    """Given up by the caller, or ended by the longest wait, before an agent had picked up."""
    other: int = 0
    """Outside the hours, refused or still waiting."""
    talked_ms: int = 0
    charged_minutes: int = 0
    blocked: int = 0
    """Calls of callers whom the customer has blocked."""


TEST_CALLER = "testcall"
"""The caller of a test call from the command line: the switch's own telephone, over no forwarded line."""


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A forwarded line as the carrier named it; None where it named none. `at`: its last call."""

    line: str | None
    at: datetime


class CustomerCalls(Protocol):
    """The store's view of one customer's calls."""

    async def page(self, customer: CustomerId, wanted: Wanted, limit: int) -> Sequence[CustomerCall]:
        """At most `limit` calls, the latest first."""

    async def find(self, customer: CustomerId, call: CallId) -> tuple[CustomerCall, Sequence[TrailEntry]] | None:
        """One call with what happened in it; None if the customer has no such call."""

    async def attempts(self, customer: CustomerId, call: CallId) -> Sequence[CallAttempt]:
        """What was dialled in one of the customer's calls to put the caller through, in order."""

    async def since(self, customer: CustomerId, begin: datetime) -> Day:
        """What came in since then, an aware time."""

    async def between(self, customer: CustomerId, moments: Sequence[datetime]) -> Sequence[Day]:
        """What came in from each of these aware times, which are in order, up to the next."""

    async def lines(self, customer: CustomerId) -> Sequence[SeenLine]:
        """The lines of the last calls that came from outside, the latest first."""
