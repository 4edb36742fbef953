"""The outbox at work: when a delivery leaves, what becomes of one that does not, and what holds up nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from engine.jobs import carrier, outbox
from engine.message.states import DeliveryState, Means, Trouble
from engine.ports.outbox import Handed, NotHanded, Standing
from engine.store.database import Database
from tests.empty_store import empty_store
from tests.jobs.posting import NOON, SECRET, FakeCourier, Post, way

MINUTE = timedelta(minutes=1)
QUEUED, SENT, FAILED = DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.FAILED


@pytest_asyncio.fixture
async def post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Post]:
    for module in (carrier, outbox):
        monkeypatch.setattr(module, "RETRY", 0.01)
    database = Database(await empty_store(tmp_path / "post.db"))
    yield await Post.on(database)
    await database.close()


async def test_a_delivery_leaves_when_it_is_due_and_once(post: Post) -> None:
    mail = FakeCourier()
    async with post.at_work(mail) as working:
        message = await post.takes(way(due=NOON + timedelta(seconds=10)))
        working.wake()
        other = await post.takes()
        working.wake()
        assert (await mail.begun()).message == other
        assert (await post.store.noted()).state is SENT
        post.clock.turn(seconds=10)
        working.wake()
        assert (await mail.begun()).message == message
        noted = await post.store.noted()
        assert (noted.state, noted.tries, noted.due, noted.at) == (SENT, 1, None, post.clock.now())
    assert (len(mail.sent), mail.looked, post.store.is_quiet) == (2, [], True)
    assert [one.state for one in await post.deliveries(message)] == [SENT]


async def test_what_failed_is_tried_again_later_under_its_key_until_it_is_given_up(post: Post) -> None:
    mail = FakeCourier()
    greylisted = NotHanded(Trouble.REFUSED, "451 later", after=400)
    mail.answers += [
        greylisted,
        NotHanded(Trouble.BUSY, "too many", is_try=False),
        NotHanded(Trouble.REFUSED, "no", final=True),
    ]
    message = await post.takes()
    async with post.at_work(mail, chance=0.5) as working:
        first = await post.store.noted()
        assert (first.state, first.trouble, first.tries, first.detail) == (QUEUED, Trouble.REFUSED, 1, "451 later")
        assert first.due == NOON + timedelta(seconds=400 + 60 * 0.25)
        post.clock.turn(seconds=415)
        working.wake()
        throttled = await post.store.noted()
        assert (throttled.state, throttled.tries, throttled.trouble) == (QUEUED, 1, Trouble.BUSY)
        post.clock.turn(hours=1)
        working.wake()
        last = await post.store.noted()
        assert (last.state, last.tries, last.due, last.trouble) == (FAILED, 2, None, Trouble.REFUSED)
        assert working.figures.tries == {("mail", "refused"): 2, ("mail", "busy"): 1}
        assert working.figures.failed == {"mail": 1}
    assert len({parcel.key for parcel in mail.sent}) == 1
    assert [parcel.tries for parcel in mail.sent] == [0, 1, 1]
    (kept,) = await post.deliveries(message)
    assert (kept.is_lost, kept.detail) == (True, "no")


async def test_what_is_stale_is_given_up(post: Post) -> None:
    mail = FakeCourier()
    mail.answers.append(NotHanded(Trouble.UNREACHABLE, "away"))
    await post.takes(way(due=NOON - timedelta(hours=24)))
    async with post.at_work(mail):
        assert (await post.store.noted()).state is FAILED


async def test_a_courier_that_raises_something_else_is_a_fault_of_ours_and_is_tried_again(post: Post) -> None:
    mail = FakeCourier()
    mail.answers.append(RuntimeError(f"no way to eva@{SECRET}"))
    with capture_logs() as logs:
        async with post.at_work(mail) as working:
            await post.takes()
            working.wake()
            noted = await post.store.noted()
    assert (noted.state, noted.trouble, noted.tries) == (QUEUED, Trouble.OURS, 1)
    assert noted.detail == f"RuntimeError: no way to eva@{SECRET}"
    assert "courier_failed" in [line["event"] for line in logs]
    assert SECRET not in repr(logs)


async def test_a_courier_that_hangs_is_given_up_and_holds_up_no_other(post: Post) -> None:
    mail, push = FakeCourier(limit=0.05), FakeCourier(Means.PUSHOVER)
    never = asyncio.Event()
    mail.answers.append(never)
    async with post.at_work(mail, push) as working:
        await post.takes(way(), way(means=Means.PUSHOVER))
        working.wake()
        states = {(noted.state, noted.trouble) for noted in (await post.store.noted(), await post.store.noted())}
        assert states == {(SENT, None), (QUEUED, Trouble.UNREACHABLE)}


async def test_who_does_not_let_himself_be_cancelled_is_given_up_too(post: Post) -> None:
    release = asyncio.Event()

    class Deaf(FakeCourier):
        async def send(self, parcel: object) -> Handed:
            while not release.is_set():
                try:
                    await release.wait()
                except asyncio.CancelledError:
                    continue
            return Handed(SENT)

    async with post.at_work(Deaf(limit=0.05)) as working:
        await post.takes()
        working.wake()
        noted = await post.store.noted()
        assert (noted.state, noted.trouble, noted.detail) == (
            QUEUED, Trouble.UNREACHABLE, "nothing was said within 0.05 s",
        )  # fmt: skip
        release.set()


async def test_no_more_are_in_the_air_than_the_courier_carries(post: Post) -> None:
    mail = FakeCourier(at_once=2)
    gates = [asyncio.Event() for _ in range(3)]
    mail.answers += gates
    for _ in gates:
        await post.takes()
    async with post.at_work(mail):
        await mail.begun()
        await mail.begun()
        assert len(mail.sent) == 2
        gates[1].set()
        await post.store.noted()
        await mail.begun()
        gates[0].set()
        gates[2].set()
        await post.store.noted()
        await post.store.noted()
    assert len(mail.sent) == 3


async def test_they_leave_as_far_apart_as_the_courier_wants(post: Post) -> None:
    sms = FakeCourier(Means.SMS, every=0.05)
    for _ in range(3):
        await post.takes(way(means=Means.SMS))
    async with post.at_work(sms):
        for _ in range(3):
            await post.store.noted()
    first, second, third = sms.times
    assert second - first >= 0.05 and third - second >= 0.05


async def test_a_store_that_is_away_loses_nothing_and_doubles_nothing(post: Post) -> None:
    post.store.away = {"release": 2, "next_due": 5, "claim": 3, "note": 3}
    mail = FakeCourier()
    message = await post.takes()
    with capture_logs() as logs:
        async with post.at_work(mail):
            assert (await post.store.noted()).state is SENT
    assert len(mail.sent) == 1
    assert [one.state for one in await post.deliveries(message)] == [SENT]
    assert "outbox_store_away" in [line["event"] for line in logs]
    assert not any(post.store.away.values())


async def test_what_was_noted_though_the_store_has_not_said_so_is_noted_once(post: Post) -> None:
    post.store.away, post.following = {"answer to note": 1}, [way(recipient="Ida", due=NOON + MINUTE)]
    mail = FakeCourier()
    mail.answers.append(NotHanded(Trouble.ADDRESS, "550", final=True))
    message = await post.takes()
    async with post.at_work(mail):
        await post.store.noted()
    assert [one.recipient for one in await post.deliveries(message)] == ["Eva Korn", "Ida"]


async def test_what_takes_the_place_of_a_lost_one_leaves_at_once(post: Post) -> None:
    push = FakeCourier(Means.PUSHOVER)
    push.answers += [
        Handed(SENT, "receipt", look_at=NOON + MINUTE),
        Handed(SENT, look_at=NOON + 2 * MINUTE),
        NotHanded(Trouble.NOT_ACKNOWLEDGED, "expired", final=True),
        Handed(SENT, "second", look_at=NOON + 3 * MINUTE),
        Handed(DeliveryState.ACKNOWLEDGED, by="Ida"),
    ]
    post.following = [way(means=Means.PUSHOVER, recipient="Ida", address="key", due=NOON)]
    message = await post.takes(way(means=Means.PUSHOVER))
    async with post.at_work(push) as working:
        assert (await post.store.noted()).reference == "receipt"
        for state in (SENT, FAILED):
            post.clock.turn(minutes=1)
            working.wake()
            assert (await post.store.noted()).state is state
        assert (await post.store.noted()).reference == "second"
        post.clock.turn(minutes=1)
        working.wake()
        assert (await post.store.noted()).by == "Ida"
        assert working.figures.tries == {
            ("pushover", "sent"): 2, ("pushover", "not_acknowledged"): 1, ("pushover", "acknowledged"): 1,
        }  # fmt: skip
    assert ([one.reference for one in push.looked], len(push.sent)) == (["receipt", "receipt", "second"], 2)
    eva, ida = await post.deliveries(message)
    assert (eva.state, eva.is_replaced, eva.tries, ida.state, ida.tries) == (
        FAILED, True, 1, DeliveryState.ACKNOWLEDGED, 1,
    )  # fmt: skip


async def test_a_look_that_fails_makes_nothing_worse(post: Post) -> None:
    sms = FakeCourier(Means.SMS)
    sms.answers += [Handed(SENT, "id", look_at=NOON + MINUTE), NotHanded(Trouble.UNREACHABLE, "away", after=90)]
    message = await post.takes(way(means=Means.SMS))
    async with post.at_work(sms) as working:
        await post.store.noted()
        post.clock.turn(minutes=1)
        working.wake()
        noted = await post.store.noted()
        assert (noted.state, noted.trouble, noted.tries) == (SENT, None, 1)
        assert noted.due == NOON + MINUTE + timedelta(seconds=90)
        post.clock.turn(days=4)
        sms.answers.append(Handed(SENT, look_at=post.clock.now() + MINUTE))
        working.wake()
        assert (await post.store.noted()).due is None, "nothing more will be heard of it"
    assert [one.state for one in await post.deliveries(message)] == [SENT]


async def test_what_nobody_carries_waits_and_leaves_once_its_means_is_set_up(post: Post) -> None:
    message = await post.takes()
    async with post.at_work() as working:
        noted = await post.store.noted()
        assert (noted.state, noted.trouble, noted.tries) == (QUEUED, Trouble.OURS, 0)
        assert noted.detail == "mail is not set up here: see smtp_host"
        assert noted.due == NOON + timedelta(days=1)
        assert (working.figures.missing, working.figures.tries) == (tuple(Means), {})
    post.clock.turn(hours=1)
    mail = FakeCourier()
    async with post.at_work(mail):
        assert (await post.store.noted()).state is SENT
    assert [(one.state, one.tries, one.trouble) for one in await post.deliveries(message)] == [(SENT, 1, None)]


async def test_what_nobody_has_carried_for_a_day_is_given_up(post: Post) -> None:
    await post.takes(way(means=Means.FAX))
    async with post.at_work() as working:
        assert (await post.store.noted()).detail == "fax is not set up here"
        post.clock.turn(days=1)
        working.wake()
        assert (await post.store.noted()).state is FAILED


async def test_what_is_in_the_air_when_the_engine_stops_has_a_moment(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier, "GOODBYE", 0.2)
    mail, late, never = FakeCourier(), asyncio.Event(), asyncio.Event()
    mail.answers += [late, never]
    one, two = await post.takes(), await post.takes()
    async with post.at_work(mail):
        await mail.begun()
        await mail.begun()
        asyncio.get_running_loop().call_later(0.05, late.set)
    assert [found.state for message in (one, two) for found in await post.deliveries(message)] == [
        SENT, DeliveryState.SENDING,
    ]  # fmt: skip
    with capture_logs() as logs:
        async with post.at_work(mail):
            again = await mail.begun()
            await post.store.noted()
            await post.store.noted()
    assert (again.message, again.key) == (two, mail.sent[1].key)
    assert [line["number"] for line in logs if line["event"] == "deliveries_taken_over"] == [1]
    assert SECRET not in repr(logs)


async def test_it_tells_how_everything_stands(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "LOOK", 0.01)
    sms = FakeCourier(Means.SMS)
    sms.answers.append(NotHanded(Trouble.ADDRESS, "no such number"))
    await post.takes(way(means=Means.SMS), way(due=NOON - timedelta(hours=1)))
    async with post.at_work(sms) as working:
        await post.store.noted()
        await post.store.noted()
        await post.comes(lambda: working.figures.lost == {"sms": 1}, "the failure is counted")
        assert (working.figures.queued, working.figures.overdue) == ({"mail": 1}, {"mail": 1})
        assert working.figures.standing[Means.SMS] == Standing(failed=1)
