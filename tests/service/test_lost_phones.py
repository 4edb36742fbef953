"""An agent's phone is lost in a talk: what the floor, the desks and the next engine make of it."""

from __future__ import annotations

import pytest

from engine.acd.waiting import RETURNED
from engine.call import events as e
from engine.service.deadlines import HOLD_OFF, timer_owner
from engine.terms import AgentId, AgentState, CallId
from tests.service.supervised import ANNA, BEN, READY, House, busy_house


def test_a_caller_whose_agents_phone_is_lost_is_the_next_one_and_the_desk_keeps_the_call() -> None:
    house = busy_house()
    house.exchange.phone_lost(ANNA)
    assert house.line() == ["c1", "c2", "c3", "c4"]
    (first, *_) = house.chief.waiting()
    assert (first.to_front, first.call.picked_up_at) == (True, None)
    back = house.exchange.calls[CallId("c1")].back_at
    assert back
    assert first.call.waits_since == back != first.call.arrived_at, "a wait of its own, without the talk"
    assert (house.chief.line().waiting, house.chief.line().first_since) == (4, back), "the others come in later"
    assert first.max_wait == pytest.approx(60.0, abs=1.0), "two minutes from now, and the call came in a minute's time"
    agent = house.chief.agent(ANNA)
    assert agent
    assert agent.call
    assert (agent.state, agent.call.id, agent.call.ended_at is not None) == (READY, "c1", True)
    assert house.rings() == {}, "a phone that is gone is not rung"
    house.exchange.phone_lost(ANNA)
    house.exchange.phone_lost(BEN)
    house.exchange.phone_lost(AgentId("cem"))
    assert house.trail(1) == ["picked_up anna", "agent_lost anna"]
    house.becomes(BEN, READY)
    assert house.rings() == {"c1": BEN}
    ringing = house.chief.agent(BEN)
    assert ringing
    assert ringing.call
    assert (ringing.call.id, ringing.call.picked_up_at) == ("c1", None)
    house.picks_up(1)
    assert house.chief.call(ANNA, CallId("c1")) == agent.call, "what the other agent does is not shown"
    talking = house.chief.call(BEN, CallId("c1"))
    assert talking
    assert talking.picked_up_at
    assert agent.call.ended_at
    assert talking.picked_up_at > agent.call.ended_at
    (before,) = talking.before
    assert (before, before.name, before.how) == (ringing.call.before[0], "Anna", "phone_lost")
    assert (ringing.call.back_at, talking.back_at) == (back, None)
    assert (before.began_at, before.ended_at) == (agent.call.picked_up_at, agent.call.ended_at)
    assert agent.call.before == ()
    house.exchange.timer_fired(timer_owner(ANNA), HOLD_OFF)
    assert house.rings() == {"c2": ANNA}
    assert house.exchange.calls[CallId("c1")].rank == RETURNED


def test_a_phone_that_is_back_is_rung_at_once() -> None:
    house = busy_house()
    house.exchange.phone_reachable(ANNA, False)
    house.exchange.phone_lost(ANNA)
    assert house.rings() == {}
    house.exchange.phone_reachable(ANNA, True)
    assert house.rings() == {"c1": ANNA}
    house.misses(1)
    assert house.rings() == {}, "who does not pick up is left alone as ever"


def test_a_returned_caller_goes_on_with_the_next_engine() -> None:
    house = busy_house()
    house.exchange.phone_lost(ANNA)
    house.becomes(BEN, READY)
    house.is_killed()
    assert house.line() == ["c1", "c2", "c3", "c4"]
    assert house.rings() == {"c1": BEN}
    assert house.state(BEN)[0] is AgentState.RINGING


def test_while_the_switch_cannot_be_reached_a_lost_phone_changes_nothing() -> None:
    house = busy_house()
    house.exchange.switch_lost()
    house.exchange.phone_lost(ANNA)
    assert house.exchange.calls[CallId("c1")].state == "talking"
    house.exchange.switch_back()
    house.exchange.phone_lost(ANNA)
    assert house.line()[0] == "c1"


def test_a_phone_that_only_rings_is_not_lost_but_missed() -> None:
    house = House()
    house.arrives(1)
    house.exchange.phone_lost(ANNA)
    assert house.rings() == {"c1": ANNA}


def test_a_killed_engine_neither_loses_nor_doubles_a_talk() -> None:
    house = busy_house()
    house.exchange.phone_lost(ANNA)
    house.is_killed()
    house.becomes(BEN, READY)
    house.picks_up(1)
    house.is_killed()
    talking = house.chief.call(BEN, CallId("c1"))
    assert talking
    assert [one.name for one in talking.before] == ["Anna"]
    house.exchange.tell(CallId("c1"), e.CallerGone())
    house.exchange.tell(CallId("c1"), e.LegEnded(house.leg(1)))
    record = house.world.closed_calls[CallId("c1")]
    talks = [talk for talk in house.world.talks.values() if talk.call == "c1"]
    assert [(talk.n, talk.agent, talk.how) for talk in talks] == [(1, ANNA, "phone_lost"), (2, BEN, "caller_left")]
    assert sum(talk.talked_ms for talk in talks) == record.talked_ms > 0
