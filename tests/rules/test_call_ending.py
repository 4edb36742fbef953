"""The end of a call, whoever ends it: what is ordered, who is free, what is charged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.call import commands as c
from engine.call import events as e
from engine.call.machine import step
from engine.call.state import State
from engine.service.records import record
from engine.terms import HangupCause
from tests.rules.calls import AGENT, LEG, arriving, in_state, plan, told, walk


def test_the_caller_hangs_up_while_the_phone_rings() -> None:
    call, orders = walk(in_state(State.RINGING), e.CallerGone())
    assert told(orders) == [c.LeaveLine(), c.DropLeg(LEG), c.StartTimer(c.Timer.CLEAR, 5.0)]
    call, orders = walk(call, e.LegAnswered(LEG), e.LegEnded(LEG))
    assert (told(orders), call.state) == ([c.AgentSpared(AGENT)], State.ENDED)
    assert (record(call).outcome, record(call).agent, record(call).charged_minutes) == ("abandoned", None, 0)


def test_the_caller_hangs_up_and_is_charged_until_then() -> None:
    call, _ = walk(in_state(State.TALKING), e.CallerAnswered())
    assert call.picked_up_at
    gone_at = call.picked_up_at + timedelta(seconds=60, milliseconds=1)
    call, orders = step(call, e.CallerGone(), gone_at)
    assert told(list(orders)) == [c.Unbridge(), c.DropLeg(LEG), c.StartTimer(c.Timer.CLEAR, 5.0)]
    call, orders = step(call, e.LegEnded(LEG), gone_at + timedelta(seconds=1))
    assert told(list(orders)) == [c.AgentDone(AGENT)]
    final = record(call)
    assert (final.outcome, final.talked_ms, final.charged_seconds, final.charged_minutes) == (
        "answered",
        60001,
        61,
        2,
    )


def test_the_agent_hangs_up_and_is_free_at_once() -> None:
    call, _ = walk(in_state(State.TALKING), e.CallerAnswered())
    call, orders = walk(call, e.LegEnded(LEG))
    assert told(orders) == [
        c.AgentDone(AGENT),
        c.Unbridge(),
        c.Release(HangupCause.NORMAL),
        c.StartTimer(c.Timer.CLEAR, 5.0),
    ]
    call, orders = walk(call, e.CallerGone())
    assert (told(orders), call.state, record(call).agent) == ([], State.ENDED, AGENT)


def test_hung_up_between_pick_up_and_200_costs_nothing() -> None:
    call, _ = walk(in_state(State.TALKING), e.CallerGone(), e.LegEnded(LEG), seconds=10)
    assert (call.state, record(call).charged_minutes, record(call).talked_ms) == (State.ENDED, 0, 0)


def test_a_200_told_after_the_agent_has_left_is_written_down_and_costs_nothing() -> None:
    call, _ = walk(in_state(State.TALKING), e.LegEnded(LEG), seconds=10)
    call, orders = walk(call, e.CallerAnswered(), seconds=11)
    assert orders == [c.Note("200")]
    call, _ = walk(call, e.CallerGone(), seconds=12)
    assert call.answered_at
    assert (call.state, record(call).charged_minutes, record(call).talked_ms) == (State.ENDED, 0, 0)


@pytest.mark.parametrize("order", [c.Answer(), c.Bridge(LEG)])
def test_who_cannot_be_joined_is_released_and_not_charged(order: c.SwitchCommand) -> None:
    call, _ = walk(in_state(State.TALKING), e.CallerAnswered())
    call, orders = walk(call, e.OrderRefused(order, "500"))
    assert told(orders) == [
        c.Unbridge(),
        c.Release(HangupCause.NETWORK_FAILURE),
        c.DropLeg(LEG),
        c.StartTimer(c.Timer.CLEAR, 5.0),
    ]
    call, _ = walk(call, e.CallerGone(), e.LegEnded(LEG))
    assert (record(call).outcome, record(call).charged_minutes) == ("failed", 0)


def test_nobody_stays_stuck_when_the_switch_says_nothing_more() -> None:
    call, orders = walk(in_state(State.CLEARING), e.TimerFired(c.Timer.CLEAR))
    assert (told(orders), call.state) == ([c.DropLeg(LEG), c.AgentDone(AGENT)], State.ENDED)
    refused, _ = walk(arriving(), e.NumberUnknown())
    refused, orders = walk(refused, e.TimerFired(c.Timer.CLEAR))
    assert (told(orders), refused.state) == ([c.Release(HangupCause.UNALLOCATED)], State.ENDED)


def test_the_late_pick_up_of_a_given_up_leg_is_hung_up() -> None:
    call, _ = walk(in_state(State.RINGING), e.TimerFired(c.Timer.RING))
    assert walk(call, e.LegAnswered(LEG)) == (call, [c.DropLeg(LEG), c.Note("late_pick_up", LEG)])
    assert walk(call, e.LegEnded(LEG)) == (call, [])


def test_a_plan_is_only_asked_for_when_the_customer_is_known() -> None:
    with pytest.raises(ValueError, match="has no customer yet"):
        _ = arriving().settings
    assert replace(arriving(), plan=plan()).settings.name == "Muster GmbH"
