"""The command line and the running engine, over the real socket: what is asked, what is refused and how it is said."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio

from engine.acd.agents import AcdSettings
from engine.call import events as e
from engine.main.client import NotRunning, ask, control_socket
from engine.main.problem import Problem
from engine.ports import AgentProfile
from engine.service.exchange import Exchange
from engine.terms import AgentId, AgentState, CallId, Skill
from engine.web.control import control_app
from engine.web.listening import listen_unix
from engine.web.server import serve
from tests.rules.calls import NOON, found
from tests.rules.world import World

NOBODY = 65534
ANNA = AgentProfile(AgentId("anna"), "Anna", frozenset({Skill("german")}), frozenset(), AgentState.READY)


@pytest_asyncio.fixture
async def home(tmp_path: Path) -> AsyncIterator[Path]:
    """The home of an engine with one agent, whose phone rings for one call; another call waits."""
    world = World()
    exchange = Exchange(world, world, world, world, AcdSettings(), lambda *_: None)
    exchange.staff([ANNA])
    for n in (1, 2):
        exchange.offered(e.Offered(CallId(f"c{n}"), "030123450", "+49171", None, NOON, n))
        exchange.tell(CallId(f"c{n}"), found())

    def facts() -> dict[str, Any]:
        raise RuntimeError("broken")

    async def reload() -> str:
        raise ValueError("pjsip.conf is no more")

    app = control_app(exchange, world, facts, reload)
    serving = asyncio.create_task(serve(app, listen_unix(control_socket(tmp_path))))
    yield tmp_path
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def test_the_line_and_the_agents(home: Path) -> None:
    waiting = await ask(home, "GET", "/queue")
    assert [(row["place"], row["call"], row["ringing"]) for row in waiting] == [(1, "c1", "anna"), (2, "c2", None)]
    assert [(row["login"], row["state"], row["call"]) for row in await ask(home, "GET", "/agents")] == [
        ("anna", "ringing", "c1")
    ]


async def served(home: Path, call: str, agent: str | None = None, *, now: bool = False) -> Any:
    """`vorzimmer next`, as the engine answers."""
    return await ask(home, "PUT", f"/queue/{call}/order", {"agent": agent, "now": now})


async def test_a_caller_is_served_next(home: Path) -> None:
    assert await served(home, "c2") == {"call": "c2"}
    waiting = await ask(home, "GET", "/queue")
    assert [(row["call"], row["to_front"], row["kept_for"]) for row in waiting] == [
        ("c2", True, None), ("c1", False, None),
    ]  # fmt: skip
    await served(home, "c2", "anna")
    assert [row["kept_for"] for row in await ask(home, "GET", "/queue")] == ["anna", None]


@pytest.mark.parametrize(
    ("call", "agent", "now", "why"),
    [
        ("c9", None, False, "no such caller waits: `vorzimmer queue` lists them"),
        ("c2", "berta", False, "there is no agent berta: `vorzimmer agents` lists them"),
        ("c2", "berta", True, "there is no agent berta: `vorzimmer agents` lists them"),
        ("c2", "anna", True, "anna's phone is in use"),
    ],
)
async def test_an_order_that_cannot_be_carried_out(home: Path, call: str, agent: str, now: bool, why: str) -> None:
    with pytest.raises(Problem) as refused:
        await served(home, call, agent, now=now)
    assert str(refused.value) == why


async def test_an_agent_in_a_call_is_set_after_it(home: Path) -> None:
    said = await ask(home, "PUT", "/agents/anna/state", {"state": "pause", "reason": "lunch"})
    assert said == {"login": "anna", "state": "ringing", "reason": None, "after_the_call": "paused"}


@pytest.mark.parametrize("login", ["berta", "a/b", "a?b", "a#b", "a b", "../x"])
async def test_an_agent_whom_nobody_knows(home: Path, login: str) -> None:
    with pytest.raises(Problem) as refused:
        await ask(home, "PUT", f"/agents/{quote(login, safe='')}/state", {"state": "ready"})
    assert str(refused.value) == f"there is no agent {login}: `vorzimmer agents` lists them"


async def test_what_the_switch_does_not_take(home: Path) -> None:
    with pytest.raises(Problem) as refused:
        await ask(home, "POST", "/reload")
    assert str(refused.value) == "the change is stored, but the switch does not take it: pjsip.conf is no more"


async def test_an_engine_that_fails_is_no_traceback(home: Path) -> None:
    with pytest.raises(Problem) as refused:
        await ask(home, "GET", "/status")
    assert str(refused.value) == f"the engine in {home} answers 500 Internal Server Error: its log says why"


async def test_where_no_engine_runs(tmp_path: Path) -> None:
    with pytest.raises(NotRunning) as refused:
        await ask(tmp_path, "GET", "/status")
    assert str(refused.value) == f"no engine runs in {tmp_path}: start one with `vorzimmer run`"


async def test_an_engine_of_another_account(home: Path) -> None:
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
    else:
        control_socket(home).chmod(0)
    try:
        with pytest.raises(Problem) as refused:
            await ask(home, "GET", "/queue")
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
    assert str(refused.value) == f"{control_socket(home)} belongs to another account: run this as the engine's own"
