"""What became of accounts is forgotten when it is too old, day by day, whatever goes wrong in between."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from engine.jobs.retention import AGAIN, EVERY, Retention
from engine.service.accounts import Accounts, Why, base
from engine.store.database import StoreError
from tests.accounts import HERE, World, refused

KEEP = timedelta(days=180)


class Enough(Exception):
    """The test has seen all that it wants."""


async def days(retention: Retention, waited: list[float]) -> list[float]:
    """What was waited for until the test has seen enough."""
    with pytest.raises(Enough):
        await retention.run()
    return waited


async def strange_sign_in(world: World) -> None:
    """Somebody tries a login that there is not."""
    with refused(Why.WRONG):
        await world.accounts.sign_in("nobody", "nothing", address=HERE, device="")


async def test_only_what_is_too_old_is_forgotten(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "_AT_ONCE", 2)
    for _ in range(5):
        await strange_sign_in(world)
        world.clock.turn(days=1)
    world.clock.turn(days=178)
    kept = await world.accounts.events()
    assert await world.accounts.forget_events(KEEP) == 3
    assert list(await world.accounts.events()) == list(kept)[:2]
    assert await world.accounts.forget_events(KEEP) == 0


async def test_every_day_something_is_forgotten(world: World) -> None:
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)
        await strange_sign_in(world)
        world.clock.turn(days=100)
        if len(waited) == 3:
            raise Enough

    assert await days(Retention(world.accounts, KEEP, wait), waited) == [EVERY] * 3
    assert len(await world.accounts.events()) == 2


async def test_a_database_that_is_away_is_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)
        monkeypatch.undo()
        if len(waited) == 2:
            raise Enough

    async def away(self: Accounts, keep: timedelta) -> int:
        raise StoreError("away")

    monkeypatch.setattr(Accounts, "forget_events", away)
    assert await days(Retention(world.accounts, KEEP, wait), waited) == [AGAIN, EVERY]


async def test_it_waits_for_days_and_ends_when_it_is_told_to(world: World) -> None:
    task = asyncio.create_task(Retention(world.accounts, KEEP).run())
    done, _ = await asyncio.wait({task}, timeout=0.2)
    assert not done
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
