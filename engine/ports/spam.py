"""Callers whom agents have marked as spam, and what became of the marks (§4.2).

Rule of this file: a mark is a call that was closed as spam and has no message; a caller who hides has none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.ports.desk import NoMessage
from engine.terms import E164, AgentId, CustomerId


@dataclass(frozen=True, slots=True)
class SpamMark:
    """One call that an agent has closed as spam."""

    customer: CustomerId
    customer_number: str
    customer_name: str
    caller: str
    """As the carrier wrote it."""
    at: datetime
    """When it was closed."""
    agent: AgentId
    agent_name: str | None
    """None where the agent is gone."""
    reason: NoMessage


class SpamStore(Protocol):
    """What the store knows of marks. Every method raises StoreError if the store cannot be reached."""

    async def marks(self, customer: CustomerId | None, since: datetime, limit: int) -> Sequence[SpamMark]:
        """Those of this customer, or of all, since then: at most `limit`, the latest first."""

    async def dismissals(self, customers: Collection[CustomerId]) -> Mapping[tuple[CustomerId, E164], datetime]:
        """Until when marks of a number count no more for a customer."""

    async def dismiss(self, customer: CustomerId, number: E164, by: str, at: datetime) -> None:
        """Marks of this number until then count no more for this customer."""

    async def access_numbers(self, numbers: Collection[E164]) -> frozenset[E164]:
        """Those of the numbers that are access numbers, whosever."""
