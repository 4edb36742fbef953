"""What became of accounts is forgotten when it is too old, day by day, whatever goes wrong in between."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from engine.jobs.retention import AGAIN, EVERY, Duty, Retention, forget_old
from engine.service.accounts import Why, base
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


def of_accounts(world: World) -> Duty:
    """What became of accounts, for 180 days."""
    return Duty("account_events", KEEP, world.accounts.forget_events)


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

    assert await days(Retention([of_accounts(world)], wait), waited) == [EVERY] * 3
    assert len(await world.accounts.events()) == 2


async def test_a_database_that_is_away_is_tried_again(world: World) -> None:
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            raise Enough

    async def forget(keep: timedelta) -> int:
        if not waited:
            raise StoreError("away")
        return await world.accounts.forget_events(keep)

    assert await days(Retention([Duty("account_events", KEEP, forget)], wait), waited) == [AGAIN, EVERY]


async def test_what_one_fails_at_does_not_keep_the_others(world: World) -> None:
    waited: list[float] = []
    done: list[timedelta] = []

    async def forget(keep: timedelta) -> int:
        done.append(keep)
        if len(done) == 1:
            raise StoreError("away")
        return 3

    async def wait(seconds: float) -> None:
        waited.append(seconds)
        raise Enough

    with capture_logs() as logs:
        assert await days(Retention([Duty("a", KEEP, forget), Duty("b", KEEP / 2, forget)], wait), waited) == [AGAIN]
    assert done == [KEEP, KEEP / 2]
    told = [(line["event"], line.get("number"), line.get("older_than_days")) for line in logs]
    assert told == [("retention_failed", None, None), ("b_forgotten", 3, 90)]


async def test_old_lines_are_forgotten_some_at_a_time(world: World) -> None:
    left = 2500

    async def forget(before: datetime, most: int) -> int:
        nonlocal left
        assert before == world.clock.now() - KEEP
        gone = min(left, most)
        left -= gone
        return gone

    assert await forget_old(forget, world.clock, KEEP) == 2500


async def test_it_waits_for_days_and_ends_when_it_is_told_to(world: World) -> None:
    task = asyncio.create_task(Retention([of_accounts(world)]).run())
    done, _ = await asyncio.wait({task}, timeout=0.2)
    assert not done
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
