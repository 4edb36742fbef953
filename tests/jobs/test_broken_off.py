"""A try that is broken off within its courier, by nobody of ours."""

from __future__ import annotations

import asyncio

from engine.message.states import DeliveryState, Trouble
from engine.ports.outbox import Handed, Parcel
from engine.store.database import Database
from tests.jobs.posting import FakeCourier, Post


class BrokenOff(FakeCourier):
    """Waits for something that somebody else has given up."""

    async def send(self, parcel: Parcel) -> Handed:
        given_up: asyncio.Future[Handed] = asyncio.get_running_loop().create_future()
        given_up.cancel()
        return await given_up


async def test_it_is_a_fault_of_ours_and_leaves_no_claim(database: Database) -> None:
    post = await Post.on(database)
    message = await post.takes()
    async with post.at_work(BrokenOff()):
        noted = await post.store.noted()
    assert (noted.state, noted.trouble, noted.detail) == (DeliveryState.QUEUED, Trouble.OURS, "it was broken off")
    assert [one.state for one in await post.deliveries(message)] == [DeliveryState.QUEUED]
