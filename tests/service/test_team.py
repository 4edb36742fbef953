"""Whom the board shows with whom: the whole team with its calls, which no agent's desk is told of."""

from __future__ import annotations

from engine.main.desks import RunningDesks
from engine.terms import AgentState
from tests.service.supervised import ANNA, BEN, CHIEF, READY, busy_house


def test_the_board_shows_with_whom_each_agent_talks_and_wraps_up() -> None:
    house = busy_house()
    house.becomes(BEN, READY)
    talks, rings, leads = house.chief.staff()
    assert [one.login for one in (talks, rings, leads)] == [ANNA, BEN, CHIEF], "by name"
    assert talks.call and (talks.call.id, talks.call.name, talks.call.caller) == ("c1", "Muster", "+49171")
    assert talks.call.picked_up_at is not None
    assert rings.call and (rings.call.id, rings.call.picked_up_at, leads.call) == ("c2", None, None)
    house.hangs_up(1)
    after = house.chief.staff()[0]
    assert (after.state, after.call and after.call.id) == (AgentState.WRAP_UP, "c1")
    colleagues = RunningDesks(house.exchange).team()
    assert [one.call for one in colleagues] == [None] * 3, "an agent's desk is told of nobody else's"
