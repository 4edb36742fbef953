"""After the switch was out of reach: what it still has of ended calls is taken down, and nobody pays for the gap."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from engine.acd.agents import AcdSettings
from engine.call import events as e
from engine.call.state import State
from engine.main.engine import Engine
from engine.ports import AgentProfile
from engine.service.admission import Admission
from engine.service.clock import SteadyClock
from engine.service.exchange import Exchange
from engine.settings import Settings
from engine.terms import AgentId, AgentState, CallId, HangupCause
from engine.transfer.plan import Kind
from pbx.ari import Response
from pbx.ari.model import Bridge, Channel
from tests.pbx.test_reconcile import bridge, channel
from tests.rules.calls import LEG, NOON, OUT, found, order
from tests.rules.world import World
from tests.service.test_stopping import Silent


class Switch(Silent):
    """A switch that has these channels and bridges."""

    def __init__(self, channels: list[Channel], bridges: list[Bridge]) -> None:
        super().__init__()
        self._has = {"/channels": channels, "/bridges": bridges}

    async def get(self, uri: str) -> Response:
        return Response(200, "OK", msgspec.json.encode(self._has[uri]))


@pytest.mark.parametrize("ends", [[e.CallerGone(), e.LegEnded(LEG)], [e.LegEnded(LEG), e.CallerGone()]])
def test_the_time_without_a_switch_is_not_charged(ends: list[e.Event]) -> None:
    world = World()
    exchange = Exchange(world, world, world, world, AcdSettings(), lambda *_: None)
    exchange.staff([AgentProfile(AgentId("anna"), "Anna", frozenset(), frozenset(), AgentState.READY)])
    exchange.offered(e.Offered(CallId("call"), "030123450", "+49171", None, NOON))
    for word in (found(), e.LegAnswered(LEG), e.CallerAnswered()):
        exchange.tell(CallId("call"), word)
    world.time += timedelta(seconds=30)
    exchange.switch_lost()
    world.time += timedelta(seconds=600)
    exchange.switch_lost()  # lost once more before everything was asked
    for event in ends:
        exchange.tell(CallId("call"), event)
    exchange.switch_back()
    record = world.closed_calls[CallId("call")]
    assert (record.outcome, record.charged_seconds, record.charged_minutes) == ("answered", 31, 1)


def test_nobody_pays_for_a_target_whom_nobody_has_heard() -> None:
    """Put through; the target hangs up at some time while the switch cannot be reached."""
    world = World()
    exchange = Exchange(world, world, world, world, AcdSettings(), lambda *_: None)
    exchange.staff([AgentProfile(AgentId("anna"), "Anna", frozenset(), frozenset(), AgentState.READY)])
    exchange.offered(e.Offered(CallId("call"), "030123450", "+49171", None, NOON))
    for word in (found(), e.LegAnswered(LEG), e.CallerAnswered(), order(Kind.BLIND), e.TargetAnswered(OUT)):
        exchange.tell(CallId("call"), word)
    world.time += timedelta(seconds=30)
    exchange.switch_lost()
    world.time += timedelta(seconds=600)
    for event in (e.LegEnded(LEG), e.TargetEnded(OUT), e.CallerGone()):
        exchange.tell(CallId("call"), event)
    exchange.switch_back()
    assert 30_000 <= world.closed_calls[CallId("call")].transferred_ms < 31_000


def test_an_agent_whose_ring_was_lost_with_the_link_is_rung_again_at_once() -> None:
    world = World()
    exchange = Exchange(world, world, world, world, AcdSettings(reject_delay=5.0), lambda *_: None)
    exchange.staff([AgentProfile(AgentId("anna"), "Anna", frozenset(), frozenset(), AgentState.READY)])
    exchange.offered(e.Offered(CallId("call"), "030123450", "+49171", None, NOON))
    exchange.tell(CallId("call"), found())
    exchange.switch_lost()
    exchange.tell(CallId("call"), e.LegEnded(LEG, HangupCause.TEMPORARY_FAILURE))
    assert exchange.calls[CallId("call")].state is State.WAITING
    exchange.switch_back()
    assert (exchange.calls[CallId("call")].state, exchange.calls[CallId("call")].legs) == (State.RINGING, 2)


async def test_what_is_left_of_ended_calls_is_taken_down_and_the_others_are_served() -> None:
    left = [channel("ear-c2-5-leg", "Up"), channel("ear-c2-5-snoop", "Up")]
    world: Any = Switch(
        [channel("c1"), channel("c2"), channel("c1-leg-1", "Up"), *left],
        [bridge("c1-bridge", "c1-leg-1"), bridge("c2-bridge"), bridge("ear-c2-5-bridge")],
    )
    engine = Engine(Settings(), world, world, Admission(world, SteadyClock()))
    engine.link = engine.performer.link = world
    for n in (1, 2):
        now = engine.clock.now()
        engine.exchange.offered(e.Offered(CallId(f"c{n}"), "030123450", "+49171", None, now, n))
        engine.exchange.tell(CallId(f"c{n}"), found())
    engine.exchange.tell(CallId("c1"), e.CallerGone())
    engine._down()
    world.ordered.clear()
    await engine._up(world)
    await engine.wait_until_served()
    assert world.ordered == [
        "DELETE /channels/c1 34",
        "DELETE /channels/c1-leg-1 16",
        "DELETE /channels/ear-c2-5-leg 16",
        "DELETE /channels/ear-c2-5-snoop 16",
        "DELETE /bridges/c1-bridge",
        "DELETE /bridges/ear-c2-5-bridge",
        "POST /channels/c2/moh",
        "POST /asterisk/variable",
    ]
    assert (engine.ready, list(engine.exchange.calls)) == (True, ["c2"])
    engine.timers.stop_all("c2")
