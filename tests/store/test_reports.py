"""What others tell of deliveries, in the store, on both databases: noted once, and of what has left us alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.message.states import DeliveryState, Means, Trouble
from engine.ports.reports import Report
from engine.store.database import Database
from engine.store.reports import StoredReports
from tests.store.test_messages import NOON, planned
from tests.store.test_outbox import LATER, House, housed, noted

SENT, DELIVERED, FAILED = DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.FAILED
AT, DAY = LATER + timedelta(hours=1), timedelta(days=1)
MUCH_LATER = AT + timedelta(hours=6)
BOUNCED = Report(Means.MAIL, FAILED, Trouble.ADDRESS, "550 5.1.1 un\0known")


async def told(store: StoredReports, report: Report, since: timedelta = DAY) -> int | None:
    taken = await store.take(report, AT, AT - since, MUCH_LATER)
    assert taken is None or taken.agent == "anna"
    return taken.delivery if taken else None


async def sent(house: House, means: Means, **more: object) -> int:
    """The message of a delivery that was handed over."""
    message = await house.takes(planned(means=means, due=NOON))
    (parcel,) = await house.claims(means=means)
    assert await house.store.note(noted(parcel, SENT, **more))
    return message


async def test_a_bounce_is_noted_once_and_nothing_final_is_changed(database: Database) -> None:
    house, store = await housed(database), StoredReports(database)
    message = await sent(house, Means.MAIL)
    (before,) = await house.deliveries(message)
    bounce = Report(Means.MAIL, FAILED, BOUNCED.trouble, BOUNCED.detail, id=before.id)
    assert await told(store, Report(Means.SMS, FAILED, id=before.id)) is None, "of another means"
    assert await told(store, Report(Means.MAIL, FAILED)) is None, "of nothing"
    assert await told(store, bounce, since=timedelta(minutes=1)) is None, "much too late"
    delayed = Report(Means.MAIL, SENT, detail="4.4.1 no answer", id=before.id)
    assert await told(store, delayed) == before.id
    (still,) = await house.deliveries(message)
    assert (still.state, still.at, still.due, still.detail) == (SENT, before.at, None, "4.4.1 no answer")
    assert await told(store, bounce) == before.id
    assert [await told(store, one) for one in (bounce, delayed)] == [None, None]
    (lost,) = await house.deliveries(message)
    assert (lost.is_lost, lost.at, lost.trouble, lost.detail) == (True, AT, Trouble.ADDRESS, "550 5.1.1 un\ufffdknown")


@pytest.mark.parametrize("state", [DELIVERED, FAILED])
async def test_a_report_overtakes_who_is_at_it_and_ends_the_asking(database: Database, state: DeliveryState) -> None:
    house, store = await housed(database), StoredReports(database)
    message = await sent(house, Means.SMS, reference="77149843739", due=LATER)
    (looking,) = await house.claims(means=Means.SMS)
    waits = Report(Means.SMS, SENT, detail="BUFFERED", reference="77149843739")
    assert await told(store, waits) == looking.id
    assert await house.store.next_due(Means.SMS) == MUCH_LATER, "nobody need ask so soon"
    (looking,) = await house.claims(means=Means.SMS, now=MUCH_LATER)
    assert await told(store, Report(Means.SMS, state, reference="77149843739")) == looking.id
    assert not await house.store.note(noted(looking, SENT, due=LATER, reference="77149843739"))
    (one,) = await house.deliveries(message)
    assert (one.state, one.due, await house.store.next_due(Means.SMS)) == (state, None, None)


async def test_our_own_key_names_one_that_is_being_handed_over(database: Database) -> None:
    house, store = await housed(database), StoredReports(database)
    message = await house.takes(planned(means=Means.SMS, due=NOON))
    (parcel,) = await house.claims(means=Means.SMS)
    assert await told(store, Report(Means.SMS, DELIVERED, key=parcel.key, reference="x")) == parcel.id
    assert not await house.store.note(noted(parcel, SENT, reference="x", due=LATER))
    assert [one.state for one in await house.deliveries(message)] == [DELIVERED]
