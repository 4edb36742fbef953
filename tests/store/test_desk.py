"""What is kept of the calls at agents' desks: their own, with what became of them, and the same caller's, by index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, insert, select

from engine.message.slip import Slip
from engine.message.states import DeliveryState, Marks, Means, State, marked
from engine.ports import CallRecord
from engine.ports.desk import Closing, Done, Earlier, NoMessage, OwnCall
from engine.ports.messages import Delivery
from engine.store.database import Database
from engine.store.desk import StoredDesk
from engine.store.messages import StoredMessages
from engine.store.schema import upgrade
from engine.store.tables import call_closings, calls, customers, message_drafts
from engine.terms import AgentId, CallId, CustomerId
from tests.catalogue import service_on
from tests.deliveries import put
from tests.talks import had_talks, talk, wrote_talks

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
OWN, OTHER = CustomerId(1), CustomerId(2)
ANNA, BEN = AgentId("anna"), AgentId("ben")
CALLER = "+4930555123"
PEOPLE = """
agents: [{login: anna, name: Anna Lindner, phone: {kind: browser}}]
tariffs: [{name: day, hours: {mon-fri: ["08:00-18:00"]}}]
customers: [{number: K1, name: Bäckerei Korn, tariff: day}, {number: K2, name: Kanzlei Lot, tariff: day}]
"""


def row(n: int, customer: int = OWN, agent: str | None = ANNA, **more: Any) -> dict[str, Any]:
    """A call that arrived n minutes before noon, and was answered by Anna."""
    told = {"outcome": "answered" if agent else "abandoned", "caller": CALLER, "line": None, "talked_ms": 1000 * n}
    record = CallRecord(
        id=CallId(f"c{n}"), dialled="1", access_number=None, customer=CustomerId(customer),
        agent=AgentId(agent) if agent else None, arrived_at=NOON - timedelta(minutes=n), **{**told, **more},
    )  # fmt: skip
    return asdict(record)


async def filled(database: Database, *rows: dict[str, Any]) -> StoredDesk:
    """A store with two customers, whose keys are OWN and OTHER, one agent, and these calls."""
    await service_on(database).import_text(PEOPLE)
    async with database.writing() as connection:
        await connection.execute(insert(calls), list(rows))
    await had_talks(database, *rows)
    return StoredDesk(database)


def slip(call: int, minutes: float = 0, **more: Any) -> Slip:
    """What Anna took in that call, so many minutes before noon."""
    told = {"text": "Der Ofen ist kalt.", **more}
    return Slip(ANNA, "Anna Lindner", NOON - timedelta(minutes=minutes), call=CallId(f"c{call}"), **told)


def closing(call: int, reason: NoMessage = NoMessage.SALES, **more: Any) -> Closing:
    """Anna has closed that call."""
    return Closing(CallId(f"c{call}"), OWN, ANNA, reason, **{"spam": False, "at": NOON, **more})


async def test_an_agents_own_calls_and_what_became_of_them(database: Database) -> None:
    store = await filled(
        database, row(1), row(2, OTHER, caller=None), row(3), row(4), row(5, agent=BEN), row(6, agent=None), row(90),
        row(7, 9), row(8, outcome="failed"),
    )  # fmt: skip
    messages = StoredMessages(database)
    await messages.add(OWN, "a", slip(3, 3))
    last, _ = await messages.add(OWN, "b", slip(3, 2))
    await store.close(closing(3))
    await store.close(closing(4, NoMessage.WRONG_NUMBER))
    await store.close(closing(4, NoMessage.SALES, spam=True))
    own: dict[str, Any] = {"customer": OWN, "name": "Bäckerei Korn", "caller": CALLER, "message": None, "closing": None}

    def at(n: int) -> dict[str, datetime]:
        return dict.fromkeys(("arrived_at", "began_at"), NOON - timedelta(minutes=n))

    assert list(await store.calls_of(ANNA, NOON - timedelta(hours=1))) == [
        OwnCall(**{**own, **at(n), "call": f"c{n}", "talked_ms": 1000 * n, **more})
        for n, more in (
            (1, {}),
            (2, {"customer": OTHER, "name": "Kanzlei Lot", "caller": None}),
            (3, {"message": last}),
            (4, {"closing": NoMessage.SALES}),
        )
    ]
    assert await store.done_with(OWN, CallId("c3"), ANNA) == Done(last, None)
    assert await store.done_with(OWN, CallId("c4"), ANNA) == Done(None, NoMessage.SALES)
    assert await store.done_with(OTHER, CallId("c4"), ANNA) == Done(None, None)
    assert await store.done_with(OWN, CallId("c1"), ANNA) == Done(None, None)
    assert await store.done_with(OWN, CallId("c3"), BEN) == Done(None, None)
    assert [one.is_open for one in await store.calls_of(ANNA, NOON - timedelta(hours=1))] == [True, True, False, False]


async def test_an_agent_sees_which_of_his_messages_was_not_delivered_and_which_has_left(database: Database) -> None:
    store, messages = await filled(database, *map(row, range(1, 6))), StoredMessages(database)
    mail = Delivery(Means.MAIL, "Eva", "eva@korn.example", DeliveryState.SENT, NOON)
    failed = replace(mail, state=DeliveryState.FAILED)
    waits = replace(mail, state=DeliveryState.QUEUED)
    mails = (
        [mail, failed],
        [mail],
        [replace(failed, is_replaced=True), mail],
        [waits],
        [waits, replace(waits, tries=1)],
    )
    for n, deliveries in enumerate(mails, 1):
        message, _ = await messages.add(OWN, f"{n}", slip(n, n))
        await put(database, message, *deliveries)
    told = [(one.is_lost, one.has_left) for one in await store.calls_of(ANNA, NOON - timedelta(hours=1))]
    assert told == [(True, True), (False, True), (False, True), (False, False), (False, True)]
    done = [await store.done_with(OWN, CallId(f"c{n}"), ANNA) for n in range(1, 6)]
    assert [(one.is_lost, one.has_left) for one in done] == told, "also before the call's record is there"


async def test_of_a_call_with_two_talks_each_agent_has_his_own_and_closes_it_himself(database: Database) -> None:
    store = await filled(database, row(1, agent=None))
    call = row(1, agent=ANNA, outcome="answered")
    later, much_later = NOON + timedelta(minutes=5), NOON + timedelta(minutes=9)
    await wrote_talks(
        database,
        talk(call, talked_ms=30_000, how="phone_lost"),
        talk(call, n=2, agent=BEN, began_at=later, talked_ms=2_000, how="put_through"),
        talk(call, n=3, agent=BEN, began_at=much_later, talked_ms=3_000),
        talk(call, n=4, agent="cora", began_at=much_later, talked_ms=0, how="not_joined"),
    )

    async def own(agent: AgentId) -> list[tuple[datetime, int, int | None, NoMessage | None]]:
        found = await store.calls_of(agent, NOON - timedelta(hours=1))
        return [(one.began_at, one.talked_ms, one.message, one.closing) for one in found]

    annas = call["arrived_at"], 30_000
    assert (await own(ANNA), await own(BEN)) == ([(*annas, None, None)], [(later, 5_000, None, None)])
    assert await own(AgentId("cora")) == [], "they have never heard each other"
    message, _ = await StoredMessages(database).add(OWN, "a", slip(1))
    assert (await own(ANNA), await own(BEN)) == ([(*annas, message, None)], [(later, 5_000, None, None)])
    await store.close(replace(closing(1, NoMessage.TAKEN_DOWN), agent=BEN))
    assert await own(BEN) == [(later, 5_000, None, NoMessage.TAKEN_DOWN)]
    assert await store.done_with(OWN, CallId("c1"), BEN) == Done(None, NoMessage.TAKEN_DOWN)
    assert await own(ANNA) == [(*annas, message, None)]
    [earlier] = await store.earlier(OWN, CALLER, CallId("c9"), 9)
    assert (earlier.message, earlier.closing, earlier.agent_name) == (message, None, "Anna Lindner")


async def test_the_same_callers_calls_however_carriers_have_written_it(database: Database) -> None:
    ways = ("+4930555123", "004930555123", "4930555123", "030555123")
    others = ("+49305551234", "30555123", "anonymous", None)
    rows = [row(n, caller=caller) for n, caller in enumerate((*ways, *others), start=1)]
    store = await filled(database, *rows, row(20, OTHER), row(21, agent=None), row(22, agent="gone"))
    for way in (*ways, "030/555 123"):
        found = await store.earlier(OWN, way, CallId("c2"), 9)
        assert [one.call for one in found] == ["c1", "c3", "c4", "c21", "c22"], way
    assert [one.call for one in await store.earlier(OWN, ways[0], CallId("c1"), 2)] == ["c2", "c3"]
    assert [one.call for one in await store.earlier(OWN, "anonymous", CallId("c1"), 2)] == ["c7"]
    for nobody in ("a\0", "\ud800", ""):
        assert list(await store.earlier(OWN, nobody, CallId("c1"), 2)) == []


async def test_earlier_calls_tell_what_was_taken_in_them(database: Database) -> None:
    store = await filled(database, row(1), row(2, agent=None), row(3))
    messages = StoredMessages(database)
    await messages.add(OWN, "a", slip(1, 1, text="Erster Versuch"))
    last, _ = await messages.add(OWN, "b", slip(1, subject="Ofen", contact="Eva Korn"))
    await store.close(closing(1))
    await store.close(closing(3, NoMessage.INFORMATION))
    told: dict[str, Any] = {
        "closing": None,
        "message": None,
        "contact": None,
        "subject": "",
        "text": "",
        "agent_name": "Anna Lindner",
    }
    assert list(await store.earlier(OWN, CALLER, CallId("now"), 9)) == [
        Earlier(**{**told, "call": f"c{n}", "at": NOON - timedelta(minutes=n), "outcome": "answered", **more})
        for n, more in (
            (1, {"message": last, "contact": "Eva Korn", "subject": "Ofen", "text": "Der Ofen ist kalt."}),
            (2, {"outcome": "abandoned", "agent_name": None}),
            (3, {"closing": NoMessage.INFORMATION}),
        )
    ]


@pytest.mark.parametrize(
    "values", [{"text": "Öfen\nkalt", "ticks": ["call_back"]}, {"text": "a\0b\ud800 “", "more": {"1": None}}]
)
async def test_a_draft_is_kept_as_it_was_typed(database: Database, values: Mapping[str, Any]) -> None:
    store = StoredDesk(database)
    for kept in ({"text": "Ö"}, values):
        await store.keep_draft(ANNA, CallId("c1"), kept, NOON)
    await store.keep_draft(BEN, CallId("c1"), {"text": "Ben"}, NOON)
    assert await store.draft(ANNA, CallId("c1")) == values
    assert await store.draft(ANNA, CallId("c2")) == {}
    await store.keep_draft(ANNA, CallId("c1"), {"text": "", "ticks": []}, NOON)
    assert await store.draft(ANNA, CallId("c1")) == {}
    assert await store.draft(BEN, CallId("c1")) == {"text": "Ben"}


async def test_drafts_of_old_calls_are_forgotten_however_late_they_were_typed(database: Database) -> None:
    store, day = await filled(database, row(1), row(5 * 24 * 60)), timedelta(days=1)
    for call, typed in (("c1", NOON), ("c7200", NOON), ("unrecorded", NOON - 4 * day), ("under-way", NOON)):
        await store.keep_draft(ANNA, CallId(call), {"text": call}, typed)
    assert [await store.forget_drafts(NOON - 3 * day, most) for most in (1, 9, 9)] == [1, 1, 0]
    async with database.reading() as connection:
        assert set((await connection.execute(select(message_drafts.c.call))).scalars()) == {"c1", "under-way"}


async def test_old_closings_are_forgotten(database: Database) -> None:
    store = await filled(database, *map(row, range(1, 5)))
    for n in range(1, 5):
        await store.close(replace(closing(n), at=NOON - timedelta(days=n)))
    assert [await store.forget_closings(NOON - timedelta(days=2), most) for most in (1, 9, 9)] == [1, 1, 0]
    async with database.reading() as connection:
        assert set((await connection.execute(select(call_closings.c.call))).scalars()) == {"c1", "c2"}


async def test_closings_go_with_their_customer(database: Database) -> None:
    store = await filled(database, row(1))
    await store.close(closing(1))
    async with database.writing() as connection:
        await connection.execute(customers.delete().where(customers.c.id == OWN))
        assert (await connection.execute(select(func.count()).select_from(call_closings))).scalar_one() == 0
    assert list(await store.calls_of(ANNA, NOON - timedelta(hours=1))) == []


async def test_a_message_is_taken_back_by_its_agent_while_nobody_has_it(database: Database) -> None:
    await filled(database, row(1))
    store = StoredMessages(database)
    since = NOON - timedelta(seconds=10)
    taken, _ = await store.add(OWN, "a", slip(1))
    c1 = CallId("c1")
    for wrong in (
        (OTHER, taken, ANNA, c1, since), (OWN, taken + 1, ANNA, c1, since), (OWN, taken, BEN, c1, since),
        (OWN, taken, ANNA, CallId("c2"), since), (OWN, taken, ANNA, c1, NOON),
    ):  # fmt: skip
        assert await store.remove(*wrong) is None
    queued = Delivery(Means.MAIL, "Eva", "eva@korn.example", DeliveryState.QUEUED, NOON)
    await put(database, taken, queued)
    assert await store.remove(OWN, taken, ANNA, c1, since) == slip(1)
    assert await store.find(OWN, taken) is None
    again, _ = await store.add(OWN, "a", slip(1))
    assert again > taken
    await store.mark(OWN, again, lambda marks: marked(marks, State.READ, "petra", NOON))
    assert await store.remove(OWN, again, ANNA, c1, since) is None, "somebody has read it"
    await store.mark(OWN, again, lambda _: Marks())
    await put(database, again, replace(queued, state=DeliveryState.SENDING))
    assert await store.remove(OWN, again, ANNA, c1, since) is None, "it is on its way"
    tried, _ = await store.add(OWN, "b", slip(1))
    await put(database, tried, replace(queued, tries=1))
    assert await store.remove(OWN, tried, ANNA, c1, since) is None, "nobody knows whether it has arrived"


async def test_every_question_begins_at_an_index(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/desk.db")
    await upgrade(database)
    plans: list[str] = []

    def explained(connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.startswith(("SELECT calls", "SELECT own")):
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.append(" | ".join(row.detail for row in rows))

    store = await filled(database, row(1))
    event.listen(Engine, "before_cursor_execute", explained)
    try:
        await store.calls_of(ANNA, NOON)
        await store.earlier(OWN, "anonymous", CallId("c1"), 10)
    finally:
        event.remove(Engine, "before_cursor_execute", explained)
        await database.close()
    own, earlier = plans
    assert "SEARCH call_talks USING INDEX ix_call_talks_agent (agent=? AND began_at>?)" in own
    assert "SEARCH calls USING INDEX ix_calls_caller (customer=? AND caller=?)" in earlier
    one_calls_closings = "(call=?) | USE TEMP B-TREE FOR ORDER BY"
    assert "FOR ORDER BY" not in earlier.replace(one_calls_closings, ""), "it would sort all of them"
    for plan in plans:
        assert "SCAN call" not in plan
        assert "INDEX ix_messages_call (customer=? AND call=?)" in plan
