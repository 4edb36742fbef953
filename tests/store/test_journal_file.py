"""The journal's file: what a killed engine leaves is taken over, each entry once, each live call as it stood."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from engine.acd.agents import Agent
from engine.call.state import Call, State
from engine.ports import LiveAgent, LiveCall
from engine.store import journal as module
from engine.store import journal_file
from engine.store.agents import StoredAgents
from engine.store.calls import StoredCalls
from engine.store.database import Database
from engine.store.journal import StoredJournal
from engine.store.journal_file import JournalFile, Kept, read
from engine.store.journal_lines import AgentStands, CallStands, Closed, Noted
from engine.terms import AgentId, AgentState, HangupCause, Skill
from tests.catalogue import FIRST, service_on
from tests.rules.calls import NOON, in_state, plan
from tests.store.test_journal import A, B, Moody, arrived, note, talked

CALL = replace(
    Call(A, "030123450", "+49171\N{SNOWMAN}", None, NOON, 7),
    state=State.RINGING,
    plan=plan(),
    cause=HangupCause.BUSY,
    first_media_at=NOON,
)
LIVE = LiveCall(CALL, {"max_wait": NOON + timedelta(seconds=9)}, 5, wide=True)
ANNA = Agent(AgentId("anna"), "Anna", frozenset({Skill("german")}), frozenset(), AgentState.TALKING, NOON)
ANNA_LIVE = LiveAgent(replace(ANNA, wish=(AgentState.PAUSED, "lunch")), {})


@pytest_asyncio.fixture
async def moody(database: Database) -> AsyncIterator[Moody]:
    moody = Moody(database.url.render_as_string(hide_password=False))
    yield moody
    await moody.close()


@asynccontextmanager
async def killed(moody: Moody, path: Path) -> AsyncIterator[StoredJournal]:
    """An engine's journal that ends as by `kill -9`: nothing more reaches the store."""
    journal = StoredJournal(moody, retries=(0.001,))
    await journal.keep_file(path)
    yield journal
    journal._writer.cancel()
    assert journal._file
    journal._file.close()


