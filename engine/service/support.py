"""What support looks up and keeps beside the customers themselves.

Rule of this file: who may ask is the pages' to say; what is shown of a customer is judged by the rules that hold now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from engine.entries import CustomerEntry, TariffEntry
from engine.ports import Line
from engine.ports.support import SupportStore
from engine.service.customer_rules import Installation
from engine.service.customers import live_since
from engine.service.incidents import lines_of
from engine.terms import CustomerId


class Support:
    """Works on one store."""

    def __init__(self, store: SupportStore, rules: Callable[[], Installation], now: Callable[[], datetime]) -> None:
        """`rules`: what holds at the moment; `now`: this moment, in UTC."""
        self._store, self._rules, self._now = store, rules, now

    async def tariffs(self) -> Sequence[TariffEntry]:
        """Every tariff, by name."""
        return await self._store.tariffs()

    async def live_since(self, key: CustomerId, customer: CustomerEntry) -> date | None:
        """The day on which the account went live (`engine.service.customers.live_since`)."""
        return live_since(customer, await self._store.first_call(key) if customer.live_since is None else None)

    def lines(self, customer: CustomerEntry) -> list[Line]:
        """The forwarded lines, each with the class that holds for it (L1)."""
        return lines_of(((line.number, line.number_class) for line in customer.lines), self._rules().classes)
