"""What others tell of deliveries of their own accord: that one has arrived, waits, or has come back (§5.2.3).

Rule of this file: who tells has been believed before anything comes here. A report changes the one delivery that it
names, and only one that we have handed over, or may have, and of which nothing final is known yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.message.states import DeliveryState, Means, Trouble
from engine.terms import AgentId


@dataclass(frozen=True, slots=True)
class Report:
    """One of them. It names its delivery by the first that it has of `id`, `key` and `reference`."""

    means: Means
    state: DeliveryState
    """`DELIVERED`, `FAILED`, or `SENT`: it is still on its way, and `detail` says why."""
    trouble: Trouble | None = None
    """Why it has failed."""
    detail: str = ""
    """The other side's words, without secrets."""
    id: int | None = None
    key: str | None = None
    """Ours, which went with it."""
    reference: str | None = None
    """What its courier calls it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a report has changed."""

    delivery: int
    agent: AgentId | None
    """Who has taken the message."""


class ReportStore(Protocol):
    """Every method raises StoreError if the store cannot be reached."""

    async def take(self, report: Report, at: datetime, since: datetime, look_at: datetime) -> Taken | None:
        """Note it; None = it has changed nothing.

        What was due before `since` is none of its business any more. While it is on its way still, nobody need ask
        for it before `look_at`. Whoever is at the delivery this moment notes nothing any more. Aware times.
        """
