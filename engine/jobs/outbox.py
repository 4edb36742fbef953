"""The outbox: everything that waits is carried, each means by its courier, for itself (ADR 29).

Rule of this file: one that is slow or down holds up no other. What nobody carries here waits, too: it is sent once its
means is set up, and given up after a day.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NoReturn

import structlog

from engine.jobs.carrier import RETRY, Carrier, Following, Telling
from engine.jobs.outcome import NotSetUp
from engine.message.states import Means
from engine.ports.outbox import Courier, Handed, OutboxStore, Parcel
from engine.service.outbox_figures import LATELY, OVERDUE, OutboxFigures

log = structlog.get_logger()
LOOK = 10.0
"""Seconds between two looks at how everything stands."""


class Nobody:
    """In place of a courier that is not set up: takes nothing, quickly."""

    at_once = 50
    every = 0.0

    def __init__(self, means: Means, missing: str) -> None:
        """`missing`: the setting that would set it up; empty = there is none."""
        self.means = means
        self._detail = f"{means.value} is not set up here" + (f": see {missing}" if missing else "")

    async def send(self, parcel: Parcel) -> Handed:
        """See Courier."""
        raise NotSetUp(self._detail)

    async def look(self, parcel: Parcel) -> Handed:
        """See Courier: another engine has sent it."""
        raise NotSetUp(self._detail)


class Outbox:
    """Works on one store, alone. `figures` tells how it goes."""

    def __init__(
        self,
        store: OutboxStore,
        couriers: Iterable[Courier],
        now: Callable[[], datetime],
        following: Following,
        missing: Mapping[Means, str] | None = None,
        chance: Callable[[], float] = random.random,
        told: Telling = lambda _parcel, _state: None,
    ) -> None:
        """`now`: this moment, in UTC; `following(parcel, now)`: what takes the place of a lost one.

        `missing`: by which setting each means is set up; `chance`: in [0, 1); `told`: see Carrier.
        """
        self._store, self._now = store, now
        there = {courier.means: courier for courier in couriers}
        self.figures = OutboxFigures(missing=tuple(means for means in Means if means not in there))
        everybody = [there.get(means) or Nobody(means, (missing or {}).get(means, "")) for means in Means]
        self._carriers = [Carrier(one, store, now, chance, following, self.figures, told) for one in everybody]

    def wake(self) -> None:
        """Something was planned."""
        for carrier in self._carriers:
            carrier.wake()

    async def run(self) -> NoReturn:
        """Carry until cancelled."""
        await self._take_over()
        async with asyncio.TaskGroup() as tasks:
            for carrier in self._carriers:
                tasks.create_task(carrier.run())
            await self._look()
        raise AssertionError("they never end")

    async def _take_over(self) -> None:
        """What an engine before this one was at."""
        while True:
            try:
                if left := await self._store.release():
                    log.warning("deliveries_taken_over", number=left)
                return
            except Exception as problem:
                log.error("outbox_store_away", problem=type(problem).__name__, mend="the outbox waits for the database")
                await asyncio.sleep(RETRY)

    async def _look(self) -> NoReturn:
        while True:
            now = self._now()
            try:
                self.figures.standing = await self._store.standing(now - OVERDUE, now - LATELY)
            except Exception as problem:
                log.warning("outbox_not_counted", problem=type(problem).__name__)
            await asyncio.sleep(LOOK)
