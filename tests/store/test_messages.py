"""One customer's messages: kept once, never another's, found by what people know of them, by index."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest_asyncio
from sqlalchemy import Engine, event, func, select

from engine.message.slip import Slip, Tick, Urgency
from engine.message.states import DeliveryState, Marks, Means, State, Summary, Trouble, marked
from engine.ports.customers import Author
from engine.ports.messages import Count, Delivery, Message, Wanted
from engine.ports.outbox import Planned
from engine.store.customer_store import StoredCustomerEntries
from engine.store.database import Database
from engine.store.messages import StoredMessages
from engine.store.schema import upgrade
from engine.store.tables import customers, message_deliveries, messages
from engine.terms import AgentId, CallId, CustomerId
from tests.catalogue import service_on
from tests.deliveries import put

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
OWN, OTHER = CustomerId(1), CustomerId(2)
CUSTOMERS = """
tariffs: [{name: day, hours: {mon-fri: ["08:00-18:00"]}}]
customers: [{number: K1, name: Bäckerei Korn, tariff: day}, {number: K2, name: Kanzlei Lot, tariff: day}]
"""
MAIL = Delivery(Means.MAIL, "Eva Korn", "eva@korn.example", DeliveryState.QUEUED, NOON)


def planned(**more: Any) -> Planned:
    """A delivery that is to be made ten seconds after noon."""
    told = {"means": Means.MAIL, "recipient": "Eva Korn", "address": "eva@korn.example"}
    return Planned(**{**told, "due": NOON + timedelta(seconds=10), **more})


def slip(n: int = 0, **more: Any) -> Slip:
    """What was taken n minutes before noon."""
    told = {"text": "Der Ofen ist kalt.", **more}
    return Slip(AgentId("anna"), "Anna Lindner", NOON - timedelta(minutes=n), **told)


async def filled(database: Database) -> StoredMessages:
    """A store with two customers, whose keys are OWN and OTHER, and no messages."""
    await service_on(database).import_text(CUSTOMERS)
    return StoredMessages(database)


@pytest_asyncio.fixture
async def store(database: Database) -> StoredMessages:
    return await filled(database)


async def ids(store: StoredMessages, **wanted: Any) -> list[int]:
    """What is found for the own customer."""
    return [one.id for one in await store.page(OWN, Wanted(**wanted), 10)]


async def test_a_message_is_kept_as_it_was_taken_and_once_for_each_key(store: StoredMessages) -> None:
    whole = slip(
        contact="Eva Korn", caller_name="Jan Krüger", company="Mühle", number="+4930555", subject="Ofen",
        urgency=Urgency.URGENT, ticks=frozenset({Tick.CALL_BACK, Tick.APPOINTMENT}), call=CallId("vz-1"),
        fields=(("Größe", "M"), ("Farbe", "")),
    )  # fmt: skip
    key, kept = await store.add(OWN, "a", whole)
    assert kept == whole
    assert await store.add(OWN, "a", slip(text="Etwas anderes")) == (key, whole)
    other, _ = await store.add(OTHER, "a", slip(text="Fremd"))
    assert await store.find(OWN, key) == Message(key, whole, Marks(), ())
    assert await store.find(OWN, other) is None
    assert await ids(store) == [key]


async def test_messages_are_found_by_what_people_know_of_them(store: StoredMessages) -> None:
    told: tuple[dict[str, Any], ...] = (
        {"caller_name": "Jan Krüger", "number": "+4930555123"},
        {"company": "Mühle Özgür", "contact": "Eva Korn"},
        {"subject": "Rechnung 2026/114", "number": "Durchwahl 77"},
        {"text": "Bitte die\nStraße sperren.", "call": CallId("vz-9"), "number": "555 777"},
    )
    one, two, three, four = [(await store.add(OWN, f"{n}", slip(n, **more)))[0] for n, more in enumerate(told)]
    await store.add(OTHER, "x", slip(1, **told[0]))
    assert await ids(store) == [one, two, three, four]
    searches = {
        "kruger": [one], "KRÜGER  jan": [one], "krueger": [one], "030 555 1": [one], "+49 (30) 555-123": [one],
        "oezgur": [], "oezguer": [two], "özgür": [two], "eva": [two], "2026/114": [three], "2026 114": [three],
        "77": [three, four], "strasse bitte": [four], "ofen kalt": [one, two, three], "555777": [four],
        "ofen strasse": [], "%": [], "a\0": [], "\u0301": [], "0": [one, three], " ": [one, two, three, four],
    }  # fmt: skip
    assert {text: await ids(store, text=text) for text in searches} == searches
    assert await ids(store, contact="Eva Korn") == [two]
    assert await ids(store, contact="\0") == []
    assert await ids(store, call=CallId("vz-9")) == [four]
    assert await ids(store, since=NOON - timedelta(minutes=2), until=NOON) == [two, three]
    assert await ids(store, after=two) == [three, four]
    assert await ids(store, after=four + 1) == []
    assert [one.id for one in await store.page(OWN, Wanted(), 2)] == [one, two]


async def test_messages_are_found_by_the_customers_own_fields(store: StoredMessages) -> None:
    key, _ = await store.add(OWN, "a", slip(fields=(("Kundennummer", "A 4711/26"), ("Ort", "Nürnberg"))))
    await store.add(OWN, "b", slip(1))
    for text in ("4711", "a 4711/26", "nuernberg", "NÜRN"):
        assert await ids(store, text=text) == [key]
    assert await ids(store, text="Kundennummer") == []


async def test_messages_of_one_moment_are_turned_over_one_by_one(store: StoredMessages) -> None:
    made = [(await store.add(OWN, f"{n}", slip()))[0] for n in range(5)]
    seen: list[int] = []
    while found := await store.page(OWN, Wanted(after=seen[-1] if seen else None), 2):
        seen += [one.id for one in found]
    assert seen == made[::-1]


async def test_marks_are_kept_and_counted(store: StoredMessages) -> None:
    one, two = [(await store.add(OWN, f"{n}", slip(60 * n)))[0] for n in range(2)]
    await store.add(OTHER, "x", slip())
    assert await store.count(OWN, NOON - timedelta(minutes=30)) == Count(since=1, new=2)
    done = marked(Marks(), State.DONE, "petra", NOON)
    assert await store.mark(OWN, one, lambda _: done) == await store.find(OWN, one) == Message(one, slip(), done, ())
    assert await ids(store, state=State.DONE) == [one]
    assert await ids(store, state=State.NEW) == [two]
    assert await store.count(OWN, NOON - timedelta(minutes=90)) == Count(since=2, new=1)
    assert await store.mark(OTHER, one, lambda _: Marks()) is None
    assert await store.count(OWN, NOON) == Count(since=1, new=1)


async def test_deliveries_are_planned_with_their_message_and_once(database: Database) -> None:
    store = await filled(database)
    mail, text = planned(), planned(means=Means.SMS, address="+491713920011", options={"a": 1})
    one, _ = await store.add(OWN, "1", slip(), [mail, text])
    assert await store.add(OWN, "1", slip(), [mail]) == (one, slip())
    found = await store.find(OWN, one)
    assert found
    due = NOON + timedelta(seconds=10)
    assert [replace(delivery, id=0) for delivery in found.deliveries] == [
        Delivery(Means.MAIL, "Eva Korn", "eva@korn.example", DeliveryState.QUEUED, due, due=due),
        Delivery(Means.SMS, "Eva Korn", "+491713920011", DeliveryState.QUEUED, due, due=due, options={"a": 1}),
    ]
    assert found.delivery is Summary.UNDER_WAY
    assert [found] == list(await store.page(OWN, Wanted(), 5))
    assert await store.find(OTHER, one) is None


async def test_what_has_failed_is_sent_on_by_hand_once(database: Database) -> None:
    store = await filled(database)
    one, _ = await store.add(OWN, "1", slip())
    failed = replace(MAIL, state=DeliveryState.FAILED, tries=3, trouble=Trouble.UNREACHABLE)
    lost, sent = await put(database, one, failed, replace(MAIL, state=DeliveryState.SENT, tries=1))
    petra, again = Author("petra", "customer"), [planned(due=NOON)]
    for wrong in ((OTHER, one, [lost]), (OWN, one + 1, [lost]), (OWN, one, [lost, sent]), (OWN, one, [sent])):
        assert not await store.send(wrong[0], wrong[1], again, wrong[2], petra, NOON)
    assert await store.send(OWN, one, again, [lost], petra, NOON)
    assert not await store.send(OWN, one, again, [lost], petra, NOON), "somebody else has done so"
    assert await store.send(OWN, one, [planned(address="ida@korn.example")], [], petra, NOON)
    found = await store.find(OWN, one)
    assert found
    assert [(delivery.state.value, delivery.is_replaced, delivery.is_lost) for delivery in found.deliveries] == [
        ("failed", True, False), ("sent", False, False), ("queued", False, False), ("queued", False, False),
    ]  # fmt: skip
    assert found.delivery is Summary.UNDER_WAY
    history = await StoredCustomerEntries(database).history(OWN, 9, None)
    assert [(entry.author, entry.path, entry.new) for entry in history[:2]] == [
        (petra, f"messages/{one}", f"mail: Eva Korn, {address}@korn.example") for address in ("ida", "eva")
    ]


async def test_messages_go_with_their_customer(database: Database) -> None:
    store = await filled(database)
    one, _ = await store.add(OWN, "1", slip())
    await put(database, one, MAIL)
    async with database.writing() as connection:
        await connection.execute(customers.delete().where(customers.c.id == OWN))
        for table in (messages, message_deliveries):
            assert (await connection.execute(select(func.count()).select_from(table))).scalar_one() == 0


async def test_every_question_begins_at_the_customers_index(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/messages.db")
    await upgrade(database)
    plans: list[str] = []

    def explained(connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if "FROM messages" in statement and not statement.startswith("EXPLAIN"):
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row.detail for row in rows)

    store = await filled(database)
    one, _ = await store.add(OWN, "1", slip())
    event.listen(Engine, "before_cursor_execute", explained)
    try:
        await store.page(OWN, Wanted(text="nobody", after=one), 50)
        await store.page(OWN, Wanted(since=NOON, until=NOON, contact="Eva"), 50)
        await store.page(OWN, Wanted(state=State.NEW), 50)
        await store.page(OWN, Wanted(call=CallId("vz-1")), 50)
        await store.count(OWN, NOON)
    finally:
        event.remove(Engine, "before_cursor_execute", explained)
        await database.close()
    assert [plan.partition("messages USING ")[2] for plan in plans] == [
        "INTEGER PRIMARY KEY (rowid=?)",
        "INDEX ix_messages_customer (customer=? AND taken_at<?)",
        "INDEX ix_messages_customer (customer=? AND taken_at>? AND taken_at<?)",
        "INDEX ix_messages_state (customer=? AND state=?)",
        "INDEX ix_messages_call (customer=? AND call=?)",
        "COVERING INDEX ix_messages_customer (customer=? AND taken_at>?)",
        "COVERING INDEX ix_messages_state (customer=? AND state=?)",
    ]
