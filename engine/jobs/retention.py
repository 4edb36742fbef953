"""Nothing about people is kept longer than it is needed (GDPR, article 5 (1) (c) and (e); L8).

Rule of this file: once a day, beginning with the engine; who restarts it every night forgets just as much.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import NoReturn

import structlog

from engine.service.accounts import Accounts

log = structlog.get_logger()
EVERY = 86_400.0
AGAIN = 3600.0
"""Seconds until the next time, and after a failure."""


class Retention:
    """Of accounts: who signed in, from where, and what became of it, is forgotten after `keep`."""

    def __init__(
        self, accounts: Accounts, keep: timedelta, wait: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        """`wait(seconds)` comes back after them."""
        self._accounts, self._keep, self._wait = accounts, keep, wait

    async def run(self) -> NoReturn:
        """Forget until cancelled."""
        while True:
            await self._wait(EVERY if await self._forgotten() else AGAIN)

    async def _forgotten(self) -> bool:
        try:
            gone = await self._accounts.forget_events(self._keep)
        except Exception:
            log.exception("retention_failed", mend="tried again within an hour")
            return False
        if gone:
            log.info("account_events_forgotten", number=gone, older_than_days=self._keep.days)
        return True
