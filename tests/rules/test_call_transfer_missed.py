"""Putting through while nobody listened: who has left meanwhile, and since when it counts (§2.3)."""

from __future__ import annotations

import pytest

from engine.acd.waiting import RETURNED
from engine.call import commands as c
from engine.call import events as e
from engine.call.state import Call, State, TalkEnd
from engine.terms import HangupCause
from engine.transfer.plan import Result
from tests.rules.calls import AGENT, LEG, OUT, in_state, then

LOST, LATE = 10.0, 600.0
"""Seconds after noon at which the switch was lost, and for how long."""
FAILED = HangupCause.TEMPORARY_FAILURE
BOTH = e.LegEnded(LEG, FAILED, LATE, with_target=True)


def ended(call: Call) -> tuple[Result, int]:
    """What the target's leg has come to, and the milliseconds with the caller."""
    return call.attempts[-1].result, call.transferred_ms


def test_a_target_who_is_joined_after_an_outage_talks_from_then_on() -> None:
    call, _ = then(in_state(State.CONSULTING), e.LegEnded(LEG, FAILED, LATE), LOST)
    assert call.state is State.PUT_THROUGH
    call, _ = then(call, e.TargetEnded(OUT), LOST + LATE + 20)
    assert ended(call) == (Result.PUT_THROUGH, 20_000)
    assert call.connected_ms == 7_000, "picked up in the 3rd second, and nobody pays for the outage"


def test_the_next_target_is_dialled_when_it_is_known_that_the_first_one_is_gone() -> None:
    call, _ = then(in_state(State.FORWARDING), e.TargetEnded(OUT, FAILED, late=LATE), LOST)
    first, second = call.attempts
    assert first.ended_at
    assert (second.dialled_at - first.ended_at).total_seconds() == LATE


@pytest.mark.parametrize("state", [State.CONSULTING, State.SWAPPED])
def test_agent_and_target_have_left_and_the_caller_is_served_again(state: State) -> None:
    call, orders = then(in_state(state), BOTH, LOST)
    assert (call.state, call.rank, call.leg, call.target) == (State.WAITING, RETURNED, None, None)
    assert ended(call) == (Result.SPOKEN, 0)
    assert c.AgentDone(AGENT) in orders
    assert not [order for order in orders if isinstance(order, c.Join)], "there is nobody to talk to"
    assert call.back_at
    assert call.agent_left_at
    assert (call.back_at - call.agent_left_at).total_seconds() == LATE, "the wait begins when it is known"
    assert then(call, e.TargetEnded(OUT, FAILED, late=LATE), LOST) == (call, []), "told with the agent's"


def test_everybody_has_left_a_conference_but_the_caller() -> None:
    call, orders = then(in_state(State.CONFERENCE), BOTH, LOST)
    assert (call.state, call.talks[-1].end) == (State.CLEARING, TalkEnd.PUT_THROUGH)
    assert c.Release(HangupCause.NORMAL) in orders
    assert ended(call)[0] is Result.PUT_THROUGH


def test_the_agent_who_waited_has_left_and_the_target_never_came() -> None:
    call, _ = then(in_state(State.DIALLING), BOTH, LOST)
    assert call.state is State.FORWARDING
    call, orders = then(call, e.TargetEnded(OUT, HangupCause.BUSY, late=LATE), LOST)
    assert call.state is State.FORWARDING
    assert [order.number for order in orders if isinstance(order, c.DialTarget)] == ["+49302"]


def test_an_end_before_the_last_thing_that_is_known_is_none() -> None:
    """What was written last is younger than the sign of life by which the loss is dated."""
    call, _ = then(in_state(State.PUT_THROUGH), e.TargetEnded(OUT, FAILED, late=LATE), 0.0)
    assert ended(call) == (Result.PUT_THROUGH, 0)
    assert call.attempts[-1].ended_at == call.attempts[-1].joined_at
