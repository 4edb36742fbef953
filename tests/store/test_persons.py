"""Everything about one telephone number is found in every spelling, and goes; nothing of others does."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import Table, insert, select, update

from engine.accounts import Identity, Role
from engine.message.slip import Slip
from engine.message.states import Means
from engine.ports import CallRecord
from engine.ports.outbox import Planned
from engine.ports.persons import Kind
from engine.service.customers import NoSuchCustomer
from engine.service.persons import Persons, StillCalling, document
from engine.store.database import Database
from engine.store.desk import StoredDesk
from engine.store.keeping import StoredReports
from engine.store.messages import StoredMessages
from engine.store.outbox import StoredOutbox
from engine.store.persons import StoredPersons
from engine.store.tables import (
    audit,
    blocked_callers,
    call_attempts,
    call_closings,
    call_trail,
    calls,
    change_orders,
    message_drafts,
    messages,
    metadata,
    spam_dismissals,
)
from engine.terms import AgentId, CallId, CustomerId, UserId, Wrong
from tests.catalogue import service_on
from tests.talks import had_talks

NOW = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
NUMBER = "+491713920077"
ANNA = AgentId("anna")
K1, K2 = CustomerId(1), CustomerId(2)
CUSTOMERS = """
tariffs: [{name: day, hours: {mon-fri: ["08:00-18:00"]}}]
customers:
  - number: K1
    name: Bäckerei Korn
    tariff: day
    contacts: [{name: Eva Brandt, phone: "+491713920077", notify: {mail: [eva@korn.example]}}]
  - number: K2
    name: Kanzlei Lot
    tariff: day
    blocked_callers: [{number: "+491713920077", note: ruft nachts an}, {number: "+4917139200771"}]
    vip_notes: [{who: Herr Quarz, numbers: ["+4917139200772"], message: Sofort verbinden}]
