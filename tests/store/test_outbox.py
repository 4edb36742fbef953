"""The outbox in the store, on both databases: claimed by one, noted once, the longest due first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest_asyncio
from sqlalchemy import Engine, event

from engine.message.states import DeliveryState, Means, Trouble
from engine.ports.messages import Delivery
from engine.ports.outbox import Noted, Parcel, Planned, Standing
from engine.store.database import Database
from engine.store.messages import StoredMessages
from engine.store.outbox import StoredOutbox
from engine.store.schema import upgrade
from engine.terms import AgentId, CallId
from tests.store.test_messages import NOON, OTHER, OWN, filled, planned, slip

LATER = NOON + timedelta(seconds=10)


class House:
    """The store, and messages in it."""

    def __init__(self, database: Database, messages: StoredMessages) -> None:
        self.messages, self.store, self._taken = messages, StoredOutbox(database), 0

    async def takes(self, *ways: Planned, **more: Any) -> int:
        """A message with these deliveries."""
        self._taken += 1
        return (await self.messages.add(OWN, f"{self._taken}", slip(**more), ways))[0]

    async def claims(self, most: int = 9, means: Means = Means.MAIL, now: datetime = LATER) -> Sequence[Parcel]:
        return await self.store.claim(now, means, most)

    async def deliveries(self, message: int) -> tuple[Delivery, ...]:
        found = await self.messages.find(OWN, message)
        assert found
        return found.deliveries


async def housed(database: Database) -> House:
    return House(database, await filled(database))


@pytest_asyncio.fixture
async def house(database: Database) -> House:
    return await housed(database)


def noted(parcel: Parcel, state: DeliveryState, **more: Any) -> Noted:
    """A minute later."""
    return Noted(parcel.id, state, **{"at": LATER + timedelta(minutes=1), "tries": 1, "due": None, **more})


async def test_an_emergency_waits_behind_no_backlog(house: House) -> None:
    backlog = [await house.takes(planned(due=NOON)) for _ in range(3)]
    emergency = await house.takes(replace(planned(due=LATER), is_urgent=True))
    not_yet = await house.takes(replace(planned(due=LATER + timedelta(seconds=1)), is_urgent=True))
    assert [parcel.message for parcel in await house.claims(most=2)] == [emergency, backlog[0]]
    assert [parcel.message for parcel in await house.claims()] == backlog[1:]
    assert [parcel.message for parcel in await house.claims(now=LATER + timedelta(seconds=1))] == [not_yet]


async def test_what_is_due_is_claimed_by_one_with_all_that_its_courier_needs(house: House) -> None:
    options = {"level": "high"}
    late = await house.takes(planned(due=LATER + timedelta(microseconds=1)), planned(means=Means.FAX))
    second = await house.takes(planned(due=LATER), contact="Eva Korn", fields=(("Größe", "M"),))
    first = await house.takes(planned(due=NOON, options=options))
    assert await house.store.next_due(Means.MAIL) == NOON
    one, two = await house.claims()
    assert [(parcel.message, parcel.since) for parcel in (one, two)] == [(first, NOON), (second, LATER)]
    assert replace(one, id=0, key="") == Parcel(
        0, "", Means.MAIL, "Eva Korn", "eva@korn.example", options, OWN, "Bäckerei Korn", first, slip(), 0, since=NOON
    )
    assert two.slip == slip(contact="Eva Korn", fields=(("Größe", "M"),))
    assert one.key.isalnum() and len(one.key) <= 40 and one.key != two.key
    assert await house.claims() == []
    assert await house.store.next_due(Means.MAIL) == LATER + timedelta(microseconds=1)
    (sending,), (waiting, fax) = await house.deliveries(first), await house.deliveries(late)
    assert (sending.state, sending.at, waiting.state, fax.state) == (
        DeliveryState.SENDING, LATER, DeliveryState.QUEUED, DeliveryState.QUEUED,
    )  # fmt: skip
    assert await house.store.next_due(Means.SMS) is None


async def test_several_who_claim_at_once_never_get_the_same(house: House) -> None:
    made = [await house.takes(planned(due=NOON)) for _ in range(40)]
    claimed = await asyncio.gather(*(house.claims(5) for _ in range(8)))
    rest = await house.claims(40)
    assert sorted(parcel.message for some in (*claimed, rest) for parcel in some) == made


async def test_a_claim_is_noted_once_and_what_follows_from_it_with_it(house: House) -> None:
    message = await house.takes(planned(due=NOON))
    (parcel,) = await house.claims()
    failed = noted(parcel, DeliveryState.FAILED, trouble=Trouble.NOT_ACKNOWLEDGED, detail="ex\0pired" + "x" * 900)
    following = planned(recipient="Ida", address="ida@korn.example", due=LATER)
    assert await house.store.note(failed, [following])
    assert not await house.store.note(failed, [following])
    first, second = await house.deliveries(message)
    assert (first.state, first.at, first.tries, first.trouble) == (
        DeliveryState.FAILED, LATER + timedelta(minutes=1), 1, Trouble.NOT_ACKNOWLEDGED,
    )  # fmt: skip
    assert (first.due, first.is_replaced, first.detail) == (None, True, ("ex\ufffdpired" + "x" * 900)[:500])
    assert (second.recipient, second.due, second.state) == ("Ida", LATER, DeliveryState.QUEUED)
    (again,) = await house.claims()
    assert (again.id, again.key != parcel.key) == (second.id, True)


async def test_a_try_that_has_failed_waits_with_its_key_and_a_look_keeps_its_time(house: House) -> None:
    message = await house.takes(planned(due=NOON))
    (parcel,) = await house.claims()
    soon, sent_at = LATER + timedelta(minutes=2), LATER + timedelta(minutes=3)
    await house.store.note(noted(parcel, DeliveryState.QUEUED, due=soon, trouble=Trouble.BUSY, detail="busy"))
    assert (await house.claims(), await house.store.next_due(Means.MAIL)) == ([], soon)
    (again,) = await house.claims(now=soon)
    assert again == replace(parcel, tries=1)
    await house.store.note(noted(again, DeliveryState.SENT, at=sent_at, tries=2, due=soon, reference="r-1"))
    (looked,) = await house.claims(now=soon)
    assert looked == replace(parcel, tries=2, state=DeliveryState.SENT, reference="r-1")
    assert (await house.deliveries(message))[0].state is DeliveryState.SENT
    unchanged = noted(looked, DeliveryState.SENT, at=sent_at + timedelta(hours=1), tries=2, due=soon)
    await house.store.note(unchanged)
    (delivery,) = await house.deliveries(message)
    assert (delivery.at, delivery.trouble, delivery.detail) == (sent_at, None, "")
    (last,) = await house.claims(now=soon)
    assert last.reference == "r-1"
    await house.store.note(noted(last, DeliveryState.ACKNOWLEDGED, tries=2, by="Eva"))
    (delivery,) = await house.deliveries(message)
    assert (delivery.state, delivery.by, delivery.due) == (DeliveryState.ACKNOWLEDGED, "Eva", None)
    assert await house.store.next_due(Means.MAIL) is None


async def test_who_was_asking_takes_nothing_back_of_what_was_acknowledged_meanwhile(house: House) -> None:
    message = await house.takes(planned(means=Means.PUSHOVER, due=NOON))
    (parcel,) = await house.claims(means=Means.PUSHOVER)
    acknowledge = partial(house.messages.acknowledge, OWN, message, [parcel.id], "petra", LATER)
    assert not await acknowledge(), "it has not left yet"
    await house.store.note(noted(parcel, DeliveryState.SENT, due=LATER, reference="r-1"))
    assert not await house.messages.acknowledge(OTHER, message, [parcel.id], "lea", LATER)
    (asking,) = await house.claims(means=Means.PUSHOVER)
    assert await acknowledge()
    assert not await acknowledge()
    (silencing,) = await house.claims(means=Means.PUSHOVER)
    assert (silencing.state, silencing.reference) == (DeliveryState.ACKNOWLEDGED, "r-1")
    expired = noted(asking, DeliveryState.FAILED, trouble=Trouble.NOT_ACKNOWLEDGED)
    assert not await house.store.note(expired, [planned(means=Means.PUSHOVER)])
    assert await house.store.note(noted(silencing, DeliveryState.ACKNOWLEDGED))
    (one,) = await house.deliveries(message)
    assert (one.state, one.by, one.at, one.due) == (DeliveryState.ACKNOWLEDGED, "petra", LATER, None)


async def test_what_somebody_who_is_gone_has_claimed_is_handed_over_again_under_its_key(house: House) -> None:
    message = await house.takes(planned(due=NOON))
    (parcel,) = await house.claims()
    assert await house.store.release() == 1
    assert (await house.deliveries(message))[0].state is DeliveryState.SENDING, "it may be with the customer already"
    assert await house.claims() == [parcel]
    assert await house.store.release() == 1
    assert await house.store.release() == 0


async def test_what_waits_because_of_us_is_due_at_the_next_start(house: House) -> None:
    troubles = (Trouble.OURS, Trouble.UNREACHABLE)
    for _ in troubles:
        await house.takes(planned(due=NOON))
    tomorrow = LATER + timedelta(days=1)
    for parcel, trouble in zip(await house.claims(), troubles, strict=True):
        await house.store.note(noted(parcel, DeliveryState.QUEUED, due=tomorrow, trouble=trouble))
    assert await house.claims() == []
    assert await house.store.release() == 0
    (mended,) = await house.claims()
    assert mended.tries == 1
    assert await house.store.next_due(Means.MAIL) == tomorrow


async def test_a_message_that_is_gone_is_not_noted(house: House) -> None:
    anna, call, since = AgentId("anna"), CallId("c1"), NOON - timedelta(seconds=1)
    kept = await house.takes(planned(due=NOON), call=call)
    (parcel,) = await house.claims()
    assert await house.messages.remove(OWN, kept, anna, call, since) is None, "somebody is at it"
    await house.store.release()
    assert await house.messages.remove(OWN, kept, anna, call, since) is None, "it may have left"
    gone = await house.takes(planned(due=LATER), call=call)
    assert await house.messages.remove(OWN, gone, anna, call, since)
    assert await house.store.note(noted(replace(parcel, id=parcel.id + 1), DeliveryState.SENT), [planned()]) is False


async def test_it_is_counted_what_waits_what_is_late_and_what_is_lost(house: House) -> None:
    for due in (NOON, NOON, NOON, NOON, LATER):
        await house.takes(planned(due=due))
    await house.takes(planned(means=Means.SMS, due=NOON))
    one, two, three, four = await house.claims(4, now=NOON)
    await house.store.note(noted(one, DeliveryState.QUEUED, due=LATER, trouble=Trouble.REFUSED))
    await house.store.note(noted(two, DeliveryState.FAILED, trouble=Trouble.ADDRESS))
    await house.store.note(noted(three, DeliveryState.FAILED, trouble=Trouble.ADDRESS), [planned(due=LATER)])
    assert await house.store.standing(LATER, LATER) == {
        Means.MAIL: Standing(queued=4, overdue=1, failed=1),
        Means.SMS: Standing(queued=1, overdue=1),
    }
    await house.store.note(noted(four, DeliveryState.SENT, due=LATER))
    assert (await house.store.standing(NOON, LATER + timedelta(hours=1)))[Means.MAIL] == Standing(queued=3)


async def test_what_is_due_is_found_by_an_index_over_what_is_not_over(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/outbox.db")
    await upgrade(database)
    plans: list[str] = []

    def explained(connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.startswith("SELECT message_deliveries."):
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.append(rows.first().detail)

    house = await housed(database)
    event.listen(Engine, "before_cursor_execute", explained)
    try:
        await house.store.next_due(Means.MAIL)
        await house.claims()
        await house.store.standing(NOON, NOON)
    finally:
        event.remove(Engine, "before_cursor_execute", explained)
        await database.close()
    due, urgent, claim, failed, waiting = plans
    assert "USING INDEX ix_message_deliveries_due (means=? AND due>?)" in due
    assert "USING INDEX ix_message_deliveries_urgent (means=? AND due<?)" in urgent
    assert "USING INDEX ix_message_deliveries_due (means=? AND due<?)" in claim
    assert "USING INDEX ix_message_deliveries_failed" in failed
    assert "USING INDEX ix_message_deliveries_due" in waiting
