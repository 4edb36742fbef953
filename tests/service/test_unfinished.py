"""An engine was killed: what it left open gets an end, and nothing is charged that nobody has measured."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from engine.acd.agents import AcdSettings
from engine.call.events import Offered
from engine.main.unfinished import close_unfinished
from engine.ports import CallRecord, TrailEntry
from engine.service.exchange import Exchange
from engine.store.calls import StoredCalls
from engine.store.database import Database
from engine.store.journal import StoredJournal
from engine.terms import CallId
from tests.rules.calls import NOON
from tests.rules.world import World

OPEN = CallRecord(CallId("c1"), "030123450", None, None, "+49171", None, NOON, "open")
SILENT = replace(OPEN, id=CallId("c2"), arrived_at=NOON + timedelta(seconds=1))
OVER = replace(OPEN, id=CallId("c3"), outcome="abandoned", ended_at=NOON)
ARRIVED = TrailEntry(OPEN.id, 1, NOON, "arrived", "+49171 for 030123450")
PICKED_UP = TrailEntry(OPEN.id, 2, NOON + timedelta(seconds=9), "picked_up", "anna")
LOST = "the engine was killed during the call"


async def test_every_call_has_one_record_that_tells_how_it_ended(database: Database) -> None:
    store, journal = StoredCalls(database), StoredJournal(database)
    for record in (OPEN, SILENT, OVER):
        journal.opened(record)
    journal.noted(ARRIVED)
    journal.noted(PICKED_UP)
    await journal.flush()
    assert await close_unfinished(store, journal) == {"c1": 3, "c2": 1}
    await journal.flush()
    assert [listed.record for listed in await store.last(9)] == [
        replace(SILENT, outcome="failed", ended_at=SILENT.arrived_at),
        OVER,
        replace(OPEN, outcome="failed", ended_at=PICKED_UP.at),
    ]
    assert await store.trail(OPEN.id) == [ARRIVED, PICKED_UP, TrailEntry(OPEN.id, 3, PICKED_UP.at, "lost", LOST)]
    assert await close_unfinished(store, journal) == {}
    await journal.close()


def test_the_trail_of_a_caller_who_is_still_there_goes_on() -> None:
    world = World()
    exchange = Exchange(world, world, world, world, AcdSettings(), lambda *_: None)
    exchange.trails_go_on({OPEN.id: 3})
    exchange.offered(Offered(OPEN.id, "030123450", "+49171", None, NOON))
    assert [(entry.n, entry.what) for entry in world.trail] == [(4, "arrived")]
