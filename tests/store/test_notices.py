"""Notices in the store, on both databases: carried by the outbox, limited, audited, forgotten, and no message's."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest_asyncio
from sqlalchemy import Engine, event

from engine.message.states import DeliveryState, Means, Occasion, Trouble
from engine.ports.customers import Author
from engine.ports.outbox import Noted, Planned, Standing
from engine.store.customer_store import StoredCustomerEntries
from engine.store.database import Database
from engine.store.messages import StoredMessages
from engine.store.notices import StoredNotices
from engine.store.outbox import StoredOutbox
from engine.store.schema import upgrade
from tests.store.test_messages import NOON, OTHER, OWN, filled, planned, slip

PETRA = Author("petra", "customer")
TOLD = {"subject": "Testnachricht", "text": "Dies ist ein Test.", "by": "Petra Korn"}
EVA = planned(due=NOON, options={"level": "high"})


class House:
    """The store, and what is asked of it."""

    def __init__(self, database: Database, messages: StoredMessages) -> None:
        self.messages, self.notices, self.outbox = messages, StoredNotices(database), StoredOutbox(database)
        self.entries = StoredCustomerEntries(database)

    async def tests(self, way: Planned = EVA, customer: int = OWN) -> bool:
        """Petra asks for one at noon; two an hour are allowed."""
        return await self.notices.add_test(type(OWN)(customer), way, TOLD, (2, NOON - timedelta(hours=1)), PETRA, NOON)


@pytest_asyncio.fixture
async def house(database: Database) -> House:
    return House(database, await filled(database))


async def test_a_test_is_carried_like_a_message_and_counts_in_no_figure(house: House) -> None:
    assert await house.tests()
    (parcel,) = await house.outbox.claim(NOON, Means.MAIL, 9)
    assert (parcel.occasion, parcel.message, parcel.path, parcel.customer) == (Occasion.TEST, 0, "/contacts", OWN)
    assert (parcel.recipient, parcel.address, parcel.options) == (EVA.recipient, EVA.address, EVA.options)
    slip = parcel.slip
    assert (slip.subject, slip.text, slip.caller_name, slip.contact) == (*list(TOLD.values()), EVA.recipient)
    assert (slip.taken_at, slip.agent_name, parcel.customer_name) == (NOON, "Petra Korn", "Bäckerei Korn")
    failed = Noted(parcel.id, DeliveryState.FAILED, NOON, 1, None, Trouble.REFUSED, "550 no")
    assert await house.outbox.note(failed)
    assert not await house.outbox.note(failed), "it was noted already"
    assert await house.tests()
    assert await house.outbox.standing(NOON + timedelta(hours=1), NOON) == {}
    second, first = await house.notices.sent(OWN, Occasion.TEST, NOON, EVA.recipient)
    assert (first.state, first.trouble, first.detail, second.state) == (
        DeliveryState.FAILED, Trouble.REFUSED, "550 no", DeliveryState.QUEUED,
    )  # fmt: skip
    for nothing in (
        house.notices.sent(OTHER, Occasion.TEST, NOON),
        house.notices.sent(OWN, Occasion.DIGEST, NOON),
        house.notices.sent(OWN, Occasion.TEST, NOON, "Ida"),
        house.notices.sent(OWN, Occasion.TEST, NOON + timedelta(seconds=1)),
    ):
        assert list(await nothing) == []


async def test_so_many_an_hour_however_they_are_asked_for_and_each_is_audited(house: House) -> None:
    assert sorted(await asyncio.gather(*(house.tests() for _ in range(4)))) == [False, False, True, True]
    assert await house.tests(customer=OTHER), "the limit is each customer's own"
    assert not await house.tests(customer=99)
    later = NOON + timedelta(hours=1)
    assert await house.notices.add_test(OWN, EVA, TOLD, (2, NOON), PETRA, later)
    history = await house.entries.history(OWN, 9)
    told = [(one.author, one.path, one.new) for one in history if one.path != "created"]
    assert told == [(PETRA, f"tests/{EVA.recipient}", f"mail: {EVA.address}")] * 3


async def test_notices_are_forgotten_and_messages_keep_their_deliveries(house: House) -> None:
    message, _ = await house.messages.add(OWN, "a", slip(), (planned(due=NOON - timedelta(days=1)),))
    assert await house.tests()
    assert await house.notices.forget(NOON, 9) == 0
    assert await house.notices.forget(NOON + timedelta(seconds=1), 9) == 1
    assert list(await house.notices.sent(OWN, Occasion.TEST, NOON)) == []
    kept = await house.messages.find(OWN, message)
    assert kept and len(kept.deliveries) == 1
    assert await house.outbox.standing(NOON, NOON) == {Means.MAIL: Standing(queued=1, overdue=1)}


async def test_who_wants_summaries_and_what_was_sent_is_found_by_index(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/notices.db")
    await upgrade(database)
    plans: list[str] = []

    def explained(connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.startswith("SELECT"):
            plans.append(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).first().detail)

    house = House(database, await filled(database))
    event.listen(Engine, "before_cursor_execute", explained)
    try:
        await house.notices.wanting()
        await house.notices.sent(OWN, Occasion.TEST, NOON)
    finally:
        event.remove(Engine, "before_cursor_execute", explained)
        await database.close()
    wanting, sent = plans
    assert "ix_customers_digest_times" in wanting
    assert "USING INDEX ix_message_deliveries_notices (customer=? AND occasion=? AND begun_at>?)" in sent
