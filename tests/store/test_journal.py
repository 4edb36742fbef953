"""The journal keeps everything, in order, once, whatever the store does meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest_asyncio
from sqlalchemy import Connection
from structlog.testing import capture_logs

from engine.ports import CallAttempt, CallRecord, TrailEntry
from engine.store.agents import StoredAgents
from engine.store.calls import ListedCall, StoredCalls
from engine.store.customer_calls import StoredCustomerCalls
from engine.store.database import Database
from engine.store.journal import StoredJournal
from engine.store.lane import Lane, T
from engine.terms import E164, AgentId, AgentState, CallId, CustomerId, LegId
from engine.transfer.plan import Kind, Result
from tests.catalogue import FIRST, service_on

NOW = datetime(2026, 3, 29, 1, 59, 59, 123456, tzinfo=UTC)
A, B = CallId("vz-1.1"), CallId("vz-1.2")


def arrived(call: CallId, after: float = 0) -> CallRecord:
    return CallRecord(
        id=call,
        dialled="030123450",
        access_number=E164("+4930123450"),
        customer=CustomerId(1),
        caller=None,
        line=None,
        arrived_at=NOW + timedelta(seconds=after),
        outcome="open",
    )


def talked(record: CallRecord) -> CallRecord:
    berlin = timezone(timedelta(hours=2))
    return replace(
        record,
        outcome="answered",
        treatment="delayed_connect",
        first_media_at=record.arrived_at,
        picked_up_at=record.arrived_at.astimezone(berlin) + timedelta(seconds=7),
        answered_at=record.arrived_at + timedelta(seconds=7),
        agent_left_at=record.arrived_at + timedelta(seconds=68),
        ended_at=record.arrived_at + timedelta(seconds=68),
        cause=16,
        agent=AgentId("agent1"),
        waited_ms=7000,
        talked_ms=61_000,
        charged_seconds=61,
        charged_minutes=2,
    )


def tried(n: int, number: str, result: Result) -> CallAttempt:
    """All in the same moment."""
    talked = NOW + timedelta(seconds=3) if result is Result.PUT_THROUGH else None
    who = (LegId(f"{A}-out-{n}"), A, CustomerId(1), "Frau Korn", E164(number), "carrier", Kind.BLIND.value)
    return CallAttempt(
        *who, NOW, NOW, talked, talked, NOW + timedelta(seconds=9), result.value, 17, 4_000 if talked else 0
    )


def note(call: CallId, n: int, what: str = "ringing_agent") -> TrailEntry:
    return TrailEntry(call, n, NOW + timedelta(milliseconds=n), what, f"agent{n}")


class Moody(Database):
    """A database that can be away, or say so after it has stored everything."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.away = False
        self.refused = asyncio.Event()
        self.denies = False

    def lane(self) -> Lane:
        return _MoodyLane(self, super().lane())


class _MoodyLane:
    def __init__(self, database: Moody, lane: Lane) -> None:
        self._database = database
        self.read, self.close = lane.read, lane.close
        self._write = lane.write

    async def write(self, work: Callable[[Connection], T]) -> T:
        if self._database.away:
            self._database.refused.set()
            raise ConnectionRefusedError("away")
        done = await self._write(work)
        if self._database.denies:
            self._database.denies = False
            raise ConnectionResetError("lost after the commit")
        return done


@pytest_asyncio.fixture
async def moody(database_url: str) -> AsyncIterator[Moody]:
    database = Moody(database_url)
    yield database
    await database.close()


@pytest_asyncio.fixture
async def journal(moody: Moody) -> AsyncIterator[StoredJournal]:
    journal = StoredJournal(moody, retries=(0.001,))
    yield journal
    await journal.close(limit=0.5)


async def test_a_call_from_beginning_to_end(moody: Moody, journal: StoredJournal) -> None:
    calls = StoredCalls(moody)
    journal.opened(arrived(A))
    journal.noted(note(A, 1, "arrived"))
    journal.opened(arrived(B, after=1))
    await journal.flush()
    assert [call.record for call in await calls.open_calls()] == [arrived(A), arrived(B, after=1)]
    journal.noted(note(A, 2, "picked_up"))
    journal.closed(talked(arrived(A)))
    await journal.flush()
    assert [call.record for call in await calls.open_calls()] == [arrived(B, after=1)]
    assert [call.record for call in await calls.last(5)] == [arrived(B, after=1), talked(arrived(A))]
    assert await calls.trail(A) == [note(A, 1, "arrived"), note(A, 2, "picked_up")]
    assert await calls.trail(CallId("nobody's")) == []


async def test_what_was_dialled_to_put_a_caller_through(moody: Moody, journal: StoredJournal) -> None:
    rung = [tried(n, f"+493{n}", Result.BUSY if n < 11 else Result.PUT_THROUGH) for n in range(1, 12)]
    for attempt in rung:
        journal.tried(attempt)
    await journal.flush()
    assert await StoredCalls(moody).attempts(A) == rung
    own = StoredCustomerCalls(moody)
    assert await own.attempts(CustomerId(1), A) == rung
    assert await own.attempts(CustomerId(2), A) == []
    assert await own.attempts(CustomerId(1), B) == []


