"""The messages of customers: taken, found, marked, and how each was delivered (§5.2.3, §5.6).

Rule of this file: every question names the customer, and no answer holds a message of another.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from engine.message.slip import Slip
from engine.message.states import DeliveryState, Marks, Means, State, Summary, Trouble, is_alarm, summed_up
from engine.ports.customers import Author
from engine.ports.outbox import Planned
from engine.terms import AgentId, CallId, CustomerId


@dataclass(frozen=True, slots=True)
class Delivery:
    """One way on which a message goes to one person. Times are aware."""

    means: Means
    recipient: str
    """Who gets it, as it was then."""
    address: str
    """Mail address, telephone number, or whatever the means needs."""
    state: DeliveryState
    at: datetime
    """When it came into this state."""
    tries: int = 0
    trouble: Trouble | None = None
    """Why the last try has failed."""
    id: int = 0
    due: datetime | None = None
    """When it is tried next, or looked after; None = it is over."""
    detail: str = ""
    """What the other side has said to the last try; for support alone."""
    by: str | None = None
    """Who has acknowledged it."""
    is_replaced: bool = False
    """Another delivery has taken its place: it was sent again or elsewhere, or the next in a chain was alarmed."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What the means wants to know besides, as it was entered then."""

    @property
    def is_alarm(self) -> bool:
        """Whether it rings until somebody acknowledges it."""
        return is_alarm(self.means, self.options)

    @property
    def is_lost(self) -> bool:
        """Whether it has failed finally, nothing has taken its place, and it is still known to whom it was to go."""
        return self.state is DeliveryState.FAILED and not self.is_replaced and self.address != ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stands."""

    id: int
    slip: Slip
    marks: Marks
    deliveries: tuple[Delivery, ...]
    """In the order in which they were begun."""

    @property
    def delivery(self) -> Summary:
        """All of them in one word, but for those whose place another one has taken."""
        return summed_up(one.state for one in self.deliveries if not one.is_replaced)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages are asked for. Times are aware."""

    since: datetime | None = None
    until: datetime | None = None
    """Those that were taken before."""
    text: str = ""
    """Words that are all in it: caller, company, number as anybody writes it, contact, subject, text."""
    contact: str | None = None
    """Those for this one."""
    state: State | None = None
    call: CallId | None = None
    after: int | None = None
    """Those older than this one of the same customer; none if it has no such message."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are."""

    since: int
    """Taken since the moment that was asked for."""
    new: int
    """Of all those that nobody at the customer has read."""


class MessageStore(Protocol):
    """Every method raises StoreError if the store cannot be reached."""

    async def add(
        self, customer: CustomerId, key: str, slip: Slip, planned: Sequence[Planned] = ()
    ) -> tuple[int, Slip]:
        """Keep it, unless the customer has one with this key already: its id, and the slip that stands there now.

        `planned`: its deliveries, kept in the same transaction; none of them if it was there already.
        """

    async def page(self, customer: CustomerId, wanted: Wanted, limit: int) -> Sequence[Message]:
        """At most `limit`, the latest first."""

    async def find(self, customer: CustomerId, message: int) -> Message | None:
        """One of them; None = the customer has none such."""

    async def mark(self, customer: CustomerId, message: int, decide: Callable[[Marks], Marks]) -> Message | None:
        """Let its marks be as `decide` says, in one transaction, no other change of them in between; as `find`."""

    async def acknowledge(
        self, customer: CustomerId, message: int, deliveries: Collection[int], by: str, at: datetime
    ) -> bool:
        """Those of the message that have been handed over and are still looked after are acknowledged by this login.

        They are looked after once more, at once: their courier may have to stop something. False = there were none.
        """

    async def remove(
        self, customer: CustomerId, message: int, agent: AgentId, call: CallId, since: datetime
    ) -> Slip | None:
        """Take it away again, if this agent has taken it in this call after `since`, an aware time, nobody at the
        customer has read it, and no delivery was ever claimed: what it said. None = nothing was taken away.
        """

    async def count(self, customer: CustomerId, since: datetime) -> Count:
        """How many were taken since then, an aware time, and how many are new."""

    async def send(
        self,
        customer: CustomerId,
        message: int,
        planned: Sequence[Planned],
        instead: Collection[int],
        author: Author,
        at: datetime,
    ) -> bool:
        """Deliver it on these ways too, as this author wants; they take the place of `instead`, and it is audited.

        False = nothing was done: there is no such message of the customer's, or one of `instead` has not failed
        finally, or its place is taken already.
        """
