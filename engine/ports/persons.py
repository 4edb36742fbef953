"""Everything that is kept about one telephone number, and that it goes (GDPR, articles 15, 17, 20; ADR 31).

Rule of this file: a person is a number, in every spelling that carriers send; whose customer's data is looked at is
always said, and None is everybody's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from engine.ports.customers import Author
from engine.terms import E164, CustomerId

Row = Mapping[str, Any]
"""Plain values that JSON knows; `customer` is the number that people use, None where there is none."""


class Kind(StrEnum):
    """What is kept about a person."""

    CALLS = "calls"
    """Calls from the number, each with its trail, talks, legs to targets, and why it has no message."""
    MESSAGES = "messages"
    """Taken in these calls, or with the number as the caller's; with their deliveries."""
    DRAFTS = "drafts"
    """Typed by agents in these calls, or with the number in it, and not saved."""
    DIALLED = "dialled"
    """Legs to the number, for other callers."""
    BLOCKED = "blocked"
    """By which customers its calls are refused."""
    NOT_BLOCKED = "not_blocked"
    """Who did not want to block it though agents had marked it."""
    CHANGES = "changes"
    """Lines of the audit log with the number in them."""
    ENTERED = "entered"
    """Where customers have entered it as part of their own business: contacts, VIP notes, lines …"""
    MENTIONED = "mentioned"
    """Messages and change orders of others whose text has the number in it."""


STAYS = frozenset({Kind.ENTERED, Kind.MENTIONED})
"""What is listed and not deleted: only who wrote it knows what it is for."""


@dataclass(frozen=True, slots=True)
class Person:
    """What was found at one moment."""

    number: E164
    rows: Mapping[Kind, Sequence[Row]]
    """Every kind, the oldest row first."""
    keys: Mapping[Kind, Sequence[Any]]
    """The store's own keys of what can be deleted, in the same order."""

    @property
    def counts(self) -> Mapping[Kind, int]:
        """How many of each kind; those alone of which there are any."""
        return {kind: len(rows) for kind, rows in self.rows.items() if rows}

    @property
    def under_way(self) -> int:
        """Messages of which something is still to be delivered."""
        return sum(any(one["due"] for one in row["deliveries"]) for row in self.rows[Kind.MESSAGES])


@dataclass(frozen=True, slots=True)
class Deletion:
    """That what is kept about a person is deleted."""

    case: str
    """By which the log of changes, and who has asked for it, know it."""
    author: Author
    at: datetime
    everywhere: bool = False
    """It was asked for all customers: the installation's log says so, too."""
    keep: frozenset[Kind] = frozenset()
    """What is not to go."""


class PersonStore(Protocol):
    """What is stored."""

    async def find(self, number: E164, customer: CustomerId | None) -> Person:
        """Everything about this number, as far as the journal has been written."""

    async def delete(self, person: Person, order: Deletion) -> None:
        """Delete what was found; of a call the caller alone, with its trail and why it has no message.

        In the audit log of each customer concerned stands how much of it, under the case, without the number.
        """


class Traces(Protocol):
    """What a running engine has of callers beside the store."""

    async def settle(self, numbers: Collection[str]) -> bool:
        """Let all be in the store that is over; whether a call of one of these callers is going on."""

    async def forget(self, numbers: Collection[str]) -> None:
        """Let nothing of these callers be in memory or in a file of the engine's any more."""
