"""Blocking callers: what agents have marked as spam is suggested, the customer decides.

Rule of this file: nobody is blocked by agents, nor by us; a suggestion that was dismissed, or a caller who was let
through again, stays away until marked anew. However often, by however many agents and in whichever spelling a number
was marked, it is one suggestion.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.accounts import Action, Identity
from engine.directory.blocked import number_of
from engine.entries import CustomerEntry
from engine.entries.paths import BLOCKED_CALLERS, join
from engine.law.outgoing import is_emergency
from engine.ports.desk import NoMessage
from engine.ports.spam import SpamMark, SpamStore
from engine.service.customer_blocks import needed
from engine.service.customer_judging import FieldMistake, Refused
from engine.service.customers import Conflict, CustomerService, NoSuchCustomer
from engine.terms import E164, CustomerId, Wrong, dialled

COUNTED = timedelta(days=90)
"""How long a mark counts."""
MOST_MARKS = 5_000
"""Marks that are looked at, the last ones."""
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A caller whom agents have marked as spam in calls to one customer."""

    number: E164
    times: int
    """Calls that were marked."""
    last_at: datetime
    agent_name: str | None
    """Who marked it last; None where the agent is gone."""
    reason: NoMessage
    """What that agent had heard."""


@dataclass(frozen=True, slots=True)
class MarkedFor:
    """A customer in whose calls a number was marked."""

    number: str
    name: str
    times: int
    blocked: bool
    """Whether this customer has blocked it already."""


@dataclass(frozen=True, slots=True)
class MarkedCaller:
    """A caller whom agents have marked, over all customers."""

    number: E164
    times: int
    last_at: datetime
    customers: tuple[MarkedFor, ...]
    """The one with the most marks first."""


class Blocking:
    """Works on one store."""

    def __init__(
        self, store: SpamStore, customers: CustomerService, now: Callable[[], datetime], country: str = "49"
    ) -> None:
        """`now`: this moment, in UTC; `country`: the installation's code without plus."""
        self._store, self._customers, self._now, self._country = store, customers, now, country

    async def suggestions(self, customer: CustomerId, by: Identity) -> Sequence[Suggestion]:
        """Whom this customer may want to block, the one who was marked last first. Raises NoSuchCustomer."""
        _check(customer, by)
        entry = await self._customers.load(customer)
        marks = await self._store.marks(customer, self._now() - COUNTED, MOST_MARKS)
        counting = await self._counting(marks, {customer: entry})
        blocked = _blocked(entry)
        return [_suggestion(number, some) for number, some in counting.items() if number not in blocked][:MOST_SHOWN]

    async def everywhere(self) -> Sequence[MarkedCaller]:
        """Who was marked in anybody's calls, the one of the most customers first; for support."""
        marks = await self._store.marks(None, self._now() - COUNTED, MOST_MARKS)
        by_number = self._by_number(marks)
        often = sorted(by_number, key=lambda number: _weight(by_number[number]), reverse=True)[:MOST_SHOWN]
        some = [mark for number in often for mark in by_number[number]]
        entries = await self._entries({mark.customer for mark in some})
        counting = await self._counting(some, entries)
        return sorted(
            (_marked(number, found, entries) for number, found in counting.items()),
            key=lambda one: (len(one.customers), one.times, one.last_at),
            reverse=True,
        )

    async def block(self, customer: CustomerId, number: str, note: str | None, by: Identity) -> bool:
        """Refuse this caller's calls from the next one on; False = he was blocked already.

        Raises NoSuchCustomer, NotANumber, or Refused.
        """
        path = join((BLOCKED_CALLERS, dialled(number, self._country)))
        try:
            await self._customers.save(customer, {path: {"note": note}}, {path: None}, by)
        except Conflict:
            return False
        return True

    async def unblock(self, customer: CustomerId, number: str, by: Identity) -> None:
        """Let this caller through from the next call on; nothing happens if he is not blocked.

        Raises NoSuchCustomer, NotANumber, or Refused.
        """
        caller = dialled(number, self._country)
        await self._customers.save(customer, {join((BLOCKED_CALLERS, caller)): None}, {}, by)
        await self._store.dismiss(customer, caller, by.login, self._now())

    async def dismiss(self, customer: CustomerId, number: str, by: Identity) -> None:
        """Suggest this caller no more, unless marked anew. Raises NoSuchCustomer, NotANumber, or Refused."""
        _check(customer, by)
        if not by.may(Action.EDIT_OWN):
            raise Refused([FieldMistake(BLOCKED_CALLERS, Wrong("right", "only the customer or support may do this"))])
        await self._store.dismiss(customer, dialled(number, self._country), by.login, self._now())

    async def _entries(self, customers: Iterable[CustomerId]) -> dict[CustomerId, CustomerEntry]:
        found = {}
        for customer in customers:
            try:
                found[customer] = await self._customers.load(customer)
            except NoSuchCustomer:  # deleted this moment
                continue
        return found

    def _by_number(self, marks: Iterable[SpamMark]) -> dict[E164, list[SpamMark]]:
        """The marks of each number, in their order; who hides it is nobody."""
        found: defaultdict[E164, list[SpamMark]] = defaultdict(list)
        for mark in marks:
            number = number_of(mark.caller, self._country)
            if number is not None and not is_emergency(number, self._country):
                found[number].append(mark)
        return found

    async def _counting(
        self, marks: Iterable[SpamMark], entries: Mapping[CustomerId, CustomerEntry]
    ) -> dict[E164, list[SpamMark]]:
        """The marks that count: not dismissed, and of nobody whom the customer needs."""
        by_number = self._by_number(marks)
        dismissed = await self._store.dismissals(entries.keys())
        ours = await self._store.access_numbers(by_number.keys())
        kept = {customer: needed(entry) for customer, entry in entries.items()}
        found: dict[E164, list[SpamMark]] = {}
        for number, some in by_number.items():
            counting = [
                mark
                for mark in some
                if number not in ours
                and mark.customer in kept
                and number not in kept[mark.customer]
                and not _is_over(mark, dismissed.get((mark.customer, number)))
            ]
            if counting:
                found[number] = counting
        return found


def _check(customer: CustomerId, by: Identity) -> None:
    if not by.sees(customer):
        raise NoSuchCustomer(customer)


def _is_over(mark: SpamMark, dismissed_at: datetime | None) -> bool:
    return dismissed_at is not None and mark.at <= dismissed_at


def _blocked(entry: CustomerEntry) -> frozenset[str]:
    return frozenset(caller.number for caller in entry.blocked_callers)


def _suggestion(number: E164, marks: Sequence[SpamMark]) -> Suggestion:
    last = marks[0]
    return Suggestion(number, len(marks), last.at, last.agent_name, last.reason)


def _weight(marks: Sequence[SpamMark]) -> tuple[int, int, datetime]:
    return len({mark.customer for mark in marks}), len(marks), marks[0].at


def _marked(number: E164, marks: Sequence[SpamMark], entries: Mapping[CustomerId, CustomerEntry]) -> MarkedCaller:
    by_customer: defaultdict[CustomerId, list[SpamMark]] = defaultdict(list)
    for mark in marks:
        by_customer[mark.customer].append(mark)
    customers = [
        MarkedFor(some[0].customer_number, some[0].customer_name, len(some), number in _blocked(entries[customer]))
        for customer, some in by_customer.items()
    ]
    customers.sort(key=lambda one: (-one.times, one.number))
    return MarkedCaller(number, len(marks), marks[0].at, tuple(customers))