"""
PETRA = Identity(UserId(1), "petra", "Petra", Role.CUSTOMER, K1)
INES = Identity(UserId(2), "ines", "Ines", Role.SUPPORT)
WAYS = ("+491713920077", "01713920077", "00491713920077", "491713920077")
EVERY = {
    Kind.CALLS: 5, Kind.MESSAGES: 3, Kind.DRAFTS: 2, Kind.DIALLED: 1, Kind.BLOCKED: 1, Kind.NOT_BLOCKED: 1,
    Kind.CHANGES: 2, Kind.ENTERED: 1, Kind.MENTIONED: 2,
}  # fmt: skip


@dataclass
class Engine:
    """What is told of the running engine."""

    calling: bool = False
    told: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    async def settle(self, numbers: Any) -> bool:
        self.told.append(("settle", frozenset(numbers)))
        return self.calling

    async def forget(self, numbers: Any) -> None:
        self.told.append(("forget", frozenset(numbers)))


@dataclass
class World:
    """A store in which the number has left something everywhere, and a neighbour's number, too."""

    database: Database
    persons: Persons
    engine: Engine

    async def put(self, table: Table, **values: Any) -> None:
        async with self.database.writing() as connection:
            await connection.execute(insert(table).values(values))

    async def all(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of every table."""
        async with self.database.reading() as connection:
            return {
                table.name: [dict(row) for row in (await connection.execute(select(table))).mappings()]
                for table in metadata.sorted_tables
            }

    async def called(self, call: str, customer: CustomerId | None, caller: str | None) -> None:
        told = {"outcome": "answered", "agent": ANNA, "charged_minutes": 3, "talked_ms": 9, "picked_up_at": NOW}
        record = asdict(CallRecord(CallId(call), "+49301", None, customer, caller, "+49302", NOW, **told))  # type: ignore[arg-type]
        await self.put(calls, **record)
        await had_talks(self.database, record)
        await self.put(call_trail, call=call, n=1, at=NOW, what="arrived", detail=f"{caller} for +49301")
        if customer is not None:
            closing = {"agent": ANNA, "reason": "sales", "spam": True}
            await self.put(call_closings, call=call, customer=customer, at=NOW, **closing)

    async def wrote(self, customer: CustomerId, key: str, **more: Any) -> int:
        slip = Slip(ANNA, "Anna", NOW, **{"text": "Der Ofen ist kalt.", **more})
        planned = [Planned(Means.MAIL, "Eva", "eva@korn.example", NOW)]
        return (await StoredMessages(self.database).add(customer, key, slip, planned))[0]


@pytest_asyncio.fixture
async def world(database: Database) -> World:
    await service_on(database).import_text(CUSTOMERS)
    engine = Engine()
    persons = Persons(StoredPersons(database), StoredReports(database), lambda: NOW, engine)
    world = World(database, persons, engine)
    for n, caller in enumerate(WAYS):
        await world.called(f"c{n}", K1 if n < 2 else K2, caller)
    await world.called("nobodys", None, NUMBER)
    await world.called("other", K1, "+4917139200771")
    await world.called("hidden", K1, None)
    await world.wrote(K1, "by number", number=NUMBER)
    await world.wrote(K1, "by call", number="Durchwahl 12", call=CallId("c0"))
    await world.wrote(K2, "theirs", number="01713920077")
    await world.wrote(K2, "theirs by call", call=CallId("c3"), number="+4930555")
    await world.wrote(K1, "mentions", text="Bitte auch unter 0171/39 200 77 versuchen.")
    await world.wrote(K1, "longer", text="Bitte auch unter 0171/39 200 771 versuchen.")
    desk = StoredDesk(database)
    await desk.keep_draft(ANNA, CallId("c1"), {"text": "Torte"}, NOW)
    await desk.keep_draft(ANNA, CallId("other"), {"number": "0171 3920077"}, NOW)
    await desk.keep_draft(ANNA, CallId("hidden"), {"text": "Brot"}, NOW)
    leg = {"customer": K1, "contact": "Eva Brandt", "trunk": "t", "kind": "blind", "dialled_at": NOW, "result": "busy"}
    for n, number in enumerate((NUMBER, "+4917139200771")):
        await world.put(call_attempts, leg=f"l{n}", call="other", number=number, **leg)
        await world.put(spam_dismissals, customer=K1, number=number, by="petra", at=NOW)
        told = {"who": "petra", "customer": K1, "customer_number": "K1", "old": None, "new": {"number": number}}
        await world.put(audit, at=NOW, path=f"blocked_callers/{number}", **told)
    order = {"customer": K2, "text": "Sperren Sie 0171-3920077", "asked_at": NOW, "asked_by": "lea", "urgent": False}
    await world.put(change_orders, due=date(2026, 12, 1), **order)
    await _tidy_audit(database)
    return world


async def _tidy_audit(database: Database) -> None:
    """The customers' making, which an import notes whole, is a line like the others."""
    async with database.writing() as connection:
        made = audit.c.path == "created"
        await connection.execute(update(audit).where(made, audit.c.customer == K1).values(new={"tel": NUMBER}))


@pytest.mark.parametrize("written", ["0171 3920077", "0049 171/3920077", "+49 (0)171 39 200 77", "491713920077"])
async def test_everything_is_found_however_the_number_is_written(world: World, written: str) -> None:
    person = await world.persons.find(written, None, INES)
    assert person.counts == {**EVERY, Kind.MESSAGES: 4}
    assert person.under_way == 4
    assert world.engine.told == [("settle", frozenset(WAYS))]


async def test_an_export_has_all_of_it_and_nothing_of_others(world: World) -> None:
    person = await world.persons.find(NUMBER, None, INES)
    told = document(person, NOW, ["left"])
    assert (told["number"], told["made_at"], told["left_out"]) == (NUMBER, NOW.isoformat(), ["left"])
    (first, *_), text = told["calls"], str(told)
    assert {call["id"] for call in told["calls"]} == {"c0", "c1", "c2", "c3", "nobodys"}
    assert (first["customer"], first["line"], first["charged_minutes"]) == ("K1", "+49302", 3)
    assert [len(first[name]) for name in ("trail", "talks", "without_message")] == [1, 1, 1]
    assert [one["deliveries"][0]["address"] for one in told["messages"]] == ["eva@korn.example"] * 4
    assert [one["field"] for one in told["entered"]] == ["contacts"]
    assert [(one["where"], one["customer"]) for one in told["mentioned"]] == [("message", "K1"), ("change order", "K2")]
    for foreign in ("+4917139200771", "Brot", "200 771", "Quarz", "anna", "versuchen"):
        assert foreign not in text.replace("Eva Brandt", ""), foreign


async def test_a_customer_finds_its_own_alone(world: World) -> None:
    person = await world.persons.find(NUMBER, K1, PETRA)
    assert person.counts == {
        Kind.CALLS: 2, Kind.MESSAGES: 2, Kind.DRAFTS: 2, Kind.DIALLED: 1, Kind.NOT_BLOCKED: 1, Kind.CHANGES: 2,
        Kind.ENTERED: 1, Kind.MENTIONED: 1,
    }  # fmt: skip
    assert {row["customer"] for rows in person.rows.values() for row in rows} == {"K1"}
    for whose in (K2, None):
        for asked in (world.persons.find, world.persons.delete):
            with pytest.raises(NoSuchCustomer):
                await asked(NUMBER, whose, PETRA)


async def test_it_goes_and_others_stay_as_they_are(world: World) -> None:
    before = await world.all()
    done = await world.persons.delete("0171 3920077", None, INES)
    after, mine = await world.all(), ("c0", "c1", "c2", "c3", "nobodys")
    assert done.counts == {kind: n for kind, n in EVERY.items() if kind not in ("entered", "mentioned")} | {
        Kind.MESSAGES: 4
    }
    kept = {row["id"]: row for row in after["calls"]}
    for row in before["calls"]:
        gone = {"caller": None, "forgotten": 2} if row["id"] in mine else {}
        assert kept[row["id"]] == {**row, **gone}, "what is charged stays"
    assert after["call_talks"] == before["call_talks"]
    for name in ("call_trail", "call_closings"):
        assert after[name] == [row for row in before[name] if row["call"] not in mine], name
    assert [row["key"] for row in after["messages"]] == ["mentions", "longer"]
    assert len(after["message_deliveries"]) == 2
    assert [row["call"] for row in after["message_drafts"]] == ["hidden"]
    assert {row["leg"]: row["number"] for row in after["call_attempts"]} == {"l0": "", "l1": "+4917139200771"}
    assert [row["number"] for row in after["spam_dismissals"]] == ["+4917139200771"]
    assert [row["number"] for row in after["blocked_callers"]] == ["+4917139200771"]
    for name in ("customers", "customer_details", "change_orders"):
        assert after[name] == before[name], name
    assert world.engine.told[-1] == ("forget", frozenset(WAYS))


async def test_the_log_of_changes_says_that_it_went_and_never_the_number(world: World) -> None:
    done = await world.persons.delete(NUMBER, None, INES)
    lines = (await world.all())["audit"]
    mine = [row for row in lines if row["path"] == f"persons/{done.case}"]
    assert [(row["customer"], row["who"], row["role"], row["at"]) for row in mine] == [
        *((customer, "ines", "support", NOW) for customer in (K1, K2, 0))
    ]
    assert mine[0]["new"] == {
        **{"deleted_calls": 2, "deleted_messages": 2, "deleted_drafts": 2, "deleted_dialled": 1},
        **{"deleted_not_blocked": 1, "deleted_changes": 2},
    }
    assert sum(mine[2]["new"].values()) == sum(done.counts.values())
    text = str(lines).replace("+4917139200771", "")
    assert NUMBER not in text and "blocked_callers/(deleted)" in text
    again = await world.persons.find(NUMBER, None, INES)
    assert again.counts == {Kind.ENTERED: 1, Kind.MENTIONED: 2}


async def test_a_customers_deletion_leaves_the_others_data_alone(world: World) -> None:
    before = await world.persons.find(NUMBER, K2, INES)
    await world.persons.delete(NUMBER, K1, PETRA)
    after = await world.persons.find(NUMBER, K2, INES)
    assert after == before
    assert (await world.persons.find(NUMBER, K1, PETRA)).counts == {Kind.ENTERED: 1, Kind.MENTIONED: 1}


async def test_who_is_blocked_may_stay_so(world: World) -> None:
    done = await world.persons.delete(NUMBER, K2, INES, keep={Kind.BLOCKED})
    assert Kind.BLOCKED not in done.counts
    assert NUMBER in [row["number"] for row in (await world.all())["blocked_callers"]]


async def test_nothing_goes_while_the_person_is_on_the_telephone(world: World) -> None:
    world.engine.calling, before = True, await world.all()
    with pytest.raises(StillCalling):
        await world.persons.delete(NUMBER, None, INES)
    assert await world.all() == before


@pytest.mark.parametrize(
    ("written", "code"), [("anonymous", "person.hidden"), (" Unterdrückt ", "person.hidden"), ("Eva", "number")]
)
async def test_who_hides_the_number_cannot_be_found_by_it(world: World, written: str, code: str) -> None:
    with pytest.raises(Wrong) as wrong:
        await world.persons.find(written, None, INES)
    assert wrong.value.code == code


async def test_more_than_a_statement_carries_goes_too(world: World) -> None:
    rows = [asdict(CallRecord(CallId(f"m{n}"), "+49301", None, K1, NUMBER, None, NOW, "answered")) for n in range(1100)]
    async with world.database.writing() as connection:
        await connection.execute(insert(calls), rows)
        await connection.execute(
            insert(call_trail), [{"call": row["id"], "n": 1, "at": NOW, "what": "ended", "detail": ""} for row in rows]
        )
    done = await world.persons.delete(NUMBER, K1, PETRA)
    assert done.counts[Kind.CALLS] == 1102
    assert [row["call"] for row in (await world.all())["call_trail"] if row["call"].startswith("m")] == []


async def test_a_delivery_that_is_being_carried_is_noted_nowhere(world: World) -> None:
    outbox = StoredOutbox(world.database)
    parcels = await outbox.claim(NOW + timedelta(minutes=1), Means.MAIL, 50)
    await world.persons.delete(NUMBER, None, INES)
    left = await outbox.claim(NOW + timedelta(minutes=1), Means.MAIL, 50)
    assert len(parcels) == 6 and left == []
    assert replace(parcels[0]).slip.number == NUMBER
    async with world.database.reading() as connection:
        assert len((await connection.execute(select(messages.c.id))).all()) == 2
        assert len((await connection.execute(select(message_drafts.c.call))).all()) == 1
        assert len((await connection.execute(select(blocked_callers.c.number))).all()) == 1
