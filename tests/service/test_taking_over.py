"""The engine takes over what is stored: one time after the other, and all but the switch also where that refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.acd.agents import Agent
from engine.call import events as e
from engine.main.engine import Engine
from engine.main.switchboard import RunningSwitchboard
from engine.ports import AgentProfile, Phone, Trunk
from engine.ports.people import AgentNow, TrunkNow
from engine.service.admission import Admission
from engine.service.clock import SteadyClock
from engine.settings import Settings
from engine.terms import AgentId, AgentState, CallId

ANNA = AgentProfile(AgentId("anna"), "Anna", frozenset(), frozenset(), AgentState.READY)


class Stored:
    """A store with these agents, a journal that forgets, and an Asterisk that takes a moment or refuses."""

    def __init__(self) -> None:
        self.there: list[AgentProfile] = [ANNA]
        self.seen: list[str] = []
        self.problem: Exception | None = None
        self.music = None

    async def profiles(self) -> Sequence[AgentProfile]:
        return list(self.there)

    async def phones(self) -> Sequence[Phone]:
        return []

    async def trunks(self) -> Sequence[Trunk]:
        return [Trunk("carrier")]

    async def reload(self, trunks: Sequence[Trunk], phones: Sequence[Phone]) -> None:
        self.seen.append("begins")
        await asyncio.sleep(0)
        if self.problem:
            raise self.problem
        self.seen.append("ends")

    def opened(self, *_: Any) -> None: ...

    noted = talked = agent_state = call_stands = agent_stands = send = opened


def engine_on(stored: Any) -> Engine:
    """An engine with that store and switch; nothing of it runs."""
    engine = Engine(Settings(), stored, stored, Admission(stored, SteadyClock()))
    engine.process = stored
    return engine


def staff(engine: Engine) -> dict[str, Agent]:
    """Who works there, as the engine knows."""
    return {str(login): agent for login, agent in engine.exchange.floor.agents.items()}


async def test_two_at_once_wait_for_each_other() -> None:
    stored = Stored()
    engine = engine_on(stored)
    await asyncio.gather(engine.reload(), engine.reload())
    assert stored.seen == ["begins", "ends"] * 2


async def test_who_may_answer_counts_also_where_the_switch_refuses() -> None:
    stored = Stored()
    engine = engine_on(stored)
    await engine.reload()
    ben = AgentProfile(AgentId("ben"), "Ben", frozenset(), frozenset(), AgentState.OFFLINE)
    stored.there, stored.problem = [ben], RuntimeError("no switch")
    with pytest.raises(RuntimeError, match="no switch"):
        await RunningSwitchboard(engine).take_over()
    assert list(staff(engine)) == ["ben"]


async def test_what_the_pages_see_of_it() -> None:
    engine = engine_on(Stored())
    board = RunningSwitchboard(engine)
    await board.take_over()
    engine.exchange.phone_reachable(AgentId("anna"), False)
    engine.exchange.offered(e.Offered(CallId("c1"), "030123450", "+49171", None, datetime.now(UTC), 1, trunk="carrier"))
    assert board.agent(AgentId("anna")) == AgentNow(AgentState.READY, None, False)
    assert board.agent(AgentId("ben")) is None
    assert (board.trunk("carrier"), board.trunk("other")) == (TrunkNow(None, 1), TrunkNow(None, 0))
    assert board.is_ours
    assert board.sip_server == ("127.0.0.1", 5060)
    engine.process = None
    assert not board.is_ours
