"""§2.2: first come, first served; longest idle first; skills, groups and overflow. Pairs in full lists."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.acd.agents import Agent
from engine.acd.match import agent_for, caller_for, could_ever_answer
from engine.acd.need import Circle, Need
from engine.acd.waiting import RETURNED, Line
from engine.terms import AgentId, AgentState, CallId, Group, Skill
from tests.rules.calls import NOON

GERMAN, ENGLISH, TEAM1 = Skill("german"), Skill("english"), Group("team1")


def agent(login: str, idle: float = 0, skills: set[Skill] | None = None, groups: set[Group] | None = None) -> Agent:
    """An agent who has been idle for so many seconds."""
    made = Agent(AgentId(login), login, frozenset(skills or ()), frozenset(groups or ()))
    made.wishes(AgentState.READY, None, NOON - timedelta(seconds=idle))
    return made


def line(*needs: Need) -> Line:
    """Callers `1`, `2`, … in the order of arrival."""
    made = Line()
    for n, need in enumerate(needs, start=1):
        made.join((NOON + timedelta(seconds=n), n, str(n)), CallId(str(n)), need)
    return made


def test_the_longest_idle_agent_gets_the_caller() -> None:
    (caller,) = line(Need())
    chosen = agent_for(caller, [agent("anna", 10), agent("ben", 30), agent("cem", 20)])
    assert chosen and chosen.id == "ben"


def test_all_skills_and_one_of_the_groups_are_wanted() -> None:
    circle = Circle(frozenset({GERMAN, ENGLISH}), frozenset({TEAM1, Group("team2")}))
    (caller,) = line(Need(circle))
    staff = [
        agent("anna", 99, {GERMAN}, {TEAM1}),
        agent("ben", 98, {GERMAN, ENGLISH}),
        agent("cem", 1, {GERMAN, ENGLISH}, {TEAM1}),
    ]
    chosen = agent_for(caller, staff)
    assert chosen and chosen.id == "cem"
    assert agent_for(caller, staff[:2]) is None


def test_the_wider_circle_may_answer_after_the_overflow_time() -> None:
    (caller,) = line(Need(Circle(frozenset({ENGLISH})), 60.0))
    anna = agent("anna")
    assert agent_for(caller, [anna]) is None
    caller.wide = True
    assert agent_for(caller, [anna]) is anna


def test_an_agent_gets_the_first_caller_whom_he_may_answer() -> None:
    callers = line(Need(Circle(frozenset({ENGLISH}))), Need(Circle(frozenset({GERMAN}))), Need())
    waiting = caller_for(agent("anna", skills={GERMAN}), callers)
    assert waiting and waiting.call == "2"


def test_a_caller_for_whom_a_phone_rings_is_passed_over_and_keeps_the_place() -> None:
    callers = line(Need(), Need())
    first, second = callers
    first.offered = True
    assert caller_for(agent("anna"), callers) is second
    assert agent_for(first, [agent("anna")]) is None
    first.offered = False
    assert caller_for(agent("anna"), callers) is first


@pytest.mark.parametrize("state", [AgentState.OFFLINE, AgentState.PAUSED])
def test_who_is_not_ready_gets_nobody(state: AgentState) -> None:
    anna = agent("anna")
    anna.wishes(state, None, NOON)
    assert caller_for(anna, line(Need())) is None
    (caller,) = line(Need())
    assert agent_for(caller, [anna]) is None


def test_a_call_waits_once_and_leaves_once() -> None:
    callers = line(Need())
    with pytest.raises(ValueError, match="call 1 waits already"):
        callers.join((NOON, 1, "1"), CallId("1"), Need())
    assert CallId("1") in callers
    callers.leave(CallId("1"))
    callers.leave(CallId("1"))
    assert (len(callers), callers.get(CallId("1"))) == (0, None)


@given(st.permutations(range(20)), st.sets(st.integers(0, 19)))
def test_the_line_is_in_the_order_of_arrival_whoever_joins_or_leaves(joins: list[int], leavers: set[int]) -> None:
    callers = Line()
    for n in joins:
        callers.join((NOON, n, str(n)), CallId(str(n)), Need())
    for n in leavers:
        callers.leave(CallId(str(n)))
    assert [waiting.place[1] for waiting in callers] == sorted(set(range(20)) - leavers)


def test_a_caller_who_is_moved_to_the_front_is_served_first() -> None:
    callers = line(Need(), Need(), Need())
    callers.move(CallId("3"), callers.front)
    assert [waiting.call for waiting in callers] == ["3", "1", "2"]
    callers.move(CallId("2"), callers.front)
    assert [waiting.call for waiting in callers] == ["2", "3", "1"]
    callers.move(CallId("9"), callers.front)
    callers.leave(CallId("2"))
    assert [waiting.call for waiting in callers] == ["3", "1"]


def test_those_who_come_back_stand_by_arrival_behind_those_who_were_moved() -> None:
    callers = line(Need(), Need())
    callers.move(CallId("2"), callers.front)
    for n in (4, 3):
        callers.join((NOON - timedelta(seconds=n), n, str(n)), CallId(str(n)), Need(), RETURNED)
    assert [waiting.call for waiting in callers] == ["2", "4", "3", "1"]


def test_a_caller_who_is_kept_for_an_agent_is_his_before_all_others_and_nobody_elses() -> None:
    callers = line(Need(), Need(Circle(frozenset({ENGLISH}))))
    first, second = callers
    anna, ben = agent("anna"), agent("ben", 99, {ENGLISH})
    second.kept_for = anna.id
    assert (agent_for(second, [ben]), agent_for(second, [ben, anna])) == (None, anna)
    assert (caller_for(anna, callers), caller_for(ben, callers)) == (second, first)
    second.offered = True
    assert caller_for(anna, callers) is first
    anna.wishes(AgentState.PAUSED, None, NOON)
    second.offered = False
    assert agent_for(second, [ben, anna]) is None


def test_who_could_ever_answer() -> None:
    english = Circle(frozenset({ENGLISH}))
    never, later = line(Need(english), Need(english, 60.0))
    assert [could_ever_answer(agent("anna"), one) for one in (never, later)] == [False, True]
    assert could_ever_answer(agent("ben", skills={ENGLISH}), never)