def test_what_stands_comes_back_as_it_stood(tmp_path: Path) -> None:
    path = tmp_path / "run" / "journal"
    file = JournalFile(path, Kept("one"), [])
    file.add(CallStands(replace(LIVE, entries=1)))
    file.add(CallStands(LIVE))
    file.add(CallStands(replace(LIVE, call=replace(CALL, id=B))))
    file.add(Closed(1, talked(arrived(B))))
    file.add(AgentStands(ANNA_LIVE))
    file.close()
    kept = read(path)
    assert (kept.id, kept.calls, kept.agents) == ("one", {A: LIVE}, {"anna": ANNA_LIVE})
    assert kept.entries == [Closed(1, talked(arrived(B)))]
    assert kept.alive_at is not None and abs(kept.alive_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read(tmp_path / "none").entries == []


def test_an_order_from_before_numbers_had_places_goes_on_as_it_was_listed(tmp_path: Path) -> None:
    through = replace(LIVE, call=in_state(State.DIALLING))
    assert through.call.walk
    line = json.loads(msgspec.json.encode(CallStands(through)))
    order = line["live"]["call"]["walk"]["order"]
    for one in order["targets"]:
        del one["place"]
    del order["allowance"]
    kept = Kept()
    kept.take(json.dumps(line).encode())
    assert kept.calls == {through.call.id: through}
    assert through.call.walk.order.places == (1, 2, 3)


def test_a_torn_line_costs_that_line_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    file = JournalFile(path, Kept("one"), [])
    file.add(Noted(1, note(A, 1)))
    file.close()
    with path.open("ab") as torn:
        torn.write(b'{"is":"noted","n":2,"ent')
    file = JournalFile(path, read(path), read(path).entries)
    file.add(Noted(3, note(A, 3)))
    file.close()
    assert read(path).entries == [Noted(1, note(A, 1)), Noted(3, note(A, 3))]
    path.write_bytes(b'{"is":"file","id":"one"}\n{"is":"noted","n":2,"e\n\n{"is":"call"}\n\xff')
    with capture_logs() as logs:
        assert (read(path).id, read(path).entries) == ("one", [])
    assert [(entry["event"], entry["line"]) for entry in logs[:3]] == [
        ("journal_line_unreadable", 2),
        ("journal_line_unreadable", 4),
        ("journal_line_unreadable", 5),
    ]


async def test_what_the_store_did_not_take_it_takes_after_the_kill_once(moody: Moody, tmp_path: Path) -> None:
    await service_on(moody).import_text(FIRST)
    path = tmp_path / "journal"
    async with killed(moody, path) as journal:
        journal.agent_state(AgentId("agent1"), AgentState.READY, None)
        journal.opened(arrived(A))
        await journal.flush()
        moody.away = True
        journal.closed(talked(arrived(A)))
        journal.noted(note(A, 1))
    moody.away = False
    # Meanwhile somebody sets the agent's state: an entry taken over twice would undo it.
    async with killed(moody, tmp_path / "other") as other:
        other.agent_state(AgentId("agent1"), AgentState.OFFLINE, None)
        await other.flush()
    for _ in range(2):
        async with killed(moody, path) as journal:
            await journal.flush()
        calls = StoredCalls(moody)
        assert [call.record for call in await calls.last(5)] == [talked(arrived(A))]
        assert await calls.trail(A) == [note(A, 1)]
        profiles = {agent.id: agent.state for agent in await StoredAgents(moody).profiles()}
        assert profiles[AgentId("agent1")] is AgentState.OFFLINE
    async with killed(moody, path) as journal:
        assert journal.waiting == 0


async def test_numbers_go_on_so_nothing_new_is_taken_for_something_old(moody: Moody, tmp_path: Path) -> None:
    for n in (1, 2, 3):
        async with killed(moody, tmp_path / "journal") as journal:
            journal.noted(note(A, n))
            await journal.flush()
    assert await StoredCalls(moody).trail(A) == [note(A, n) for n in (1, 2, 3)]


async def test_the_file_is_begun_anew_where_the_store_has_everything(moody: Moody, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    async with killed(moody, path) as journal:
        journal.call_stands(LIVE)
        for n in range(1, module.FILE_LINES + 1):
            journal.noted(note(A, n))
        await journal.flush()
        last = note(A, module.FILE_LINES + 1)
        journal.noted(last)
        await journal.flush()
    kept = read(path)
    assert (path.stat().st_size < 10_000, kept.entries, kept.calls) == (True, [Noted(last.n, last)], {A: LIVE})


def test_of_how_a_call_stood_only_the_last_is_written(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    file = JournalFile(path, Kept("one"), [])
    other = replace(LIVE, call=replace(CALL, id=B))
    for entries in range(1, 50):
        file.add(CallStands(replace(LIVE, entries=entries)))
        file.add(CallStands(other))
    file.add(Closed(1, arrived(B)))
    file.close()
    kept = read(path)
    assert (kept.entries, kept.calls) == ([Closed(1, arrived(B))], {A: replace(LIVE, entries=49)})
    assert path.read_bytes().count(b'"is":"call"') < 50


def test_whatever_is_in_the_file_an_engine_starts(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    file = JournalFile(path, Kept("one"), [])
    file.add(Noted(1, replace(note(A, 1), detail="Muster")))
    file.add(Noted(2, note(A, 2)))
    file.close()
    huge = b'{"is":"noted","n":9223372036854775807,"entry":{}}\n'
    path.write_bytes(path.read_bytes().replace(b"Muster", b"\xffuster") + b"[" * 100_000 + b"\n" + huge)
    with capture_logs() as logs:
        assert read(path).entries == [Noted(2, note(A, 2))]
    assert [entry["event"] for entry in logs] == ["journal_line_unreadable"] * 3
    path.unlink()
    path.mkdir()
    with capture_logs() as logs:
        assert read(path).entries == []
    assert ([entry["event"] for entry in logs], path.exists()) == (["journal_file_unreadable"], False)


async def test_lines_that_a_full_disk_has_swallowed_are_written_again(
    moody: Moody, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, write, full = tmp_path / "journal", journal_file._write, [True]

    def a_disk(fd: int, data: bytes) -> None:
        if full[0]:
            raise OSError(28, "No space left on device")
        write(fd, data)

    async with killed(moody, path) as journal:
        monkeypatch.setattr(journal_file, "_write", a_disk)
        moody.away = True
        journal.call_stands(LIVE)
        journal.closed(talked(arrived(A)))
        async with asyncio.timeout(10):
            while not journal._file or not journal._file.torn:  # noqa: ASYNC110 - a thread does it
                await asyncio.sleep(0.01)
        full[0] = False
        journal.call_stands(replace(LIVE, call=replace(CALL, id=B)))
    kept = read(path)
    assert ([entry.n for entry in kept.entries], list(kept.calls)) == ([1], [B])


async def test_a_call_that_the_store_knows_as_over_does_not_go_on(moody: Moody, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    async with killed(moody, path) as journal:
        journal.closed(talked(arrived(A)))
        await journal.flush()
        journal.call_stands(LIVE)
    journal = StoredJournal(moody)
    assert (await journal.keep_file(path)).calls == {}
    await journal.close()


async def test_an_engine_that_ends_in_peace_leaves_nothing(moody: Moody, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = StoredJournal(moody)
    await journal.keep_file(path)
    journal.opened(arrived(A))
    journal.agent_stands(ANNA_LIVE)
    await journal.close()
    kept = read(path)
    assert (kept.entries, kept.calls, kept.agents) == ([], {}, {})


async def test_a_store_that_is_away_at_the_end_gets_it_at_the_next_start(moody: Moody, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = StoredJournal(moody, retries=(0.001,))
    await journal.keep_file(path)
    moody.away = True
    with capture_logs() as logs:
        journal.opened(arrived(A))
        await journal.close(limit=0.05)
    assert logs[-1] == {
        "event": "journal_closed_with_entries_unwritten",
        "log_level": "error",
        "entries": 1,
    }
    moody.away = False
    async with killed(moody, path) as journal:
        await journal.flush()
    assert [call.record for call in await StoredCalls(moody).last(5)] == [arrived(A)]


async def test_what_the_store_has_stands_in_the_file_no_longer(moody: Moody, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = StoredJournal(moody, retries=(0.001,))
    await journal.keep_file(path)
    journal.opened(replace(arrived(A), caller="+491710000001"))
    journal.call_stands(LIVE)
    journal.closed(replace(talked(arrived(B)), caller="+491710000002"))
    await journal.forget_written()
    journal.noted(note(A, 1))
    await journal.close(in_peace=False)
    kept, text = read(path), path.read_text("utf-8")
    assert "+49171000000" not in text and len(kept.entries) == 1
    assert kept.calls == {A: LIVE}, "a call that goes on is still gone on with"
