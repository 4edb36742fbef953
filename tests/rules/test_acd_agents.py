"""An agent's day: ready, ringing, talking, wrap-up, paused; missed calls; wishes while busy."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from engine.acd.agents import AUTO_PAUSE, AcdSettings, Agent
from engine.terms import AgentId, AgentState, CallId, HangupCause
from tests.rules.calls import NOON

CALL = CallId("call")
SETTINGS = AcdSettings(wrap_up=10.0, no_answer_delay=7.0, reject_delay=3.0, auto_pause_after=2)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def ready_agent() -> Agent:
    agent = Agent(AgentId("anna"), "Anna", frozenset(), frozenset())
    agent.wishes(AgentState.READY, None, NOON)
    return agent


def talking_agent() -> Agent:
    agent = ready_agent()
    agent.rings(CALL, later(1))
    agent.talks(later(2))
    return agent


def test_a_new_agent_is_offline_and_not_rung() -> None:
    agent = Agent(AgentId("anna"), "Anna", frozenset(), frozenset())
    assert (agent.state, agent.free) == (AgentState.OFFLINE, False)
    with pytest.raises(ValueError, match="agent anna is offline and cannot be rung"):
        agent.rings(CALL, NOON)


@pytest.mark.parametrize(("reachable", "free"), [(True, True), (None, True), (False, False)])
def test_who_is_known_to_have_no_phone_is_not_rung(reachable: bool | None, free: bool) -> None:
    agent = ready_agent()
    agent.reachable = reachable
    assert (agent.state, agent.free) == (AgentState.READY, free)


def test_whose_phone_is_in_use_for_something_else_is_not_rung() -> None:
    agent = ready_agent()
    agent.engaged = True
    assert (agent.state, agent.free) == (AgentState.READY, False)
    agent.engaged = False
    assert agent.free


def test_ready_ringing_talking_wrap_up_ready() -> None:
    agent = talking_agent()
    assert (agent.state, agent.call, agent.since, agent.free) == (AgentState.TALKING, CALL, later(2), False)
    assert agent.done(SETTINGS, later(30)) == 10.0
    assert (agent.state, agent.call, agent.idle_since, agent.free) == (
        AgentState.WRAP_UP,
        None,
        later(30),
        False,
    )
    agent.wrapped_up(later(40))
    assert (agent.state, agent.since, agent.idle_since, agent.free) == (
        AgentState.READY,
        later(40),
        later(40),
        True,
    )


def test_without_wrap_up_the_agent_is_free_at_once() -> None:
    agent = talking_agent()
    assert agent.done(AcdSettings(), later(30)) == 0.0
    assert agent.free


def test_wrap_up_ends_by_the_agents_own_wish() -> None:
    agent = talking_agent()
    agent.done(SETTINGS, later(30))
    agent.wishes(AgentState.READY, None, later(31))
    assert (agent.state, agent.idle_since) == (AgentState.READY, later(31))
    agent.wrapped_up(later(40))
    assert agent.idle_since == later(31), "the timer of a wrap-up that was ended changes nothing"


@pytest.mark.parametrize(("cause", "delay"), [(HangupCause.NO_ANSWER, 7.0), (HangupCause.BUSY, 3.0)])
def test_who_misses_a_call_is_left_alone_for_a_moment(cause: HangupCause, delay: float) -> None:
    agent = ready_agent()
    agent.rings(CALL, later(1))
    assert agent.misses(cause, SETTINGS, later(21)) == delay
    assert (agent.state, agent.missed, agent.free, agent.idle_since) == (
        AgentState.READY,
        1,
        False,
        later(21),
    )


def test_who_misses_too_many_in_a_row_is_paused() -> None:
    agent = ready_agent()
    delays = []
    for n in (1, 2):
        agent.held_off = False
        agent.rings(CALL, later(n))
        delays.append(agent.misses(HangupCause.NO_ANSWER, SETTINGS, later(n)))
    assert delays == [7.0, 0.0]
    assert (agent.state, agent.reason) == (AgentState.PAUSED, AUTO_PAUSE)
    agent.wishes(AgentState.READY, None, later(60))
    assert (agent.missed, agent.free) == (0, True)


def test_a_fault_of_ours_is_not_counted_against_the_agent() -> None:
    agent = ready_agent()
    for _ in range(3):
        agent.held_off = False
        agent.rings(CALL, later(1))
        assert agent.misses(HangupCause.NETWORK_FAILURE, SETTINGS, later(1)) == 3.0
    assert (agent.state, agent.missed) == (AgentState.READY, 0)


def test_a_call_taken_ends_the_row_of_missed_ones() -> None:
    agent = ready_agent()
    agent.rings(CALL, later(1))
    agent.misses(HangupCause.NO_ANSWER, SETTINGS, later(1))
    agent.held_off = False
    agent.rings(CALL, later(2))
    agent.talks(later(3))
    assert agent.missed == 0


def test_the_caller_who_hung_up_costs_the_agent_nothing() -> None:
    agent = ready_agent()
    agent.rings(CALL, later(5))
    agent.spared(later(6))
    assert (agent.free, agent.idle_since, agent.missed) == (True, NOON, 0)


@pytest.mark.parametrize("state", [AgentState.PAUSED, AgentState.OFFLINE])
def test_a_pause_wished_for_while_talking_begins_after_the_call(state: AgentState) -> None:
    agent = talking_agent()
    agent.wishes(state, "lunch", later(10))
    assert (agent.state, agent.wish) == (AgentState.TALKING, (state, "lunch" if state == "paused" else None))
    assert agent.done(SETTINGS, later(30)) == 0.0, "no wrap-up before a pause"
    assert (agent.state, agent.reason) == (state, "lunch" if state == "paused" else None)


def test_a_pause_that_is_taken_back_while_talking_leaves_the_wrap_up() -> None:
    agent = talking_agent()
    agent.wishes(AgentState.PAUSED, "lunch", later(10))
    agent.wishes(AgentState.READY, None, later(11))
    assert (agent.state, agent.wish) == (AgentState.TALKING, None)
    assert agent.done(SETTINGS, later(30)) == 10.0
    assert agent.state is AgentState.WRAP_UP


def test_a_pause_ends_wrap_up_at_once() -> None:
    agent = talking_agent()
    agent.done(SETTINGS, later(30))
    agent.wishes(AgentState.PAUSED, "lunch", later(31))
    assert (agent.state, agent.reason, agent.since) == (AgentState.PAUSED, "lunch", later(31))
    agent.wrapped_up(later(40))
    assert agent.state is AgentState.PAUSED


@pytest.mark.parametrize("state", [AgentState.RINGING, AgentState.TALKING, AgentState.WRAP_UP])
def test_states_that_pass_by_themselves_cannot_be_wished_for(state: AgentState) -> None:
    with pytest.raises(ValueError, match=f"can be set to ready, paused or offline, not to {state}"):
        ready_agent().wishes(state, None, NOON)


def test_ready_again_while_ready_keeps_the_longest_idle_time() -> None:
    agent = ready_agent()
    agent.wishes(AgentState.READY, None, later(100))
    assert agent.idle_since == NOON


@pytest.mark.parametrize(("state", "reason"), [(AgentState.PAUSED, "lunch"), (AgentState.OFFLINE, None)])
def test_who_steps_in_for_one_call_is_afterwards_as_before(state: AgentState, reason: str | None) -> None:
    for picks_up in (True, False):
        agent = ready_agent()
        agent.wishes(state, reason, later(1))
        agent.steps_in(later(2))
        agent.rings(CALL, later(2))
        if picks_up:
            agent.talks(later(3))
            assert agent.done(SETTINGS, later(9)) == 0.0
        else:
            assert agent.misses(HangupCause.NO_ANSWER, SETTINGS, later(9)) == 0.0
        assert (agent.state, agent.reason, agent.wish) == (state, reason, None)


def test_who_steps_in_during_wrap_up_or_when_left_alone_wraps_up_afterwards() -> None:
    agent = talking_agent()
    agent.done(SETTINGS, later(30))
    agent.steps_in(later(31))
    assert (agent.state, agent.free, agent.idle_since) == (AgentState.READY, True, later(30))
    agent.rings(CALL, later(31))
    assert agent.misses(HangupCause.NO_ANSWER, SETTINGS, later(40)) == 7.0
    agent.steps_in(later(41))
    assert agent.free
    agent.rings(CALL, later(41))
    agent.talks(later(42))
    assert agent.done(SETTINGS, later(50)) == 10.0


def test_nobody_steps_in_during_a_call() -> None:
    with pytest.raises(ValueError, match="anna is talking and has a call"):
        talking_agent().steps_in(later(3))


def test_whose_phone_is_lost_is_left_alone_for_a_while_and_has_missed_nothing() -> None:
    agent = talking_agent()
    assert agent.lost(SETTINGS, later(30)) == 30.0
    assert (agent.state, agent.free, agent.call, agent.missed) == (AgentState.READY, False, None, 0)
    agent.held_off = False
    assert (agent.free, agent.idle_since) == (True, later(30))
    writes_long = talking_agent()
    assert writes_long.lost(AcdSettings(wrap_up=90.0), later(30)) == 90.0
    leaves = talking_agent()
    leaves.wishes(AgentState.PAUSED, "lunch", later(3))
    assert (leaves.lost(SETTINGS, later(30)), leaves.state, leaves.reason) == (0.0, AgentState.PAUSED, "lunch")


def test_who_comes_after_the_present_call_and_who_does_not() -> None:
    agent = talking_agent()
    assert agent.comes
    agent.wishes(AgentState.PAUSED, "lunch", later(3))
    assert not agent.comes
    agent = ready_agent()
    agent.reachable = False
    assert not agent.comes
