"""A person's data goes from what an engine has beside the store, too: while it runs, and when it was killed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from fastapi import FastAPI

from engine.call.state import State
from engine.main import nights, person
from engine.main.client import control_socket
from engine.main.engine import Engine
from engine.main.traces import AskedTraces, RunningTraces
from engine.ports import LiveCall
from engine.service.noticeboard import Noticeboard
from engine.service.talked import Talked
from engine.settings import Settings
from engine.store.database import Database
from engine.store.journal import StoredJournal
from engine.store.schema import upgrade
from engine.terms import AgentId, CallId
from engine.web.control_persons import add_persons
from engine.web.listening import listen_unix
from engine.web.server import serve
from tests.catalogue import service_on
from tests.rules.calls import in_state
from tests.store.test_journal import arrived, note, talked

NUMBER, OTHER = "+491713920077", "+4930555"
WAYS = frozenset({NUMBER, "01713920077"})
CUSTOMERS = """
tariffs: [{name: day, hours: {mon-fri: ["08:00-18:00"]}}]
customers: [{number: K1, name: Bäckerei Korn, tariff: day}]
"""
ANNA = AgentId("anna")


def call(id: str, caller: str) -> Any:
    return replace(in_state(State.TALKING), id=CallId(id), caller=caller)


class Running:
    """What of an engine is asked."""

    def __init__(self, journal: StoredJournal) -> None:
        self.journal, self.snapshots_taken = journal, 0
        self.talked = Talked()
        self.exchange = SimpleNamespace(calls={}, floor=SimpleNamespace(talked=self.talked, board=Noticeboard()))
        self.snapshots = SimpleNamespace(take_soon=self._take)

    def _take(self) -> None:
        self.snapshots_taken += 1


async def test_a_running_engine_waits_for_the_call_and_then_forgets_it(database: Database, tmp_path: Path) -> None:
    journal = StoredJournal(database)
    await journal.keep_file(path := tmp_path / "journal")
    engine = Running(journal)
    app = add_persons(FastAPI(), RunningTraces(cast(Engine, engine)))
    serving = asyncio.create_task(serve(app, listen_unix(control_socket(tmp_path))))
    traces = AskedTraces(Settings(home=tmp_path))
    engine.exchange.calls["c1"] = call("c1", "01713920077")
    assert await traces.settle(WAYS)
    mine, other = engine.exchange.calls.pop("c1"), call("c2", OTHER)
    for one in (mine, other):
        engine.talked.over(ANNA, one)
        engine.talked.goes_on(ANNA, one)
    journal.closed(replace(talked(arrived(CallId("c1"))), caller="01713920077"))
    assert not await traces.settle(WAYS)
    await traces.forget(WAYS)
    assert (engine.talked.find(ANNA, mine.id), engine.talked.find(ANNA, other.id)) == (None, other)
    assert engine.talked.last(ANNA) == other and engine.snapshots_taken == 1
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    await journal.close(in_peace=False)
    assert "01713920077" not in path.read_text("utf-8")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home whose engine was killed: one call of the number was over, and not in the store yet; K1's other is."""
    monkeypatch.setenv("VORZIMMER_HOME", str(tmp_path))
    asyncio.run(_killed(tmp_path))
    yield tmp_path


async def _killed(home: Path, live: bool = False) -> None:
    database = Database(f"sqlite:///{home}/vorzimmer.db")
    await upgrade(database)
    await service_on(database).import_text(CUSTOMERS)
    journal = StoredJournal(database)
    await journal.keep_file(home / "run" / "journal")
    journal._writer.cancel()
    journal.opened(replace(arrived(CallId("c1")), caller=NUMBER))
    journal.noted(replace(note(CallId("c1"), 1), what="arrived", detail=f"{NUMBER} for +49301"))
    journal.closed(replace(talked(arrived(CallId("c1"))), caller=NUMBER))
    if live:
        journal.call_stands(LiveCall(call("c2", NUMBER), {}, 0))
    assert journal._file
    journal._file.close()
    await database.close()


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def document(capsys: pytest.CaptureFixture[str]) -> Any:
    """The JSON that was printed; what is logged goes elsewhere only where the program is run as one."""
    text = told(capsys)
    return json.loads(text[text.index("{\n") :])


def test_of_a_killed_engine_it_goes_for_good(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = home / "run" / "journal"
    before = journal.stat().st_mtime_ns
    person.export("0171 3920077")
    (one,) = document(capsys)["calls"]
    assert (one["id"], one["caller"], len(one["trail"])) == ("c1", NUMBER, 1)
    person.delete("0171 3920077")
    said = told(capsys)
    assert "Nothing was deleted: add --yes to do so." in said and "Calls, with what happened in them" in said
    person.delete("0171 3920077", yes=True)
    assert "Deleted. Case " in told(capsys)
    assert NUMBER not in journal.read_text("utf-8")
    assert journal.stat().st_mtime_ns == before, "when the engine gave its last sign of life is still known"
    person.export(NUMBER)
    assert document(capsys)["calls"] == []


def test_a_call_that_the_next_engine_goes_on_with_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VORZIMMER_HOME", str(tmp_path))
    asyncio.run(_killed(tmp_path, live=True))
    with pytest.raises(SystemExit):
        person.delete(NUMBER, yes=True)
    assert "a call of this number is going on: try again when it is over" in capsys.readouterr().err
    assert NUMBER in (tmp_path / "run" / "journal").read_text("utf-8")


def test_what_the_command_line_refuses(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, customer, said in (
        ("anonymous", None, "nothing can be found by a hidden number"),
        ("Eva", None, "'Eva' is not a telephone number"),
        (NUMBER, "K9", "there is no customer K9"),
    ):
        with pytest.raises(SystemExit):
            person.export(number, customer=customer)
        assert said in capsys.readouterr().err
    nights.retention()
    assert "Nothing was forgotten yet" in told(capsys)
