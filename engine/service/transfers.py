"""To whom a caller can be put through, and the order for it, with every way to every number (§5.2.4, L3, L7).

Rules of this file: the customer as it stands in the store at this moment. An agent sees that there is a number, and of
which kind; the number itself only if it is released anyhow. What stands against an order is a reason, never an empty
list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.directory.presence import Presence, presence
from engine.entries import ContactEntry, CustomerEntry, TargetEntry
from engine.entries.directory import directory
from engine.hours.service import ServiceHours
from engine.law.checks import allows_put_through
from engine.law.classes import ClassTable
from engine.law.outgoing import is_mobile
from engine.law.shown import diverted_from, own_number, shown_for
from engine.ports import Customers
from engine.service.customers import CustomerService
from engine.service.incidents import lines_of
from engine.service.outbound import Outbound
from engine.terms import E164, CustomerId, NotANumber, dialled
from engine.transfer.limits import Refused
from engine.transfer.plan import Kind, Order, Route, Target
from engine.transfer.ways import headers, written

_Placed = tuple[int, TargetEntry]
"""A number with its place among those in use, from 1."""


class NotPutThrough(Exception):
    """There is no order; `why` says what stands against it."""

    def __init__(self, why: Refused) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class OfferedTarget:
    """One number of a contact, as an agent sees it."""

    place: int
    """From 1, in the order in which they are tried."""
    mobile: bool
    number: E164 | None
    """None = it is not released."""
    ring_time: float


@dataclass(frozen=True, slots=True)
class OfferedContact:
    """A contact to whom a caller can be put through."""

    name: str
    targets: tuple[OfferedTarget, ...]
    restrictions: str | None
    accept: bool
    """Whoever answers must press 1."""
    presence: Presence
    """With the deputy, who is offered instead of an absent contact."""


@dataclass(frozen=True, slots=True)
class Offers:
    """What an agent can choose from."""

    why_not: Refused | None
    """What stands against putting anybody through; the contacts are listed all the same."""
    contacts: tuple[OfferedContact, ...]
    """Those who have a number in use."""


class Transfers:
    """Works on one store, for one running engine."""

    def __init__(
        self,
        customers: CustomerService,
        numbers: Customers,
        outbound: Outbound,
        now: Callable[[], datetime],
        classes: ClassTable,
        ring_time: float = 20.0,
        country: str = "49",
    ) -> None:
        """`numbers`: whose access number a number is; `classes`: of numbers.

        `ring_time`: seconds, of a target that has none of its own.
        """
        self._customers, self._numbers, self._outbound = customers, numbers, outbound
        self._now, self._classes, self._ring_time, self._country = now, classes, ring_time, country

    async def offers(self, customer: CustomerId) -> Offers:
        """What there is to choose from at this moment. Raises NoSuchCustomer."""
        entry = await self._customers.load(customer)
        return self.offered(entry, await self._customers.hours(entry))

    def offered(self, entry: CustomerEntry, hours: ServiceHours) -> Offers:
        """The same of a customer as he was read a moment ago."""
        contacts, now = directory(entry).contacts, self._now()
        there = {one.name: presence(one, contacts, hours, now) for one in contacts}
        found = [self._offered(one, entry, there[one.name]) for one in entry.contacts if _used(one)]
        return Offers(self._why_not(entry), tuple(found))

    async def order(
        self,
        customer: CustomerId,
        caller: str | None,
        line: str | None,
        contact: str,
        kind: Kind,
        by: str,
        only: int | None = None,
        access_number: E164 | None = None,
    ) -> Order:
        """The order to put this caller through to a contact. Raises NotPutThrough, NoSuchCustomer.

        `caller` and `line`: as the carrier wrote them, None = hidden or not said. `only`: the target of that place
        alone. `access_number`: the one that was dialled; None = the customer's first. Numbers that must not be
        dialled now are left out, and where none is left, what stands against the first is the reason.
        """
        entry = await self._customers.load(customer)
        chosen = next((one for one in entry.contacts if one.name == contact), None)
        if why := self._why_not(entry) or (Refused.NO_CONTACT if chosen is None else None):
            raise NotPutThrough(why)
        assert chosen is not None
        wanted = [(place, one) for place, one in enumerate(_used(chosen), start=1) if only in (None, place)]
        numbers = await self._lawful(entry, wanted)
        self._outbound.allow(customer, entry.put_through.legs_per_minute, entry.put_through.minutes_per_day)
        if why := self._outbound.refuses_customer(customer):
            raise NotPutThrough(why)
        way = _Caller(entry, caller, line, access_number, self._country)
        targets = (self._target(chosen, place, one, way) for place, one in numbers)
        agreed = self._outbound.allowance(customer)
        return Order(kind, tuple(targets), by, longest=self._outbound.longest(customer), allowance=agreed)

    async def listed(self, customer: CustomerId, number: str) -> tuple[str, int] | None:
        """Whose target in use this number is, and of which place; None = nobody's. Raises NoSuchCustomer.

        `number`: as it was dialled, in any way of writing; the first contact that has it counts.
        """
        try:
            wanted = dialled(number, self._country)
        except NotANumber:
            return None
        entry = await self._customers.load(customer)
        for contact in entry.contacts:
            for place, one in enumerate(_used(contact), start=1):
                if one.number == wanted:
                    return contact.name, place
        return None

    def _why_not(self, entry: CustomerEntry) -> Refused | None:
        lines = lines_of(((one.number, one.number_class) for one in entry.lines), self._classes)
        if not allows_put_through(lines):
            return Refused.BY_LAW
        return None if self._outbound.ways() else Refused.NO_TRUNK

    async def _lawful(self, entry: CustomerEntry, wanted: Sequence[_Placed]) -> Sequence[_Placed]:
        own = {E164(number) for number in (*entry.access_numbers, *(line.number for line in entry.lines))}
        found, against = [], []
        for place, one in wanted:
            number = E164(one.number)
            why = self._outbound.refuses_number(number, own)
            if why is None and await self._numbers.by_access_number(number) is not None:
                why = Refused.OWN_NUMBER
            if why is None:
                found.append((place, one))
            else:
                against.append(why)
        if not found:
            raise NotPutThrough(against[0] if against else Refused.NO_TARGETS)
        return found

    def _offered(self, contact: ContactEntry, entry: CustomerEntry, there: Presence) -> OfferedContact:
        released = {entry.company.phone, None if "phone" in contact.hidden else contact.phone}
        targets = tuple(
            OfferedTarget(
                place,
                is_mobile(E164(one.number)),
                E164(one.number) if one.number in released else None,
                one.ring_time or self._ring_time,
            )
            for place, one in enumerate(_used(contact), start=1)
        )
        transfer = contact.transfer
        return OfferedContact(contact.name, targets, transfer.restrictions, transfer.accept, there)

    def _target(self, contact: ContactEntry, place: int, target: TargetEntry, caller: _Caller) -> Target:
        number, routes = E164(target.number), []
        for trunk, way in self._outbound.ways():
            shown = caller.shown(way.foreign_numbers)
            diversion = caller.diversion if way.diversion else None
            read = headers(way, shown, caller.own, diversion, self._country)
            routes.append(Route(trunk, written(number, way.writing, self._country), shown, diversion, read))
        ring_time = target.ring_time or self._ring_time
        return Target(contact.name, number, ring_time, tuple(routes), contact.transfer.accept, place)


class _Caller:
    """Who is put through, as others see him."""

    def __init__(
        self, entry: CustomerEntry, caller: str | None, line: str | None, access_number: E164 | None, country: str
    ) -> None:
        agreed, lines = entry.put_through, [E164(one.number) for one in entry.lines]
        on_record = [E164(one.number) for one in entry.shown_numbers]
        self.own = own_number(on_record, E164(agreed.number) if agreed.number else None, country)
        dialled = access_number or next((E164(number) for number in entry.access_numbers), None)
        self.diversion = diverted_from(line, lines, dialled, country) if dialled else None
        self._shows, self._number, self._country = agreed.shows, caller, country

    def shown(self, foreign_numbers: bool) -> E164 | None:
        """By a carrier that passes on others' numbers, or not."""
        return shown_for(self._shows, self._number, self.own, foreign_numbers=foreign_numbers, country=self._country)


def _used(contact: ContactEntry) -> list[TargetEntry]:
    return [one for one in contact.transfer.targets if one.use]
