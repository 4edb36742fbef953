"""A supervisor's orders in the call machine, in full lists."""

from __future__ import annotations

from engine.call import commands as c
from engine.call import events as e
from engine.call.state import State
from engine.call.steps_supervised import SPARED_REST
from engine.terms import AgentId, LegId
from tests.rules.calls import AGENT, LEG, in_state, walk

BEN = AgentId("ben")


def test_to_the_front_changes_the_place_and_nothing_else() -> None:
    for state in (State.WAITING, State.RINGING):
        before = in_state(state)
        call, orders = walk(before, e.MovedToFront(-2, "chief"))
        assert orders == [c.Note("to_front", "by chief"), c.MoveInLine(-2)]
        assert (call.state, call.rank, call.leg) == (state, -2, before.leg)


def test_a_ring_at_another_phone_is_taken_back_and_its_agent_spared() -> None:
    call, orders = walk(in_state(State.RINGING), e.Assigned(BEN, "chief"))
    assert orders == [
        c.DropLeg(LEG),
        c.StopTimer(c.Timer.RING),
        c.StopTimer(c.Timer.ALERT),
        c.Note("assigned", "ben by chief"),
        c.Note("withdrawn", "agent1"),
        c.KeepFor(BEN),
        c.ReturnToLine(),
        c.AgentSpared(AGENT, SPARED_REST),
    ]
    assert (call.state, call.agent, call.leg, call.music) == (State.WAITING, None, None, True)
    late = walk(call, e.LegAnswered(LEG))
    assert late == (call, [c.DropLeg(LEG), c.Note("late_pick_up", LEG)]), "picked up in the same moment"
    call, _ = walk(call, e.AgentChosen(BEN))
    assert (call.state, call.leg) == (State.RINGING, LegId("call-leg-2"))


def test_the_phone_that_rings_already_goes_on_ringing() -> None:
    call, orders = walk(in_state(State.RINGING), e.Assigned(AGENT, "chief"))
    assert (call.state, call.leg) == (State.RINGING, LEG)
    assert orders == [c.Note("assigned", "agent1 by chief"), c.KeepFor(AGENT)]


def test_that_the_chosen_agent_will_not_come_is_told() -> None:
    call, orders = walk(in_state(State.WAITING), e.Assigned(BEN, "chief"), e.AssignmentLapsed(BEN))
    assert (call, orders) == (in_state(State.WAITING), [c.Note("assignment_lapsed", "ben")])
