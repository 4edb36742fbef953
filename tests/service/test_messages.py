"""Messages, on both databases: taken once however often they are sent, judged, for the customer's own people alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from engine.accounts import Role
from engine.message.slip import Slip, Tick
from engine.message.states import DeliveryState, Marks, Means, State, Summary
from engine.ports.messages import Count, Delivery, Wanted
from engine.service.customers import NoSuchCustomer
from engine.service.messages import AlreadyTaken, Messages, NoSuchMessage, NoSuchWay, NotFailed, NotTaken
from engine.service.planning import UNDO
from engine.store.customer_store import StoredCustomerEntries
from engine.store.database import Database
from engine.store.messages import StoredMessages
from engine.store.outbox import StoredOutbox
from engine.terms import AgentId, CallId, CustomerId
from tests.accounts import TurnedClock
from tests.customers import MUSTER, NEXT, OWNER, SUPPORT, somebody, two_customers
from tests.deliveries import put

MIDNIGHT = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)
"""In German time."""
OTHER = somebody(Role.CUSTOMER, customer=NEXT)


def slip(**more: Any) -> Slip:
    """What Anna has written down."""
    return Slip(AgentId("anna"), "Anna Lindner", MIDNIGHT, **{"text": "Der Ofen ist kalt.", **more})


class Desk:
    """The service, at a clock that is turned."""

    def __init__(self, database: Database) -> None:
        self.clock = TurnedClock(MIDNIGHT + timedelta(hours=1))
        self.database, self.woken = database, 0
        entries = StoredCustomerEntries(database)
        self.service = Messages(StoredMessages(database), entries, self.clock.now, wake=self._wake)

    def _wake(self) -> None:
        self.woken += 1

    async def texts(self, customer: CustomerId = MUSTER) -> list[str]:
        """What the customer has."""
        return [one.slip.text for one in await self.service.page(customer, Wanted(), 9, SUPPORT)]


@pytest_asyncio.fixture
async def desk(database: Database) -> Desk:
    await two_customers(database)
    return Desk(database)


async def test_5_6_what_is_sent_twice_is_kept_once(desk: Desk) -> None:
    one = await desk.service.take(MUSTER, "a", slip(number="030 555", contact="Eva Brandt"))
    later = MIDNIGHT + timedelta(seconds=9)
    again = replace(slip(number="0049 30/555", contact="Eva Brandt"), taken_at=later)
    assert await desk.service.take(MUSTER, "a", again) == one
    assert await desk.service.take(NEXT, "a", slip()) != one
    with pytest.raises(AlreadyTaken) as refused:
        await desk.service.take(MUSTER, "a", slip(text="Der Ofen ist warm."))
    assert (refused.value.message, refused.value.slip.text) == (one, "Der Ofen ist kalt.")
    assert await desk.texts() == ["Der Ofen ist kalt."]


async def test_what_cannot_be_taken_is_told_and_not_kept(desk: Desk) -> None:
    with pytest.raises(NotTaken) as refused:
        await desk.service.take(MUSTER, "a", slip(contact="Ida", text=" ", ticks=frozenset({Tick.CALL_BACK})))
    assert [(one.path, one.wrong.code) for one in refused.value.mistakes] == [
        ("contact", "unknown.contact"),
        ("caller_name", "message.who"),
    ]
    assert str(refused.value).splitlines()[0] == "contact: there is no contact 'Ida'"
    with pytest.raises(NoSuchCustomer):
        await desk.service.take(CustomerId(9), "a", slip())
    for key in ("", "x" * 81, "a b", "a\0"):
        with pytest.raises(ValueError, match="is no key of a message"):
            await desk.service.take(MUSTER, key, slip())
    assert await desk.texts() == []


async def test_5_6_the_customers_own_people_read_it_and_support_only_looks(desk: Desk) -> None:
    service, clock = desk.service, desk.clock
    key = await service.take(MUSTER, "a", slip())
    assert (await service.open(MUSTER, key, SUPPORT)).marks == Marks()
    read = Marks(State.READ, clock.now(), OWNER.login)
    assert (await service.open(MUSTER, key, OWNER)).marks == read
    clock.turn(hours=1)
    assert (await service.open(MUSTER, key, replace(OWNER, login="max"))).marks == read
    done = replace(read, state=State.DONE, done_at=clock.now(), done_by=SUPPORT.login)
    assert (await service.mark(MUSTER, key, State.DONE, SUPPORT)).marks == done
    clock.turn(hours=1)
    assert (await service.mark(MUSTER, key, State.DONE, OWNER)).marks == done
    assert (await service.open(MUSTER, key, OWNER)).marks == done
    assert (await service.mark(MUSTER, key, State.READ, OWNER)).marks == read
    assert (await service.find(MUSTER, key, OWNER)).marks == read


async def test_5_6_todays_messages_and_the_new_ones_are_counted(desk: Desk) -> None:
    for n, minutes in enumerate((-1, 0, 59)):
        await desk.service.take(MUSTER, f"{n}", replace(slip(), taken_at=MIDNIGHT + timedelta(minutes=minutes)))
    await desk.service.take(NEXT, "a", slip())
    assert await desk.service.count(MUSTER, OWNER) == Count(since=2, new=3)


async def test_nobody_else_is_told_anything(desk: Desk) -> None:
    service = desk.service
    key = await service.take(MUSTER, "a", slip())
    for by in (OTHER, somebody(Role.AGENT), somebody(Role.SUPERVISOR)):
        for asked in (
            service.page(MUSTER, Wanted(), 9, by), service.find(MUSTER, key, by), service.open(MUSTER, key, by),
            service.mark(MUSTER, key, State.DONE, by), service.count(MUSTER, by),
        ):  # fmt: skip
            with pytest.raises(NoSuchCustomer):
                await asked
    for found in (service.find(NEXT, key, OTHER), service.mark(NEXT, key, State.DONE, OTHER)):
        with pytest.raises(NoSuchMessage):
            await found
    assert (await service.find(MUSTER, key, OWNER)).marks == Marks()


async def test_5_2_3_a_message_is_taken_with_its_deliveries_and_once(desk: Desk) -> None:
    key = await desk.service.take(MUSTER, "a", slip(contact="Eva Brandt"))
    assert await desk.service.take(MUSTER, "a", slip(contact="Eva Brandt")) == key
    due = desk.clock.now() + timedelta(seconds=10)
    found = await desk.service.find(MUSTER, key, OWNER)
    assert [replace(one, id=0) for one in found.deliveries] == [
        Delivery(Means.MAIL, "Eva Brandt", "eva@muster.example", DeliveryState.QUEUED, due, due=due)
    ]
    assert desk.woken == 2
    silent = await desk.service.take(MUSTER, "b", slip(contact="Eva Brandt"), delivers=False)
    assert (await desk.service.find(MUSTER, silent, OWNER)).deliveries == ()


async def test_a_message_is_taken_back_until_something_of_it_is_claimed(desk: Desk) -> None:
    given = slip(contact="Eva Brandt", call=CallId("c1"))
    outbox = StoredOutbox(desk.database)
    for key, claims in (("a", False), ("b", True)):
        taken = replace(given, taken_at=desk.clock.now())
        message = await desk.service.take(MUSTER, key, taken)
        if claims:
            await outbox.claim(desk.clock.now() + UNDO, Means.MAIL, 1)
        taken_back = await desk.service.take_back(MUSTER, message, given.agent, CallId("c1"), UNDO)
        assert taken_back == (None if claims else taken)


async def test_5_2_3_what_has_failed_is_sent_again_or_elsewhere_by_hand(desk: Desk) -> None:
    service, now = desk.service, desk.clock.now()
    message = await service.take(MUSTER, "a", slip(), delivers=False)
    lost = Delivery(Means.PUSHOVER, "Eva Brandt", "key", DeliveryState.FAILED, now, 5, options={"level": "high"})
    first, sent = await put(desk.database, message, lost, replace(lost, state=DeliveryState.SENT))
    for wrong in (sent, 4711):
        with pytest.raises(NotFailed):
            await service.send_again(MUSTER, message, wrong, OWNER)
    assert desk.woken == 1
    await service.send_again(MUSTER, message, first, OWNER)
    assert desk.woken == 2
    with pytest.raises(NotFailed):
        await service.send_again(MUSTER, message, first, OWNER)
    *_, again = (await service.find(MUSTER, message, OWNER)).deliveries
    assert replace(again, id=0) == replace(lost, state=DeliveryState.QUEUED, tries=0, due=now)
    await put(desk.database, message, lost)
    sms = ("Jan/Ida ~ Kern", Means.SMS, "+491713920001")
    assert [(name, way.means, way.address) for name, way in await service.ways(MUSTER, OWNER)][1:] == [sms]
    with pytest.raises(NoSuchWay):
        await service.send_elsewhere(MUSTER, message, sms[0], Means.SMS, "+491713920002", OWNER)
    await service.send_elsewhere(MUSTER, message, *sms, SUPPORT)
    found = await service.find(MUSTER, message, OWNER)
    assert [one.is_lost for one in found.deliveries] == [False] * 5
    assert (found.deliveries[-1].recipient, found.delivery) == (sms[0], Summary.UNDER_WAY)


async def test_nobody_else_sends_anything_again(desk: Desk) -> None:
    service = desk.service
    message = await service.take(MUSTER, "a", slip(), delivers=False)
    lost = Delivery(Means.MAIL, "Eva Brandt", "eva@muster.example", DeliveryState.FAILED, desk.clock.now())
    (failed,) = await put(desk.database, message, lost)
    for by in (OTHER, somebody(Role.AGENT), somebody(Role.SUPERVISOR)):
        for asked in (
            service.send_again(MUSTER, message, failed, by), service.ways(MUSTER, by),
            service.send_elsewhere(MUSTER, message, lost.recipient, lost.means, lost.address, by),
        ):  # fmt: skip
            with pytest.raises(NoSuchCustomer):
                await asked
    with pytest.raises(NoSuchMessage):
        await service.send_again(NEXT, message, failed, OTHER)
    assert (await service.find(MUSTER, message, OWNER)).deliveries == (replace(lost, id=failed),)
