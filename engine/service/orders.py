"""Change orders: a customer asks, support says the price and does it (§6.2, §6.3).

Rule of this file: when an order is due is decided as it is asked for, by the holidays of the customer's Bundesland.
Whoever changes an order says what it showed; what somebody else has changed meanwhile is a conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from engine.accounts import Action, Identity
from engine.hours.working_days import due_day
from engine.ports.customers import CustomerEntries
from engine.ports.orders import ChangeOrder, OrderStore
from engine.service.customers import ZONE, NoSuchCustomer
from engine.terms import CustomerId

Prices = tuple[int | None, int | None]
"""Price and surcharge in cents; None = not said yet."""
MOST = 200


class NoSuchOrder(LookupError):
    """There is no such order, or it is none of this user's business."""


class OrderConflict(Exception):
    """Nothing was saved: somebody else has said another price meanwhile, or done it."""

    def __init__(self, theirs: ChangeOrder) -> None:
        super().__init__(theirs.id)
        self.theirs = theirs


class Orders:
    """Works on one store."""

    def __init__(self, store: OrderStore, customers: CustomerEntries, now: Callable[[], datetime]) -> None:
        """`now`: this moment, in UTC."""
        self._store, self._customers, self._now = store, customers, now

    async def ask(self, customer: CustomerId, text: str, urgent: bool, by: Identity) -> ChangeOrder:
        """A new order of 1 to 2000 characters. Raises NoSuchCustomer."""
        entry = await self._customers.load(customer) if by.sees(customer) and by.may(Action.EDIT_OWN) else None
        if entry is None:
            raise NoSuchCustomer(customer)
        now = self._now()
        due = due_day(now.astimezone(ZONE).date(), entry.state, urgent)
        order = ChangeOrder(0, customer, text, now, by.login, urgent, due)
        return replace(order, id=await self._store.add(order))

    async def of_customer(self, customer: CustomerId, by: Identity) -> Sequence[ChangeOrder]:
        """The customer's last ones, the latest first. Raises NoSuchCustomer."""
        if not by.sees(customer):
            raise NoSuchCustomer(customer)
        return await self._store.of_customer(customer, MOST)

    async def open(self, by: Identity) -> Sequence[ChangeOrder]:
        """Everybody's open ones, those due first at the top; none for who is not support."""
        return await self._store.open(MOST) if by.may(Action.HANDLE_ORDERS) else []

    async def order(self, order: int, by: Identity) -> ChangeOrder:
        """One order, for support. Raises NoSuchOrder."""
        found = await self._store.order(order) if by.may(Action.HANDLE_ORDERS) else None
        if found is None:
            raise NoSuchOrder(order)
        return found

    async def price(self, order: int, prices: Prices, seen: Prices, by: Identity) -> None:
        """Say what it costs. `seen`: what the order showed. Raises NoSuchOrder, OrderConflict."""

        def decide(stored: ChangeOrder) -> ChangeOrder:
            if (stored.price, stored.surcharge) != seen or stored.done_at is not None:
                raise OrderConflict(stored)
            return replace(stored, price=prices[0], surcharge=prices[1])

        await self._change(order, decide, by)

    async def done(self, order: int, by: Identity) -> None:
        """It is done; who was first stays. Raises NoSuchOrder."""

        def decide(stored: ChangeOrder) -> ChangeOrder:
            if stored.done_at is not None:
                return stored
            return replace(stored, done_at=self._now(), done_by=by.login)

        await self._change(order, decide, by)

    async def _change(self, order: int, decide: Callable[[ChangeOrder], ChangeOrder], by: Identity) -> None:
        if not (by.may(Action.HANDLE_ORDERS) and await self._store.change(order, decide)):
            raise NoSuchOrder(order)
