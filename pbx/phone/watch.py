"""Waiting for something to become true, with a limit.

Rule: no polling; whoever changes state calls `changed`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Watch:
    """Wakes those who wait for a condition whenever the watched state has changed."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Future[None], Callable[[], bool]] = {}

    def changed(self) -> None:
        """Look at every awaited condition again."""
        for waiter, true_now in list(self._waiting.items()):
            if not waiter.done() and true_now():
                waiter.set_result(None)

    async def until(self, true_now: Callable[[], bool], within: float | None) -> bool:
        """Wait at most `within` seconds (None: as long as it takes); returns whether the condition came true."""
        if true_now():
            return True
        waiter = asyncio.get_running_loop().create_future()
        self._waiting[waiter] = true_now
        try:
            async with asyncio.timeout(within):
                await waiter
        except TimeoutError:
            return true_now()
        finally:
            del self._waiting[waiter]
        return True
