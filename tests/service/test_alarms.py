"""Alarms: begun once, ended once, silent about what passes within seconds; and what is an alarm at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from engine.acd.agents import AcdSettings, Agent
from engine.message.states import Means
from engine.ports.outbox import Standing
from engine.service.alarms import Alarm, Alarms, wrong
from engine.service.exchange import Exchange
from engine.service.outbox_figures import OutboxFigures
from engine.service.surroundings import Surroundings
from engine.terms import AgentId, AgentState, CallId
from pbx.ari import Counters
from tests.rules.world import World

LATE = Standing(queued=3, overdue=2)
CALM = Surroundings(ready=True, link=Counters(), monitor="watching", trunks={"carrier": "Registered"})


def quiet_exchange() -> Exchange:
    """No calls, no agents."""
    world = World()
    return Exchange(world, world, world, world, AcdSettings(), lambda *_: None)


def said(alarms: Alarms, *looks: tuple[float, dict[Alarm, str]]) -> list[tuple[Any, ...]]:
    """What was logged over these looks, each with its time."""
    told = []
    for now, found in looks:
        with capture_logs() as lines:
            alarms.judge(found, now)
        told += [(now, line["event"], line["alarm"], line.get("detail")) for line in lines]
    return told


def test_an_alarm_is_said_when_it_has_lasted_and_when_it_is_over() -> None:
    alarms, bad = Alarms(hold=10), {Alarm.TRUNK: "carrier: Rejected"}
    assert said(alarms, (0, bad), (5, bad), (9.9, bad), (10, bad), (11, bad), (60, bad)) == [
        (10, "alarm", "trunk_not_registered", "carrier: Rejected")
    ]
    assert alarms.on == bad
    assert said(alarms, (61, {}), (70, {}), (71, {}), (72, {})) == [(71, "alarm_ended", "trunk_not_registered", None)]
    assert alarms.on == {}


def test_what_comes_and_goes_is_not_said() -> None:
    alarms, bad = Alarms(hold=10), {Alarm.TASKS: "much"}
    assert said(alarms, *((second, bad if second % 8 else {}) for second in range(100))) == []


def test_an_alarm_that_is_on_is_not_over_for_a_moment_without() -> None:
    alarms, bad = Alarms(hold=2), {Alarm.VOICE: "3 calls"}
    assert len(said(alarms, (0, bad), (2, bad), (3, {}), (4, bad), (5, {}), (6, bad))) == 1
    assert said(alarms, (7, {Alarm.VOICE: "4 calls"})) == []
    assert alarms.on == {Alarm.VOICE: "4 calls"}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, {}),
        ({"ready": False}, {Alarm.SWITCH_LINK: "no calls can be taken"}),
        ({"away": frozenset({"b", "a"})}, {Alarm.CARRIER: "does not answer OPTIONS: a, b"}),
        ({"trunks": {"b": "Rejected", "a": "Unregistered"}}, {Alarm.TRUNK: "a: Unregistered, b: Rejected"}),
        ({"tasks_alerted": 1}, {Alarm.TASKS: "1 task processors overloaded, 0 tasks in one"}),
        ({"tasks_longest": 250}, {}),
        ({"tasks_longest": 251}, {Alarm.TASKS: "0 task processors overloaded, 251 tasks in one"}),
        ({"backlog": 200}, {}),
        ({"backlog": 201}, {Alarm.STORE: "201 entries are not in the database yet"}),
        ({"monitor": "away"}, {Alarm.MONITOR: "phones, trunks and voice are not watched (away)"}),
        ({"monitor": "off"}, {}),
        ({"outbox": OutboxFigures(standing={Means.MAIL: Standing(queued=9, failed=9)})}, {}),
        (
            {"outbox": OutboxFigures(standing={Means.SMS: LATE, Means.MAIL: LATE}, missing=(Means.SMS, Means.FAX))},
            {Alarm.OUTBOX: "2 by mail, 2 by sms (not set up: sms)"},
        ),
        ({"outbox": OutboxFigures(pushes_left=lambda: 500)}, {}),
        ({"outbox": OutboxFigures(pushes_left=lambda: 499)}, {Alarm.PUSHOVER: "499 messages are left of this month's"}),
    ],
)
def test_what_is_wrong_around_the_exchange(changes: dict[str, Any], found: dict[Alarm, str]) -> None:
    assert wrong(quiet_exchange(), replace(CALM, **changes)) == found


@pytest.mark.parametrize(
    ("agents", "found"),
    [
        ([(AgentState.READY, False), (AgentState.READY, None)], {}),
        ([(AgentState.READY, False), (AgentState.READY, True)], {}),
        ([(AgentState.OFFLINE, False)], {}),
        (
            [(AgentState.READY, False), (AgentState.READY, False), (AgentState.PAUSED, True)],
            {Alarm.PHONES: "2 agents are ready, and none of their phones is there"},
        ),
    ],
)
def test_agents_without_any_phone(agents: list[tuple[AgentState, bool | None]], found: dict[Alarm, str]) -> None:
    exchange = quiet_exchange()
    for n, (state, reachable) in enumerate(agents):
        login = AgentId(f"a{n}")
        exchange.floor.agents[login] = Agent(login, "A", frozenset(), frozenset(), state, reachable=reachable)
    assert wrong(exchange, CALM) == found


@pytest.mark.parametrize(
    ("jitter", "loss", "round_trip", "bad"),
    [(0.05, 0.02, 0.3, 0), (0.051, 0, None, 1), (0, 0.021, None, 1), (0, 0, 0.301, 1), (0.001, 0.0, None, 0)],
)
def test_a_call_that_goes_badly(jitter: float, loss: float, round_trip: float | None, bad: int) -> None:
    exchange = quiet_exchange()
    voice, call = exchange.figures.voice, CallId("c1")
    voice.measured(call, ("c1", True), 0.001, 0.0, 0.01)
    voice.measured(call, ("c1-leg-1", True), jitter, loss, round_trip)
    voice.measured(call, ("c1", True), 0.001, 0.0, None)
    detail = {Alarm.VOICE: "1 calls with loss, jitter or delay"} if bad else {}
    assert (voice.bad, wrong(exchange, CALM)) == (bad, detail)
    with capture_logs() as lines:
        voice.closed(call)
        voice.closed(call)
    trip = max(10.0, (round_trip or 0) * 1000)
    worst = {"jitter_ms": max(1.0, jitter * 1000), "loss": loss, "round_trip_ms": trip}
    assert lines == [{"event": "voice_was", "log_level": "info", "call": "c1", **worst}]
    assert voice.bad == 0
