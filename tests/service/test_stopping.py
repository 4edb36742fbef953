"""How the engine stops: every call gets its record, nobody is rung any more, and a second Ctrl-C breaks nothing off."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.call import events as e
from engine.law.listening import MayListen
from engine.main import engine as module
from engine.main.engine import Engine
from engine.main.run import until_signal
from engine.ports import AgentProfile, CallAttempt, CallRecord
from engine.service.admission import Admission
from engine.service.clock import SteadyClock
from engine.settings import Settings
from engine.terms import AgentId, AgentState, CallId, LegId
from tests.rules.calls import found, plan


class Silent:
    """A switch that takes every order and says nothing; a journal that keeps the records; nobody's store."""

    def __init__(self) -> None:
        self.ordered: list[str] = []
        self.closed_calls: list[CallRecord] = []

    def send(self, method: str, uri: str, query: Any = None, *_: Any, **__: Any) -> None:
        self.ordered.append(f"{method} {uri} {(query or {}).get('reason_code', '')}".rstrip())

    def tried(self, attempt: CallAttempt) -> None:
        pass

    def closed(self, record: CallRecord) -> None:
        self.closed_calls.append(record)

    def opened(self, *_: Any) -> None: ...

    noted = talked = agent_state = call_stands = agent_stands = opened

    async def profiles(self) -> Sequence[AgentProfile]:
        return []


async def test_calls_that_the_switch_leaves_unfinished_get_their_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GOODBYE_SECONDS", 0.01)
    world: Any = Silent()
    engine = Engine(Settings(), world, world, Admission(world, SteadyClock()))
    engine.link = engine.performer.link = world
    anna = AgentProfile(AgentId("anna"), "Anna", frozenset(), frozenset(), AgentState.READY)
    engine.exchange.staff([anna])
    for n in (1, 2):
        engine.exchange.offered(e.Offered(CallId(f"c{n}"), "030123450", "+49171", None, datetime.now(UTC), n))
        engine.exchange.tell(CallId(f"c{n}"), found())
    engine.exchange.tell(CallId("c1"), e.LegAnswered(LegId("c1-leg-1")))
    engine.exchange.tell(CallId("c1"), e.CallerAnswered())
    world.ordered.clear()
    await engine.say_goodbye()
    assert [(call.id, call.outcome) for call in world.closed_calls] == [("c1", "answered"), ("c2", "abandoned")]
    assert world.ordered == [
        "DELETE /channels/c1 16",
        "DELETE /channels/c2 34",
        "DELETE /bridges/c1-bridge",
        "DELETE /channels/c1-leg-1 16",
    ], "and Anna's phone does not ring for the second"
    assert (len(engine.exchange.calls), len(engine.timers)) == (0, 0)


async def test_who_listens_in_is_hung_up_on_first_and_left_where_the_switch_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "GOODBYE_SECONDS", 0.01)
    world: Any = Silent()
    engine = Engine(Settings(listening_in=True), world, world, Admission(world, SteadyClock()))
    engine.link = engine.performer.link = world
    engine._synchronised.set()
    anna = AgentProfile(AgentId("anna"), "Anna", frozenset(), frozenset(), AgentState.READY)
    sarah = AgentProfile(AgentId("sarah"), "Sarah", frozenset(), frozenset(), AgentState.PAUSED)
    engine.exchange.staff([anna, sarah])
    engine.exchange.offered(e.Offered(CallId("c1"), "030123450", "+49171", None, datetime.now(UTC)))
    agreed = found(replace(plan(), may_listen=MayListen.YES))
    for event in (agreed, e.LegAnswered(LegId("c1-leg-1")), e.CallerAnswered()):
        engine.exchange.tell(CallId("c1"), event)
    await engine.listening.listen(sarah.id, anna.id, "sarah")
    world.ordered.clear()
    await engine.say_goodbye()
    assert [order.split("-")[0] for order in world.ordered] == [
        "DELETE /channels/ear", "DELETE /channels/c1 16", "DELETE /bridges/c1", "DELETE /channels/c1",
    ]  # fmt: skip
    assert (engine.listening.live, engine.exchange.calls) == ({}, {})


async def test_a_second_ctrl_c_does_not_break_the_end_off() -> None:
    steps: list[str] = []

    async def work() -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.Event().wait()
        finally:
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(0.01)
            steps.append("everything has ended")

    async with asyncio.timeout(5):
        await until_signal(work())
    assert steps == ["everything has ended"]
