"""Looks every minute whether daily summaries are due; what is, the outbox carries (ADR 32).

Rule of this file: nothing here ends the engine. Who could not look makes up for it at the next look.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NoReturn

import structlog

from engine.service.digests import Digests
from engine.service.planning import UNDO

log = structlog.get_logger()
MINUTE = 60.0
_LATER = 0.1
"""Seconds after the moment at which something may be due: no clock is asked too early by a rounding."""


class DigestJob:
    """Works for one engine."""

    def __init__(
        self,
        digests: Digests,
        now: Callable[[], datetime],
        wake: Callable[[], None],
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`now`: this moment, in UTC; `wake()`: something is to be delivered; `wait(seconds)` comes back after them."""
        self._digests, self._now, self._wake, self._wait = digests, now, wake, wait
        self._since: datetime | None = None

    async def run(self) -> NoReturn:
        """Look until cancelled."""
        is_told = False
        while True:
            try:
                await self.look()
                is_told = False
            except Exception as problem:
                if not is_told:
                    log.error("digests_not_planned", problem=type(problem).__name__, mend="tried again every minute")
                is_told = True
            await self._wait(until_next(self._now()))

    async def look(self) -> None:
        """Once."""
        now = self._now()
        if await self._digests.plan(self._since, now):
            self._wake()
        self._since = now


def until_next(now: datetime) -> float:
    """Seconds until the next moment at which a summary may be planned: one of each minute."""
    at = now.second + now.microsecond / 1e6
    return (UNDO.total_seconds() + _LATER - at) % MINUTE or MINUTE
