"""What agents became is written down once, in order, and by whichever engine; what is too old is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.acd.agents import Agent
from engine.ports import LiveAgent
from engine.store.agent_days import StoredAgentDays
from engine.store.database import Database
from engine.store.journal import StoredJournal
from engine.terms import AgentId, AgentState

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
ALWAYS = (NOON - timedelta(days=1), NOON + timedelta(days=1))
ANNA = Agent(AgentId("anna"), "Anna", frozenset(), frozenset(), AgentState.READY, NOON)


def became(state: AgentState, seconds: float, reason: str | None = None) -> LiveAgent:
    """Anna, so many seconds past noon."""
    return LiveAgent(replace(ANNA, state=state, since=NOON + timedelta(seconds=seconds), reason=reason), {})


async def log(database: Database) -> list[tuple[str, str | None, float]]:
    """What Anna became, why, and how many seconds past noon."""
    entries = await StoredAgentDays(database).between(*ALWAYS)
    assert {entry.agent for entry in entries} <= {"anna"}
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
