"""What takes the place of a lost delivery, where several are lost in the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from engine.jobs.outbox import Outbox
from engine.message.states import DeliveryState, Means, Trouble
from engine.ports.outbox import NotHanded, Parcel, Planned
from engine.store.database import Database
from tests.jobs.posting import FakeCourier, Post, way

FAILED, SENT = DeliveryState.FAILED, DeliveryState.SENT


async def test_two_alarms_that_expire_at_once_are_followed_by_one(database: Database) -> None:
    """Two contacts alarmed together expire together; whom both have named is alarmed once."""
    post, push = await Post.on(database), FakeCourier(Means.PUSHOVER)
    push.answers += [NotHanded(Trouble.NOT_ACKNOWLEDGED, "expired", final=True)] * 2

    async def follows(parcel: Parcel, now: datetime) -> Sequence[Planned]:
        if "Ida" in [one.recipient for one in await post.deliveries(parcel.message)]:
            return ()
        return [way(means=Means.PUSHOVER, recipient="Ida", due=now)]

    message = await post.takes(way(means=Means.PUSHOVER), way(means=Means.PUSHOVER, recipient="Jan"))
    task = asyncio.create_task(Outbox(post.store, [push], post.clock.now, follows).run())
    try:
        for _ in range(3):
            await post.store.noted()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert [(one.recipient, one.state) for one in await post.deliveries(message)] == [
        ("Eva Korn", FAILED), ("Jan", FAILED), ("Ida", SENT),
    ]  # fmt: skip
