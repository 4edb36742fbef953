"""Customers while the store is away: as they were when we last saw them.

Rules of this file: the store is asked first, and what it says counts. Only where it says nothing, a number is answered
from memory or from the snapshot, whichever is younger. A number that neither knows is not unknown: nobody can say. Who
has found out that the store is away is the only one who waits for that; from then on it is tried in the background.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from datetime import datetime
from pathlib import Path

import structlog

from engine.ports import Clock, Customers, CustomerSettings
from engine.snapshot import NoSnapshot, opened
from engine.terms import E164

log = structlog.get_logger()
LIMIT = 1.0
"""Seconds that the store may take, once it has answered for the first time."""
RETRY = 1.0
"""Seconds between two tries while it is away."""
_MOST = 5_000
"""Customers kept in memory: those who were called last."""
_NOBODY = E164("+49")
Seen = tuple[datetime, CustomerSettings]


class StoreAway(Exception):
    """The store does not answer, and nobody else knows the number."""


class RememberedCustomers:
    """Fills `engine.ports.Customers` over another one that may fail or hang."""

    def __init__(
        self, store: Customers, snapshot: Path, clock: Clock, *, limit: float = LIMIT, retry: float = RETRY
    ) -> None:
        """`snapshot`: a file that need not be there. Times in seconds, > 0."""
        self._store, self._snapshot, self._clock = store, snapshot, clock
        self._limit, self._retry = limit, retry
        self._seen: OrderedDict[E164, Seen] = OrderedDict()
        self._has_answered = False
        self._trying: asyncio.Task[None] | None = None

    @property
    def away(self) -> bool:
        """Whether the store does not answer at present."""
        return self._trying is not None

    async def by_access_number(self, number: E164) -> CustomerSettings | None:
        """The customer who has this number, or had it when we last knew. Raises StoreAway."""
        if not self.away:
            try:
                found = await self._ask(number)
            except Exception as error:  # whatever is wrong with the store
                self._lost(error)
            else:
                self._remember(number, found)
                return found
        return await self._last_known(number)

    async def _ask(self, number: E164) -> CustomerSettings | None:
        """As the store says, within the limit; a driver that takes no notice of a cancellation is left behind.

        Before the first answer there is none: the first connection may take its time.
        """
        asking = asyncio.ensure_future(self._store.by_access_number(number))
        try:
            await asyncio.wait({asking}, timeout=self._limit if self._has_answered else None)
        finally:
            if not asking.done():
                asking.cancel()
                asking.add_done_callback(_forget)
        if not asking.done():
            raise TimeoutError(f"no answer within {self._limit:g} s")
        self._has_answered = True
        return asking.result()

    def _remember(self, number: E164, found: CustomerSettings | None) -> None:
        self._seen.pop(number, None)
        if found:
            self._seen[number] = self._clock.now(), found
            if len(self._seen) > _MOST:
                self._seen.popitem(last=False)

    async def _last_known(self, number: E164) -> CustomerSettings:
        known = [self._seen[number]] if number in self._seen else []
        with contextlib.suppress(NoSnapshot):
            known += await asyncio.to_thread(_in_snapshot, self._snapshot, number)
        if not known:
            raise StoreAway("the store is away, and neither memory nor snapshot know this number")
        return max(known, key=lambda seen: seen[0])[1]

    def _lost(self, error: Exception) -> None:
        if not self.away:
            log.error("store_away", problem=str(error), mend="calls go on from what is known; look at the database")
            self._trying = asyncio.create_task(self._try_again())

    async def _try_again(self) -> None:
        while True:
            await asyncio.sleep(self._retry)
            with contextlib.suppress(Exception):
                await self._ask(_NOBODY)
                break
        self._trying = None
        log.info("store_back")


def _in_snapshot(path: Path, number: E164) -> list[Seen]:
    with opened(path) as snapshot:
        found = snapshot.customer(number)
        return [(snapshot.about.taken_at, found)] if found else []


def _forget(asked: asyncio.Future[CustomerSettings | None]) -> None:
    if not asked.cancelled():
        asked.exception()
