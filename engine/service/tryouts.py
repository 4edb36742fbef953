"""A contact's options are tried out: a test message by one of them, and what has come of it (§5.2.3).

Rule of this file: it goes the way of every message, to an option that is saved and active; and not too often, for SMS
and faxes cost money.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from engine.accounts import Action, Identity
from engine.entries import ContactEntry
from engine.message.routing import Way
from engine.message.states import Means, Occasion
from engine.message.tryout import tryout_texts
from engine.ports.customers import CustomerEntries
from engine.ports.messages import Delivery
from engine.ports.notices import NoticeStore
from engine.service.customers import NoSuchCustomer, author_of
from engine.service.messages import NoSuchWay
from engine.service.planning import to, ways
from engine.terms import CustomerId

MOST, WITHIN = 5, timedelta(hours=1)
"""Tests for one customer, and in which time."""


class TooManyTests(Exception):
    """The customer has had as many as there may be: later again."""


class MeansMissing(Exception):
    """Nothing is sent by this means here."""


class Tryouts:
    """Works on one store."""

    def __init__(
        self,
        store: NoticeStore,
        customers: CustomerEntries,
        now: Callable[[], datetime],
        missing: Callable[[], Collection[Means]] = lambda: (),
        language: str = "de",
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """`now`: this moment, in UTC; `missing()`: means that are not set up here; `language`: of what is sent.

        `wake()` is called when something is to be delivered.
        """
        self._store, self._customers, self._now = store, customers, now
        self._missing, self._language, self._wake = missing, language, wake

    async def ways(self, customer: CustomerId, contact: str, by: Identity) -> Sequence[Way]:
        """The contact's active ways. Raises NoSuchCustomer, NoSuchWay if there is no such contact."""
        return ways((await self._contact(customer, contact, by)).notify)

    def is_missing(self, means: Means) -> bool:
        """Whether nothing is sent by this means here."""
        return means in self._missing()

    async def send(self, customer: CustomerId, contact: str, means: Means, address: str, by: Identity) -> None:
        """Send a test this way. Raises NoSuchCustomer, NoSuchWay, MeansMissing, TooManyTests."""
        for way in await self.ways(customer, contact, by):
            if (way.means, way.address) == (means, address):
                break
        else:
            raise NoSuchWay(contact)
        if self.is_missing(means):
            raise MeansMissing(means)
        now, texts = self._now(), tryout_texts(by.name, self._language)
        planned, most = to(contact, way, now), (MOST, now - WITHIN)
        if not await self._store.add_test(customer, planned, texts, most, author_of(by), now):
            raise TooManyTests
        self._wake()

    async def results(self, customer: CustomerId, contact: str, by: Identity) -> Sequence[Delivery]:
        """What has come of the contact's tests of late, the latest first. Raises NoSuchCustomer, NoSuchWay."""
        await self._contact(customer, contact, by)
        return await self._store.sent(customer, Occasion.TEST, self._now() - WITHIN, contact)

    async def _contact(self, customer: CustomerId, contact: str, by: Identity) -> ContactEntry:
        entry = await self._customers.load(customer) if by.sees(customer) and by.may(Action.EDIT_OWN) else None
        if entry is None:
            raise NoSuchCustomer(customer)
        for one in entry.contacts:
            if one.name == contact:
                return one
        raise NoSuchWay(contact)
