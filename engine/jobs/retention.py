"""Nothing about people is kept longer than it is needed (GDPR, article 5 (1) (c) and (e); L8).

Rule of this file: once a day, beginning with the engine; who restarts it every night forgets just as much.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

import structlog

from engine.ports import Clock

log = structlog.get_logger()
EVERY = 86_400.0
AGAIN = 3600.0
"""Seconds until the next time, and after a failure."""


_AT_ONCE = 1000
"""Lines that are forgotten in one transaction: nobody who writes waits for it."""


@dataclass(frozen=True, slots=True)
class Duty:
    """What is forgotten after `keep`; `forget(keep)` does it and says how many lines it were."""

    what: str
    """As the log names it."""
    keep: timedelta
    forget: Callable[[timedelta], Awaitable[int]]


class Retention:
    """Does all of its duties."""

    def __init__(self, duties: Sequence[Duty], wait: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """`wait(seconds)` comes back after them."""
        self._duties, self._wait = duties, wait

    async def run(self) -> NoReturn:
        """Forget until cancelled."""
        while True:
            done = [await _does(duty) for duty in self._duties]
            await self._wait(EVERY if all(done) else AGAIN)


async def _does(duty: Duty) -> bool:
    try:
        gone = await duty.forget(duty.keep)
    except Exception:
        log.exception("retention_failed", what=duty.what, mend="tried again within an hour")
        return False
    if gone:
        log.info(f"{duty.what}_forgotten", number=gone, older_than_days=duty.keep.days)
    return True


async def forget_old(forget: Callable[[datetime, int], Awaitable[int]], clock: Clock, keep: timedelta) -> int:
    """Forget what was longer ago than that; how many lines it were. `forget(before, most)` does some of it."""
    before, gone = clock.now() - keep, 0
    while some := await forget(before, _AT_ONCE):
        gone += some
    return gone