async def test_names_belong_to_a_listed_call_as_long_as_they_exist(moody: Moody, journal: StoredJournal) -> None:
    await service_on(moody).import_text(FIRST)
    record = talked(arrived(A))
    journal.closed(record)
    await journal.flush()
    calls = StoredCalls(moody)
    assert await calls.find(A) == ListedCall(record, "K1001", "Muster GmbH", "Agent One")
    await service_on(moody).import_text("trunks: [{name: other, match: [192.0.2.1]}]", replace=True)
    assert await calls.find(A) == ListedCall(record, None, None, None)
    assert await calls.find(B) is None


async def test_the_last_calls_are_the_latest(moody: Moody, journal: StoredJournal) -> None:
    names = [CallId(f"vz-{n}") for n in range(1200)]
    for n, name in enumerate(names):
        journal.opened(arrived(name, after=n))
    await journal.flush()
    last = await StoredCalls(moody).last(1000)
    assert [call.record.id for call in last] == names[:199:-1]


async def test_a_store_that_is_away_loses_nothing(moody: Moody, journal: StoredJournal) -> None:
    moody.away = True
    with capture_logs() as logs:
        journal.opened(arrived(A))
        for n in range(1, 1001):
            journal.noted(note(A, n))
        stored = asyncio.create_task(journal.flush())
        await asyncio.wait_for(moody.refused.wait(), 5)
        assert not stored.done()
        moody.away = False
        journal.closed(talked(arrived(A)))
        await asyncio.wait_for(journal.flush(), 5)
        await asyncio.wait_for(stored, 5)
    assert [(entry["log_level"], entry["event"]) for entry in logs] == [
        ("error", "journal cannot be written, trying again"),
        ("info", "journal is written again"),
    ]
    calls = StoredCalls(moody)
    assert await calls.trail(A) == [note(A, n) for n in range(1, 1001)]
    assert [call.record for call in await calls.last(5)] == [talked(arrived(A))]


async def test_what_was_stored_unnoticed_is_not_stored_twice(moody: Moody, journal: StoredJournal) -> None:
    moody.denies = True
    journal.opened(arrived(A))
    journal.noted(note(A, 1))
    journal.closed(talked(arrived(A)))
    await journal.flush()
    assert not moody.denies
    journal.opened(arrived(A))
    journal.noted(note(A, 1, "another"))
    await journal.flush()
    calls = StoredCalls(moody)
    assert [call.record for call in await calls.last(5)] == [talked(arrived(A))]
    assert await calls.trail(A) == [note(A, 1)]


async def test_one_unwritable_entry_does_not_hold_up_the_others(moody: Moody, journal: StoredJournal) -> None:
    wrong = replace(arrived(B), arrived_at=datetime(2026, 3, 29))
    with capture_logs() as logs:
        journal.noted(note(A, 1))
        journal.opened(wrong)
        journal.opened(arrived(A))
        await journal.flush()
    assert [(entry["event"], entry["entry"].record.id) for entry in logs] == [("journal entry cannot be written", B)]
    assert [call.record for call in await StoredCalls(moody).last(5)] == [arrived(A)]
    assert await StoredCalls(moody).trail(A) == [note(A, 1)]


async def test_texts_that_no_database_takes(moody: Moody, journal: StoredJournal) -> None:
    journal.opened(replace(arrived(A), caller="0\0\udc8030", line="☎"))
    await journal.flush()
    stored = await StoredCalls(moody).find(A)
    assert stored is not None and (stored.record.caller, stored.record.line) == ("0\ufffd?30", "☎")


async def test_what_agents_do_survives_a_restart_and_an_import(moody: Moody, journal: StoredJournal) -> None:
    await service_on(moody).import_text(FIRST)
    journal.agent_state(AgentId("agent1"), AgentState.READY, None)
    journal.agent_state(AgentId("agent2"), AgentState.READY, None)
    journal.agent_state(AgentId("agent2"), AgentState.PAUSED, "missed calls")
    journal.agent_state(AgentId("stranger"), AgentState.READY, None)
    await journal.flush()
    await service_on(moody).import_text(FIRST.replace("Agent Two", "Agent 2"))
    profiles = await StoredAgents(moody).profiles()
    assert [(agent.id, agent.name, agent.state, agent.pause_reason) for agent in profiles] == [
        ("agent1", "Agent One", AgentState.READY, None),
        ("agent2", "Agent 2", AgentState.PAUSED, "missed calls"),
    ]


async def test_closing_writes_what_is_left(moody: Moody) -> None:
    journal = StoredJournal(moody)
    journal.opened(arrived(A))
    await journal.close()
    assert [call.record for call in await StoredCalls(moody).last(5)] == [arrived(A)]


async def test_closing_while_the_store_is_away_says_what_is_lost(moody: Moody) -> None:
    moody.away = True
    journal = StoredJournal(moody, retries=(0.001,))
    with capture_logs() as logs:
        journal.opened(arrived(A))
        await journal.close(limit=0.05)
    assert [(entry["event"], len(entry.get("lost", ()))) for entry in logs] == [
        ("journal cannot be written, trying again", 0),
        ("journal_closed_with_entries_unwritten", 1),
    ]
