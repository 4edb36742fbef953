"""Nothing about people is kept longer than it is needed (GDPR, article 5 (1) (c) and (e); L8).

Rules of this file: once a night, when nobody calls; an engine that was off then does it at once, so that nothing waits
for a second night. What fails keeps nothing else from being forgotten, and is tried again within the hour. Nobody who
writes waits for it: it is done in small transactions with a rest after each.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as time_of_day
from typing import NoReturn
from zoneinfo import ZoneInfo

import structlog

from engine.hours.service import ZONE_NAME
from engine.ports import Clock
from engine.ports.keeping import Forgotten, NightReport, ReportStore

log = structlog.get_logger()
QUIET = time_of_day(3, 30)
"""The hour of the night, by the clocks of `ZONE_NAME`: on every night of the year there is one, and only one."""
AGAIN = timedelta(hours=1)
"""The next try after something has failed."""
LOOK = 3600.0
"""Seconds after which the clock is looked at again, for machines sleep and their clocks are set."""
AT_ONCE = 500
"""Rows that are forgotten in one transaction."""
_ZONE = ZoneInfo(ZONE_NAME)
Wait = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Duty:
    """What is forgotten after `keep`; `forget(keep)` does it and says how many rows it were."""

    what: str
    """As the log and the report name it."""
    keep: timedelta
    forget: Callable[[timedelta], Awaitable[int]]


class Retention:
    """Does all of its duties, one after the other. `last` is the report of the last time."""

    def __init__(
        self,
        duties: Sequence[Duty],
        reports: ReportStore,
        clock: Clock,
        then: Callable[[], Awaitable[None]] | None = None,
        wait: Wait = asyncio.sleep,
    ) -> None:
        """`then()` is done after the duties, for who keeps a copy; `wait(seconds)` comes back after them."""
        self._duties, self._reports, self._clock, self._then, self._wait = duties, reports, clock, then, wait
        self.last: NightReport | None = None

    async def run(self) -> NoReturn:
        """Forget, night after night, until cancelled."""
        while True:
            try:
                left = await self._seconds_left()
            except Exception as problem:
                log.error("retention_store_away", problem=type(problem).__name__, mend="tried again within an hour")
                left = LOOK
            if left > 0:
                await self._wait(min(left, LOOK))
            else:
                await self._once()

    async def _seconds_left(self) -> float:
        if self.last is None:
            self.last = next(iter(await self._reports.last(1)), None)
        now = self._clock.now()
        return (next_at(self.last, now) - now).total_seconds()

    async def _once(self) -> None:
        began, ticks = self._clock.now(), time.monotonic()
        lines = [await _does(duty) for duty in self._duties]
        self.last = NightReport(began, round((time.monotonic() - ticks) * 1000), tuple(lines))
        for work in (lambda: self._reports.add(self.last), self._then):
            try:
                await work() if work else None
            except Exception:
                log.exception("retention_not_noted", mend="the next report says it")


def next_at(last: NightReport | None, now: datetime) -> datetime:
    """When it is done next, after that report; at once if it never was."""
    if last is None:
        return now
    if last.failed:
        return last.at + AGAIN
    day = last.at.astimezone(_ZONE).date()
    nights = (datetime.combine(day + timedelta(days=n), QUIET, _ZONE) for n in range(3))
    return next(night for night in nights if night > last.at)


async def _does(duty: Duty) -> Forgotten:
    try:
        gone = await duty.forget(duty.keep)
    except Exception as problem:
        log.exception("retention_failed", what=duty.what, mend="tried again within an hour")
        return Forgotten(duty.what, duty.keep.days, 0, type(problem).__name__)
    if gone:
        log.info(f"{duty.what}_forgotten", number=gone, older_than_days=duty.keep.days)
    return Forgotten(duty.what, duty.keep.days, gone)


async def forget_old(
    forget: Callable[[datetime, int], Awaitable[int]], clock: Clock, keep: timedelta, wait: Wait = asyncio.sleep
) -> int:
    """Forget what was longer ago than that; how many rows it were. `forget(before, most)` does some of it."""
    before, gone = clock.now() - keep, 0
    while True:
        began = time.monotonic()
        some = await forget(before, AT_ONCE)
        gone += some
        if not some:
            return gone
        # As long as it took, so that whoever writes at the same time gets in between.
        await wait(time.monotonic() - began)
