"""One courier at work: what is due is claimed, handed over, noted.

Rule of this file: what was claimed is noted, however long the store is away meanwhile; only who is killed leaves a
claim. Nothing here ends the engine: what goes wrong is told once and tried again. No address and no text is logged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import NoReturn

import structlog
from sqlalchemy.exc import DBAPIError

from engine.jobs.outcome import NotSetUp, handed_over, is_a_look, not_handed_over
from engine.message.states import DeliveryState, Trouble
from engine.ports.outbox import Courier, Handed, Noted, NotHanded, OutboxStore, Parcel, Planned, Slow
from engine.service.outbox_figures import OutboxFigures
from engine.store.database import StoreError

log = structlog.get_logger()
LIMIT = 60.0
"""Seconds after which a courier that says nothing is given up."""
RETRY = 1.0
"""Seconds until the next try at a store that is away."""
LONGEST = 60.0
"""Seconds until the store is asked again, though nobody has said that something is due."""
GOODBYE = 5.0
"""Seconds that are waited for what is in the air, when the engine is stopped."""
Following = Callable[[Parcel, datetime], Awaitable[Sequence[Planned]]]
Telling = Callable[[Parcel, DeliveryState], None]


class Carrier:
    """Works for one courier."""

    def __init__(
        self,
        courier: Courier,
        store: OutboxStore,
        now: Callable[[], datetime],
        chance: Callable[[], float],
        following: Following,
        figures: OutboxFigures,
        told: Telling,
    ) -> None:
        """`now`: this moment, in UTC; `chance`: in [0, 1); `following(parcel, now)`: what takes a lost one's place.

        `told(parcel, state)` is called when one leaves the house (`SENDING`), and when one is given up (`FAILED`).
        """
        self._courier, self._store, self._now, self._chance = courier, store, now, chance
        self._following, self._figures, self._told = following, figures, told
        self._limit = courier.limit if isinstance(courier, Slow) else LIMIT
        self._woken = asyncio.Event()
        self._air: set[asyncio.Task[None]] = set()
        self._losing = asyncio.Lock()
        self._next = 0.0
        self._is_away = False

    def wake(self) -> None:
        """Something may be due."""
        self._woken.set()

    async def run(self) -> NoReturn:
        """Carry until cancelled; what is in the air then has a moment."""
        try:
            while True:
                await self._sleep(await self._guarded())
        finally:
            await self._land()

    async def _guarded(self) -> float:
        self._woken.clear()
        try:
            wait = await self._round()
        except Exception as problem:
            self._troubled(problem)
            return RETRY
        self._is_away = False
        return wait

    async def _round(self) -> float:
        """Begin with what is due; after how many seconds to look again."""
        free = self._courier.at_once - len(self._air)
        if free <= 0:
            return LONGEST
        due, now = await self._store.next_due(self._courier.means), self._now()
        if due is None or due > now:
            return LONGEST if due is None else min((due - now).total_seconds(), LONGEST)
        loop = asyncio.get_running_loop()
        if (pause := self._next - loop.time()) > 0:
            return pause
        claimed = await self._store.claim(now, self._courier.means, 1 if self._courier.every else free)
        for parcel in claimed:
            self._next = loop.time() + self._courier.every
            if not is_a_look(parcel):
                self._told(parcel, DeliveryState.SENDING)
            task = asyncio.create_task(self._carry(parcel))
            self._air.add(task)
            task.add_done_callback(self._landed)
        return 0.0 if claimed else RETRY  # taken back just now, say

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._air.discard(task)
        if not task.cancelled() and (problem := task.exception()):
            log.error("delivery_left_claimed", means=self._courier.means.value, problem=type(problem).__name__)
        self.wake()

    async def _land(self) -> None:
        air = set(self._air)
        if air:
            _, left = await asyncio.wait(air, timeout=GOODBYE)
            for task in left:  # claimed still: the next engine hands them over again
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def _carry(self, parcel: Parcel) -> None:
        result: DeliveryState | Trouble | None
        try:
            noted = handed_over(parcel, await self._handed(parcel), self._now())
        except NotHanded as problem:
            noted = not_handed_over(parcel, problem, self._now(), self._chance())
            result = None if isinstance(problem, NotSetUp) else noted.trouble
        else:
            result = None if noted.state is parcel.state else noted.state
        if result:
            self._figures.tries[self._courier.means.value, result.value] += 1
        await self._note(parcel, noted)

    async def _handed(self, parcel: Parcel) -> Handed:
        """Raises NotHanded, whatever happens."""
        does = self._courier.look if is_a_look(parcel) else self._courier.send
        task = asyncio.ensure_future(does(parcel))
        try:
            # Not `timeout`: whoever does not let himself be cancelled would hang here, too.
            done, _ = await asyncio.wait({task}, timeout=self._limit)
        finally:
            task.cancel()
        if not done:
            raise NotHanded(Trouble.UNREACHABLE, f"nothing was said within {self._limit:g} s")
        try:
            return task.result()
        except NotHanded:
            raise
        except asyncio.CancelledError:  # not us: something within it
            raise NotHanded(Trouble.OURS, "it was broken off") from None
        except Exception as problem:
            log.error("courier_failed", means=self._courier.means.value, problem=type(problem).__name__)
            raise NotHanded(Trouble.OURS, f"{type(problem).__name__}: {problem}") from problem

    async def _note(self, parcel: Parcel, noted: Noted) -> None:
        """Until it is noted."""
        while True:
            try:
                return await (self._lose if noted.state is DeliveryState.FAILED else self._keep)(parcel, noted)
            except Exception as problem:
                self._troubled(problem)
                await asyncio.sleep(RETRY)

    async def _lose(self, parcel: Parcel, noted: Noted) -> None:
        """One after the other: what takes the place of one is seen when the next one's is chosen."""
        async with self._losing:
            await self._keep(parcel, noted, await self._following(parcel, self._now()))

    async def _keep(self, parcel: Parcel, noted: Noted, then: Sequence[Planned] = ()) -> None:
        if await self._store.note(noted, then):
            self._tell(parcel, noted, len(then))

    def _tell(self, parcel: Parcel, noted: Noted, following: int) -> None:
        if noted.state is DeliveryState.FAILED:
            self._figures.failed[self._courier.means.value] += 1
            self._told(parcel, noted.state)
        if noted.state is parcel.state and noted.trouble is None:
            return  # a look that has found nothing new
        log.info(
            "delivery",
            delivery=noted.id,
            message=parcel.message,
            means=self._courier.means.value,
            state=noted.state.value,
            tries=noted.tries,
            trouble=noted.trouble and noted.trouble.value,
            next=noted.due and noted.due.isoformat(timespec="seconds"),
            following=following,
        )

    def _troubled(self, problem: Exception) -> None:
        """Told once until it goes well again."""
        means, is_told, self._is_away = self._courier.means.value, self._is_away, True
        if is_told:
            return
        if isinstance(problem, StoreError | DBAPIError | OSError):
            said = type(problem).__name__
            log.error("outbox_store_away", means=means, problem=said, mend="the outbox waits for the database")
        else:
            log.error("outbox_failed", means=means, exc_info=problem)
