"""A store in which one telephone number has left something everywhere, and its neighbour's, too."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Table, insert, select, update

from engine.accounts import Identity, Role
from engine.message.slip import Slip
from engine.message.states import Means
from engine.ports import CallRecord
from engine.ports.outbox import Planned
from engine.ports.persons import Kind
from engine.service.persons import Persons
from engine.store.database import Database
from engine.store.desk import StoredDesk
from engine.store.keeping import StoredNights
from engine.store.messages import StoredMessages
from engine.store.persons import StoredPersons
from engine.store.tables import (
    audit,
    call_attempts,
    call_closings,
    call_trail,
    calls,
    change_orders,
    metadata,
    spam_dismissals,
)
from engine.terms import AgentId, CallId, CustomerId, UserId
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
    Kind.CALLS: 5, Kind.MESSAGES: 4, Kind.DRAFTS: 2, Kind.DIALLED: 1, Kind.BLOCKED: 1, Kind.NOT_BLOCKED: 1,
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


async def left_everywhere(database: Database) -> World:
    """That store."""
    await service_on(database).import_text(CUSTOMERS)
    engine = Engine()
    persons = Persons(StoredPersons(database), StoredNights(database), lambda: NOW, engine)
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
