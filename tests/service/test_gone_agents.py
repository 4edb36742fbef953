"""An agent is gone without having said so: what becomes of him, of his call, and what is written down."""

from __future__ import annotations

import pytest

from engine.acd.agents import BROWSER_CLOSED, SESSION_OVER, SIGNED_OUT, HeldOff
from engine.service.deadlines import HOLD_OFF, WRAP_UP, timer_owner
from engine.terms import AgentId, AgentState
from tests.service.supervised import ANNA, BEN, OFFLINE, PAUSED, READY, House, busy_house

GONE = (OFFLINE, BROWSER_CLOSED)


def test_who_is_ready_and_gone_is_signed_off_and_nobody_is_kept_for_him() -> None:
    house = House()
    house.exchange.agent_leaves(ANNA, BROWSER_CLOSED)
    house.arrives(1)
    assert (house.state(ANNA), house.rings()) == (GONE, {})
    shown = house.chief.agent(ANNA)
    assert shown and (shown.state, shown.reason) == GONE
    house.exchange.agent_leaves(ANNA, SIGNED_OUT)
    assert house.state(ANNA) == GONE, "he was gone already"
    house.becomes(ANNA, READY)
    assert (house.state(ANNA)[0], house.rings()) == (AgentState.RINGING, {"c1": ANNA})


def test_who_talks_is_signed_off_after_the_talk() -> None:
    house = busy_house()
    house.exchange.agent_leaves(ANNA, SIGNED_OUT)
    house.exchange.agent_leaves(ANNA, SESSION_OVER)
    shown = house.chief.agent(ANNA)
    assert shown and (shown.state, shown.wish) == (AgentState.TALKING, OFFLINE)
    house.hangs_up(1)
    assert (house.state(ANNA), house.rings()) == ((OFFLINE, SIGNED_OUT), {})


@pytest.mark.parametrize("is_back", [True, False])
def test_who_is_in_wrap_up_has_its_rest(is_back: bool) -> None:
    house = House()
    house.arrives(1)
    house.picks_up(1)
    house.hangs_up(1)
    house.exchange.agent_leaves(ANNA, BROWSER_CLOSED)
    assert house.state(ANNA)[0] is AgentState.WRAP_UP
    if is_back:
        house.becomes(ANNA, READY)
        house.arrives(2)
        house.picks_up(2)
        house.hangs_up(2)
    house.exchange.timer_fired(timer_owner(ANNA), WRAP_UP)
    assert house.state(ANNA) == ((READY, None) if is_back else GONE)


def test_why_is_known_to_the_next_engine_and_to_who_reads_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    house, said = House(), list[tuple[object, ...]]()
    monkeypatch.setattr(house.world, "agent_state", lambda *told: said.append(told))
    house.becomes(BEN, PAUSED)
    house.exchange.agent_leaves(ANNA, BROWSER_CLOSED)
    house.exchange.agent_leaves(BEN, SESSION_OVER)
    house.exchange.agent_leaves(AgentId("nobody"), SESSION_OVER)
    assert said[-2:] == [(ANNA, *GONE), (BEN, OFFLINE, SESSION_OVER)]
    house.is_killed()
    assert (house.state(ANNA), house.state(BEN)) == (GONE, (OFFLINE, SESSION_OVER))


def test_who_says_it_himself_gives_no_reason() -> None:
    house = House()
    house.exchange.set_agent(ANNA, OFFLINE, "tired")
    assert house.state(ANNA) == (OFFLINE, None)


def test_who_did_not_pick_up_is_left_alone_and_everybody_sees_why_and_until_when() -> None:
    house = House()
    house.arrives(1)
    house.misses(1)
    shown = house.chief.agent(ANNA)
    assert shown and shown.held_off_until
    assert (shown.state, shown.why_held_off) == (READY, HeldOff.MISSED)
    assert (shown.held_off_until - house.world.time).total_seconds() == pytest.approx(5.0, abs=0.5)
    house.exchange.timer_fired(timer_owner(ANNA), HOLD_OFF)
    ringing = house.chief.agent(ANNA)
    assert ringing
    assert (ringing.state, ringing.held_off_until, ringing.why_held_off) == (AgentState.RINGING, None, None)
    house.picks_up(1)
    house.exchange.phone_lost(ANNA)
    lost = house.chief.agent(ANNA)
    assert lost and lost.held_off_until
    assert lost.why_held_off is HeldOff.LOST
    house.exchange.phone_reachable(ANNA, False)
    house.exchange.phone_reachable(ANNA, True)
    again = house.chief.agent(ANNA)
    assert again and (again.held_off_until, again.why_held_off) == (None, None)
