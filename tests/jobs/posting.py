"""What tests of the outbox share: a courier in memory, a store that tells when something is noted, an outbox at work.

Rule of this file: the courier stands for who cannot be had; the store is a real one.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from engine.jobs.outbox import Outbox
from engine.message.slip import Slip
from engine.message.states import DeliveryState, Means
from engine.ports.messages import Delivery
from engine.ports.outbox import Handed, Noted, Parcel, Planned
from engine.store.database import Database, StoreError
from engine.store.messages import StoredMessages
from engine.store.outbox import StoredOutbox
from engine.terms import AgentId, CustomerId
from tests.accounts import TurnedClock
from tests.catalogue import service_on
from tests.stories.installation import eventually

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
KORN = CustomerId(1)
SECRET = "korn.example"
"""Part of every address here: it must be in no log."""
CUSTOMERS = """
tariffs: [{name: day, hours: {mon-fri: ["08:00-18:00"]}}]
customers: [{number: K1, name: Bäckerei Korn, tariff: day}]
"""
SENT = Handed(DeliveryState.SENT)
Answer = Handed | Exception | asyncio.Event


class FakeCourier:
    """Answers what it is told to, and that it has sent everything else; an event is waited for first."""

    def __init__(self, means: Means = Means.MAIL, at_once: int = 4, every: float = 0.0, limit: float = 60.0) -> None:
        self.means, self.at_once, self.every, self.limit = means, at_once, every, limit
        self.answers: deque[Answer] = deque()
        self.sent: list[Parcel] = []
        self.looked: list[Parcel] = []
        self.times: list[float] = []
        self._begun: asyncio.Queue[Parcel] = asyncio.Queue()

    async def send(self, parcel: Parcel) -> Handed:
        self.sent.append(parcel)
        self.times.append(asyncio.get_running_loop().time())
        return await self._answer(parcel)

    async def look(self, parcel: Parcel) -> Handed:
        self.looked.append(parcel)
        return await self._answer(parcel)

    async def begun(self) -> Parcel:
        """The next one that is handed to it."""
        async with asyncio.timeout(5):
            return await self._begun.get()

    async def _answer(self, parcel: Parcel) -> Handed:
        self._begun.put_nowait(parcel)
        answer = self.answers.popleft() if self.answers else SENT
        if isinstance(answer, asyncio.Event):
            await answer.wait()
            return SENT
        if isinstance(answer, Exception):
            raise answer
        return answer


class ToldStore(StoredOutbox):
    """Tells what was noted; is away as often as is asked for, each time before or after it has done what it should."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.away: dict[str, int] = {}
        self._noted: asyncio.Queue[Noted] = asyncio.Queue()

    async def noted(self) -> Noted:
        """The next one."""
        async with asyncio.timeout(5):
            return await self._noted.get()

    @property
    def is_quiet(self) -> bool:
        """Nothing was noted that nobody has asked for."""
        return self._noted.empty()

    async def release(self) -> int:
        self._fail("release")
        return await super().release()

    async def next_due(self, means: Means) -> datetime | None:
        self._fail("next_due")
        return await super().next_due(means)

    async def claim(self, now: datetime, means: Means, most: int) -> Sequence[Parcel]:
        self._fail("claim")
        return await super().claim(now, means, most)

    async def note(self, noted: Noted, then: Sequence[Planned] = ()) -> bool:
        self._fail("note")
        done = await super().note(noted, then)
        self._fail("answer to note")
        self._noted.put_nowait(noted)
        return done

    def _fail(self, what: str) -> None:
        if self.away.get(what):
            self.away[what] -= 1
            raise StoreError("the database is away")


class Post:
    """A store with one customer, and a clock that is turned."""

    def __init__(self, database: Database) -> None:
        self.clock, self.store, self.messages = TurnedClock(NOON), ToldStore(database), StoredMessages(database)
        self.following: list[Planned] = []
        self._taken = 0

    async def comes(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait until the outbox shows it. Raises AssertionError."""

        async def look() -> bool:
            return is_so()

        await eventually(look, what)

    @classmethod
    async def on(cls, database: Database) -> Post:
        await service_on(database).import_text(CUSTOMERS)
        return cls(database)

    async def takes(self, *ways: Planned) -> int:
        """A message with these deliveries; one by mail, due at once, if none is named."""
        self._taken += 1
        slip = Slip(AgentId("anna"), "Anna Lindner", NOON, text=f"Der Ofen ist kalt ({SECRET}).")
        return (await self.messages.add(KORN, f"{self._taken}", slip, ways or (way(),)))[0]

    async def deliveries(self, message: int) -> tuple[Delivery, ...]:
        found = await self.messages.find(KORN, message)
        assert found
        return found.deliveries

    def outbox(self, *couriers: FakeCourier, chance: float = 0.0) -> Outbox:
        async def follows(parcel: Parcel, now: datetime) -> Sequence[Planned]:
            return self.following

        missing = {Means.MAIL: "smtp_host"}
        return Outbox(self.store, couriers, self.clock.now, follows, missing, lambda: chance)

    @asynccontextmanager
    async def at_work(self, *couriers: FakeCourier, chance: float = 0.0) -> AsyncIterator[Outbox]:
        """An outbox with these couriers; it is stopped as the engine would."""
        outbox = self.outbox(*couriers, chance=chance)
        task = asyncio.create_task(outbox.run())
        try:
            yield outbox
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def way(**more: Any) -> Planned:
    """By mail to Eva, at noon."""
    told = {"means": Means.MAIL, "recipient": "Eva Korn", "address": f"eva@{SECRET}", "due": NOON}
    return Planned(**{**told, **more})
