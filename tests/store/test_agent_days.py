"""What agents became is written down once, in order, and by whichever engine; what is too old is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.acd.agents import Agent
from engine.ports import CallRecord, CallTalk, LiveAgent, TrailEntry
from engine.ports.agent_days import Talk, Tally
from engine.service.catalogue import CatalogueService
from engine.store.agent_days import StoredAgentDays
from engine.store.catalogue import StoredCatalogue
from engine.store.database import Database
from engine.store.journal import StoredJournal
from engine.terms import AgentId, AgentState, CallId
from tests.catalogue import RULES
from tests.talks import talk, wrote_talks

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
ALWAYS = (NOON - timedelta(days=1), NOON + timedelta(days=1))
ANNA = Agent(AgentId("anna"), "Anna", frozenset(), frozenset(), AgentState.READY, NOON)

STAFF = "agents: [{login: anna, name: Anna Lindner, phone: {kind: browser}}]"


def a_record(call: str, at: datetime, **more: Any) -> CallRecord:
    """A call that is over."""
    return CallRecord(CallId(call), "030123450", None, None, None, None, at, "answered", **more)


def became(state: AgentState, seconds: float, reason: str | None = None) -> LiveAgent:
    """Anna, so many seconds past noon."""
    return LiveAgent(replace(ANNA, state=state, since=NOON + timedelta(seconds=seconds), reason=reason), {})


async def log(database: Database) -> list[tuple[str, str | None, float]]:
    """What Anna became, why, and how many seconds past noon."""
    found = await StoredAgentDays(database).between(*ALWAYS)
    assert set(found) <= {"anna"}
    entries = found.get(AgentId("anna"), ())
    return [(entry.state.value, entry.reason, (entry.at - NOON).total_seconds()) for entry in entries]


async def written(database: Database, *stands: LiveAgent) -> None:
    """A journal was told how she stands, and ended."""
    journal = StoredJournal(database)
    for one in stands:
        journal.agent_stands(one)
    await journal.close()


async def test_every_change_is_written_down_once(database: Database) -> None:
    await written(
        database,
        *(became(AgentState.READY, 0),) * 3, became(AgentState.RINGING, 1), became(AgentState.RINGING, 1),
        became(AgentState.READY, 2), became(AgentState.RINGING, 2), became(AgentState.PAUSED, 3, "lunch"),
        became(AgentState.PAUSED, 4, "doctor"), LiveAgent(replace(ANNA, since=None), {}),
    )  # fmt: skip
    assert await log(database) == [
        ("ready", None, 0), ("ringing", None, 1), ("ready", None, 2), ("ringing", None, 2),
        ("paused", "lunch", 3), ("paused", "doctor", 4),
    ]  # fmt: skip


async def test_an_engine_that_goes_on_says_it_in_its_own_time(database: Database) -> None:
    await written(database, became(AgentState.TALKING, 1))
    await written(database, became(AgentState.READY, 9), became(AgentState.TALKING, 1), became(AgentState.READY, 12))
    assert await log(database) == [("talking", None, 1), ("ready", None, 9), ("talking", None, 9), ("ready", None, 12)]


async def test_a_killed_engine_takes_nothing_with_it(database: Database, tmp_path: Path) -> None:
    journal = StoredJournal(database)
    await journal.keep_file(tmp_path / "journal")
    journal.agent_stands(became(AgentState.READY, 0))
    journal._writer.cancel()
    assert journal._file
    journal._file.close()
    after = StoredJournal(database)
    await after.keep_file(tmp_path / "journal")
    await after.close()
    assert await log(database) == [("ready", None, 0)]


@pytest.mark.parametrize(("most", "left"), [(1, [1, 2]), (9, [2])])
async def test_what_is_too_old_is_forgotten(database: Database, most: int, left: Sequence[float]) -> None:
    states = (AgentState.READY, AgentState.PAUSED, AgentState.OFFLINE)
    await written(database, *(became(state, second) for second, state in enumerate(states)))
    assert await StoredAgentDays(database).forget(NOON + timedelta(seconds=2), most) == min(most, 2)
    assert [seconds for _, _, seconds in await log(database)] == left


async def test_where_no_engine_runs_it_is_said_so(database: Database) -> None:
    bert = Agent(AgentId("bert"), "Bert", frozenset(), frozenset(), AgentState.OFFLINE, NOON)
    journal = StoredJournal(database)
    journal.agent_stands(became(AgentState.TALKING, 3))
    journal.agent_stands(LiveAgent(bert, {}))
    journal.away([became(AgentState.TALKING, 3).agent, bert], NOON + timedelta(seconds=8))
    await journal.close()
    found = await StoredAgentDays(database).between(*ALWAYS)
    assert [(one.state.value, one.reason, one.at) for one in found[ANNA.id]] == [
        ("talking", None, NOON + timedelta(seconds=3)),
        ("offline", "engine stopped", NOON + timedelta(seconds=8)),
    ]
    assert [one.state.value for one in found[bert.id]] == ["offline"]


async def test_a_day_begins_with_what_was_before_it(database: Database) -> None:
    states = (AgentState.OFFLINE, AgentState.PAUSED, AgentState.READY, AgentState.PAUSED)
    await written(database, *(became(state, seconds) for state, seconds in zip(states, (0, 5, 5, 9), strict=True)))
    days, since = StoredAgentDays(database), NOON + timedelta(seconds=7)
    for until, states_found in ((8, ["ready"]), (9, ["ready"]), (10, ["ready", "paused"])):
        found = await days.between(since, NOON + timedelta(seconds=until), ANNA.id)
        # Anna is in the log alone: where nothing happens in the time, those who work here are asked for only.
        assert [one.state.value for one in found.get(ANNA.id, ())] == (states_found if until == 10 else [])
    await CatalogueService(StoredCatalogue(database), RULES).import_text(STAFF)
    bert = Agent(AgentId("bert"), "Bert", frozenset(), frozenset(), AgentState.PAUSED, NOON, reason="lunch")
    await written(database, LiveAgent(bert, {}), LiveAgent(replace(bert, state=AgentState.READY, since=since), {}))
    found = await days.between(since, NOON + timedelta(seconds=8))
    assert {agent: [one.state.value for one in entries] for agent, entries in found.items()} == {
        "anna": ["ready"],
        "bert": ["paused", "ready"],
    }
    assert await days.names() == {"anna": "Anna Lindner"}


async def test_calls_are_counted_where_they_were_picked_up_and_missed(database: Database) -> None:
    second = timedelta(seconds=1)
    journal = StoredJournal(database)
    for n, (agent, picked_up) in enumerate([("anna", 1), ("anna", 2), ("bert", 1), ("anna", 99), (None, 0)]):
        at = NOON + picked_up * second
        told = {"agent": agent, "picked_up_at": at, "talked_ms": 1000 * (n + 1)} if agent else {}
        call = a_record(f"c{n}", NOON - second, **told)
        journal.opened(call)
        journal.closed(call)
        if agent:
            journal.talked(CallTalk(**talk(asdict(call))))
    rings = ["anna: no_answer", "cora: rejected", "anna: network_failure", "anna: busy"]
    for n, detail in enumerate(rings, 1):
        journal.noted(TrailEntry(CallId("c4"), n, NOON + second, "missed", detail))
    journal.noted(TrailEntry(CallId("c4"), 9, NOON + 99 * second, "missed", "anna: no_answer"))
    await journal.close()
    days, until = StoredAgentDays(database), NOON + 9 * second
    everybody = {"anna": Tally(2, 3000, 2), "bert": Tally(1, 3000, 0), "cora": Tally(0, 0, 1)}
    assert await days.tallies(NOON, until) == everybody
    assert await days.tallies(NOON, until, ANNA.id) == {"anna": everybody["anna"]}
    assert [(one.call, one.talked_ms) for one in await days.talks(ANNA.id, NOON, until)] == [("c0", 1000), ("c1", 2000)]


async def test_each_agent_has_the_own_talk_of_a_call_and_a_call_is_taken_once(database: Database) -> None:
    """Anna's phone is lost and Ben goes on; then Anna puts a caller through in vain and has him again."""
    second = timedelta(seconds=1)
    lost, vain = (asdict(a_record(call, NOON, agent="ben")) for call in ("lost", "vain"))
    await wrote_talks(
        database,
        talk(lost, agent="anna", began_at=NOON + 3 * second, talked_ms=30_000, waited_ms=3_000, how="phone_lost"),
        talk(lost, n=2, began_at=NOON + 50 * second, talked_ms=20_500, waited_ms=17_000, how="agent_left"),
        talk(vain, agent="anna", began_at=NOON + 90 * second, talked_ms=9_000, waited_ms=1_000, how="put_through"),
        talk(vain, n=2, agent="anna", began_at=NOON + 120 * second, talked_ms=1_000, waited_ms=2_000),
    )
    days, until = StoredAgentDays(database), NOON + 999 * second
    assert await days.tallies(NOON, until) == {"anna": Tally(2, 40_000, 0), "ben": Tally(1, 20_500, 0)}
    assert await days.tallies(NOON + 50 * second, until) == {"anna": Tally(1, 10_000, 0), "ben": Tally(1, 20_500, 0)}
    talks = {agent: await days.talks(AgentId(agent), NOON, until) for agent in ("anna", "ben")}
    assert [(one.call, one.waited_ms, one.talked_ms, one.how, one.n) for one in talks["anna"]] == [
        ("lost", 3_000, 30_000, "phone_lost", 1),
        ("vain", 1_000, 9_000, "put_through", 1),
        ("vain", 2_000, 1_000, "caller_left", 2),
    ]
    assert talks["ben"] == [Talk(CallId("lost"), NOON + 50 * second, 17_000, 20_500, "agent_left", 2)]


async def test_what_was_picked_up_when_the_caller_had_gone_is_no_talk(database: Database) -> None:
    """Cora takes over what Anna's phone has lost, and nobody is there any more."""
    second = timedelta(seconds=1)
    call = asdict(a_record("lost", NOON, agent="anna"))
    await wrote_talks(
        database,
        talk(call, began_at=NOON + second, talked_ms=30_000, how="phone_lost"),
        talk(call, n=2, agent="cora", began_at=NOON + 60 * second, talked_ms=0, how="not_joined"),
        talk(call, n=3, agent="bert", began_at=NOON + 90 * second, talked_ms=5_000, how=None),
    )
    days, until = StoredAgentDays(database), NOON + 999 * second
    assert await days.tallies(NOON, until) == {"anna": Tally(1, 30_000, 0), "bert": Tally(1, 5_000, 0)}
    assert await days.talks(AgentId("cora"), NOON, until) == []
    assert [one.how for one in await days.talks(AgentId("bert"), NOON, until)] == [None]
