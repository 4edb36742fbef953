"""Customers that somebody looks at again and again, as the desks do: read anew only after a change in the audit log.

Rule of this file: one question for all, now and then; what was changed here is known at once, what was changed
elsewhere (another process, by hand) after `FRESH` seconds at the latest.
"""

from __future__ import annotations

import asyncio
from math import inf
from typing import TypeVar

from engine.entries import CustomerEntry
from engine.ports.customers import CustomerEntries
from engine.terms import CustomerId

KNOWN = 200
"""Customers that are kept in memory; then the one that was read first goes."""
FRESH = 0.2
"""Seconds for which nobody asks the store again whether anything has changed."""

T = TypeVar("T")


class KnownCustomers:
    """In the memory of this process."""

    def __init__(self, store: CustomerEntries) -> None:
        """Nothing is known yet."""
        self._store = store
        self._asked_at = -inf
        self._last = -1
        self._editions: dict[CustomerId, tuple[int, int]] = {}
        self._entries: dict[CustomerId, tuple[int, CustomerEntry]] = {}

    def changed(self) -> None:
        """Something was changed in this process."""
        self._asked_at = -inf

    async def edition(self, customer: CustomerId) -> int:
        """The id of the customer's last change in the audit log, 0 = none. Raises StoreError."""
        last = await self._last_change()
        seen, edition = self._editions.get(customer, (-1, 0))
        if seen != last:
            found = await self._store.history(customer, 1)
            edition = found[0].id if found else 0
            _keep(self._editions, customer, (last, edition))
        return edition

    async def entry(self, customer: CustomerId) -> CustomerEntry | None:
        """The customer; None = there is none. Raises StoreError."""
        edition = await self.edition(customer)
        seen, entry = self._entries.get(customer, (0, None))
        if entry is None or not edition or seen != edition:
            self._entries.pop(customer, None)
            entry = await self._store.load(customer)
            if entry is not None and edition:
                _keep(self._entries, customer, (edition, entry))
        return entry

    async def _last_change(self) -> int:
        now = asyncio.get_running_loop().time()
        if now - self._asked_at >= FRESH:
            self._asked_at = now  # so that others do not ask meanwhile
            try:
                self._last = await self._store.last_change()
            except BaseException:
                self._asked_at = -inf
                raise
        return self._last


def _keep(known: dict[CustomerId, T], customer: CustomerId, value: T) -> None:
    if customer not in known and len(known) >= KNOWN:
        del known[next(iter(known))]
    known[customer] = value
