"""Messages: taken by agents, read and got done by customers (§5.6).

Rule of this file: a message is judged, kept with its deliveries, and only then told of. What is sent twice is kept
once; something else under the same key is refused, for it would be lost. Who asks for another customer's is told
that there is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from engine.accounts import Action, Identity, Role
from engine.entries import CustomerEntry
from engine.message.routing import Way
from engine.message.slip import Mistake, Slip, mistakes, tidy
from engine.message.states import DeliveryState, Marks, Means, State, marked, opened
from engine.ports.customers import CustomerEntries
from engine.ports.messages import Count, Message, MessageStore, Wanted
from engine.ports.outbox import Planned
from engine.service.customers import ZONE, NoSuchCustomer, author_of
from engine.service.planning import planned, to, ways
from engine.terms import AgentId, CallId, CustomerId

_KEY = re.compile(r"[A-Za-z0-9._:-]{1,80}")


class NoSuchMessage(LookupError):
    """There is none, or it is none of this user's business."""


class NotTaken(Exception):
    """Nothing was kept; `mistakes` has every reason, in the order of the fields."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(f"{one.path}: {one.wrong}" for one in mistakes))
        self.mistakes = mistakes


class AlreadyTaken(Exception):
    """Nothing was kept: under this key there is another message. `message`: its id, `slip`: what it says."""

    def __init__(self, message: int, slip: Slip) -> None:
        super().__init__(message)
        self.message, self.slip = message, slip


class NotFailed(Exception):
    """There is nothing to be sent again: it has not failed finally, or somebody has dealt with it already."""


class NoSuchWay(LookupError):
    """The customer has no contact with this way, or not any more."""


class Messages:
    """Works on one store."""

    def __init__(
        self,
        store: MessageStore,
        customers: CustomerEntries,
        now: Callable[[], datetime],
        country: str = "49",
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """`now`: this moment, in UTC; `country`: the installation's code without plus.

        `wake()` is called when something is to be delivered.
        """
        self._store, self._customers, self._now, self._country = store, customers, now, country
        self._wake = wake

    async def take(self, customer: CustomerId, key: str, slip: Slip, *, delivers: bool = True) -> int:
        """Keep what an agent has written, and how it is delivered; its id. Safe to call again with the same key, slip
        and customer.

        `key`: made by who sends it, 1 to 80 letters, digits and `._:-`, e.g. a UUID; another one for each message.
        `delivers`: False = it is for the portal only.
        Raises NoSuchCustomer, NotTaken, AlreadyTaken, or ValueError for another key.
        """
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key of a message")
        entry = await self._entry(customer)
        slip = tidy(slip, self._country)
        if found := self._judged(entry, slip):
            raise NotTaken(found)
        ways = planned(entry, slip, self._now()) if delivers else ()
        message, kept = await self._store.add(customer, key, slip, ways)
        if replace(kept, taken_at=slip.taken_at) != slip:
            raise AlreadyTaken(message, kept)
        self._wake()
        return message

    async def judged(self, customer: CustomerId, slip: Slip) -> Sequence[Mistake]:
        """Everything that stands against taking it, in the order of the fields. Raises NoSuchCustomer."""
        return self._judged(await self._entry(customer), tidy(slip, self._country))

    async def take_back(
        self, customer: CustomerId, message: int, agent: AgentId, call: CallId, within: timedelta
    ) -> Slip | None:
        """Undo what this agent has taken in this call a moment ago: what it said.

        None = it stays: too late, read by somebody at the customer, on its way to one, or there is none such.
        """
        return await self._store.remove(customer, message, agent, call, self._now() - within)

    async def ways(self, customer: CustomerId, by: Identity) -> Sequence[tuple[str, Way]]:
        """Every active way to each of the customer's contacts, whether they are there or not. Raises NoSuchCustomer."""
        _refuse_others(customer, by)
        entry = await self._entry(customer)
        return [(one.name, way) for one in entry.contacts for way in ways(one.notify)]

    async def send_again(self, customer: CustomerId, message: int, delivery: int, by: Identity) -> None:
        """Try anew what has failed finally, to the address it was for.

        Raises NoSuchCustomer, NoSuchMessage, NotFailed.
        """
        found = await self.find(customer, message, by)
        for one in found.deliveries:
            if one.id == delivery and one.is_lost:
                way = Way(one.means, one.address, one.options)
                return await self._send(
                    customer, message, to(one.recipient, way, self._now(), found.slip.urgency), [delivery], by
                )
        raise NotFailed(delivery)

    async def send_elsewhere(
        self, customer: CustomerId, message: int, recipient: str, means: Means, address: str, by: Identity
    ) -> None:
        """Send it to one of `ways` too; with that, what has failed is dealt with.

        Raises NoSuchCustomer, NoSuchMessage, NoSuchWay, NotFailed if somebody has dealt with it this moment.
        """
        found = await self.find(customer, message, by)
        for name, way in await self.ways(customer, by):
            if (name, way.means, way.address) == (recipient, means, address):
                lost = [one.id for one in found.deliveries if one.is_lost]
                return await self._send(customer, message, to(name, way, self._now(), found.slip.urgency), lost, by)
        raise NoSuchWay(recipient)

    async def _send(
        self, customer: CustomerId, message: int, way: Planned, instead: Sequence[int], by: Identity
    ) -> None:
        if not await self._store.send(customer, message, [way], instead, author_of(by), self._now()):
            raise NotFailed(message)
        self._wake()

    async def _entry(self, customer: CustomerId) -> CustomerEntry:
        entry = await self._customers.load(customer)
        if entry is None:
            raise NoSuchCustomer(customer)
        return entry

    @staticmethod
    def _judged(entry: CustomerEntry, slip: Slip) -> Sequence[Mistake]:
        return mistakes(slip, [contact.name for contact in entry.contacts])

    async def page(self, customer: CustomerId, wanted: Wanted, limit: int, by: Identity) -> Sequence[Message]:
        """At most `limit` messages, the latest first. Raises NoSuchCustomer."""
        _refuse_others(customer, by)
        return await self._store.page(customer, wanted, limit)

    async def find(self, customer: CustomerId, message: int, by: Identity) -> Message:
        """One of them. Raises NoSuchCustomer, NoSuchMessage."""
        _refuse_others(customer, by)
        return _there(await self._store.find(customer, message), message)

    async def open(self, customer: CustomerId, message: int, by: Identity) -> Message:
        """The same, read by this user from now on if it is one of the customer's own; alarms because of it end."""
        found = await self.find(customer, message, by)
        if by.role is not Role.CUSTOMER:
            return found
        if await self._acknowledge(customer, found, by):
            found = await self.find(customer, message, by)
        if found.marks.state is not State.NEW:
            return found
        return await self._mark(customer, message, lambda marks: opened(marks, by.login, self._now()))

    async def mark(self, customer: CustomerId, message: int, wanted: State, by: Identity) -> Message:
        """Put it into that state; who was first stays. Alarms because of it end, unless it is to be new again.

        Raises NoSuchCustomer, NoSuchMessage.
        """
        if wanted is not State.NEW:
            await self._acknowledge(customer, await self.find(customer, message, by), by)
        _refuse_others(customer, by)
        return await self._mark(customer, message, lambda marks: marked(marks, wanted, by.login, self._now()))

    async def count(self, customer: CustomerId, by: Identity) -> Count:
        """How many were taken today, in German time, and how many are new. Raises NoSuchCustomer."""
        _refuse_others(customer, by)
        today = self._now().astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
        return await self._store.count(customer, today)

    async def _acknowledge(self, customer: CustomerId, message: Message, by: Identity) -> bool:
        """Telephones that ring for it until somebody says so need not ring any more (§5.2.3.3)."""
        ringing = [one.id for one in message.deliveries if one.is_alarm and one.state is DeliveryState.SENT and one.due]
        if not ringing or not await self._store.acknowledge(customer, message.id, ringing, by.login, self._now()):
            return False
        self._wake()
        return True

    async def _mark(self, customer: CustomerId, message: int, decide: Callable[[Marks], Marks]) -> Message:
        return _there(await self._store.mark(customer, message, decide), message)


def _there(found: Message | None, message: int) -> Message:
    if found is None:
        raise NoSuchMessage(message)
    return found


def _refuse_others(customer: CustomerId, by: Identity) -> None:
    if not (by.sees(customer) and by.may(Action.EDIT_OWN)):
        raise NoSuchCustomer(customer)
