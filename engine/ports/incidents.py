"""Calls that may have broken the law, and lines that carriers name: what support's list of incidents is made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.terms import CallId, CustomerId, NumberClass

Prefixes = tuple[Collection[str], Collection[str]]
"""Of mild and of strict numbers (`engine.law.classes.ClassTable.prefixes`)."""


@dataclass(frozen=True, slots=True)
class EarlyAnswer:
    """A call that was answered before an agent had picked up. Times are UTC; None = did not happen."""

    id: CallId
    customer: CustomerId
    line: str | None
    """The forwarded line, as the carrier named it."""
    arrived_at: datetime
    picked_up_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class NamedLine:
    """A forwarded line that a carrier named in a customer's calls."""

    customer: CustomerId
    line: str
    last_at: datetime
    """When the last of those calls arrived."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A customer with the lines on record, each with its corrected class or None."""

    number: str
    name: str
    lines: tuple[tuple[str, NumberClass | None], ...]


class IncidentStore(Protocol):
    """Every method raises StoreError if the store cannot be reached."""

    async def early_answers(
        self, customer: CustomerId | None, prefixes: Prefixes, since: datetime, most: int
    ) -> Sequence[EarlyAnswer]:
        """The last ones of this customer, or of all who may have a line that is paid by the minute."""

    async def named_lines(self, customer: CustomerId | None, calls: int) -> Sequence[NamedLine]:
        """The lines named in this customer's last calls, or in everybody's; the latest first."""

    async def owners(self, customers: Collection[CustomerId]) -> Mapping[CustomerId, Owner]:
        """Those of these customers that are still there."""
