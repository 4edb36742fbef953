"""What leaves the house besides messages: tests of a contact's options, and daily summaries (§5.2.3).

Rule of this file: a notice belongs to its customer, and is carried by the outbox as a message's deliveries are
(`engine.ports.outbox`): with its key, its tries, and its end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from engine.hours.digest_times import Span
from engine.message.states import Occasion
from engine.ports.customers import Author
from engine.ports.messages import Delivery
from engine.ports.outbox import Planned
from engine.terms import CustomerId


@dataclass(frozen=True, slots=True)
class PlannedDigest:
    """A daily summary that is due."""

    contact: str | None
    """Whose messages it tells; None = all of the customer's."""
    mail: tuple[str, ...]
    """Each address for itself."""
    span: Span
    even_empty: bool
    """Whether it is made also where there is nothing to tell."""


class NoticeStore(Protocol):
    """Every method raises StoreError if the store cannot be reached."""

    async def add_test(
        self,
        customer: CustomerId,
        planned: Planned,
        told: Mapping[str, Any],
        most: tuple[int, datetime],
        author: Author,
        at: datetime,
    ) -> bool:
        """Keep one to be sent, as this author wants, and audit it. `told`: its texts `subject` and `text`, and `by`.

        False = nothing was done: there is no such customer, or it has `most` of them since then, an aware time.
        """

    async def sent(
        self, customer: CustomerId, occasion: Occasion, since: datetime, recipient: str | None = None
    ) -> Sequence[Delivery]:
        """Those that were due first since then, an aware time, the latest first; `recipient`: to this one."""

    async def wanting(self) -> Sequence[tuple[CustomerId, tuple[str, ...]]]:
        """Every customer by whom daily summaries are wanted, and the times of day at which they are due."""

    async def add_digest(self, customer: CustomerId, digest: PlannedDigest) -> int:
        """Keep it to be sent to each of its addresses, in one transaction; to how many it is.

        Nothing is kept where that day's is there already, whoever has kept it; nor where there is nothing to tell,
        unless that is wished. It begins where the last one has ended, if that was within a week.
        """

    async def forget(self, before: datetime, most: int) -> int:
        """Forget so many at most that were due first before, an aware time; how many it were."""
