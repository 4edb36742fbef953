"""A supervisor's day at the waiting line: who is served next, by whom, and what becomes of an order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.acd.need import Circle, Need
from engine.call import commands as c
from engine.call import events as e
from engine.main.supervision import RunningSupervision
from engine.ports.supervision import Listener, NotDone, Refusal
from engine.service.deadlines import HOLD_OFF, timer_owner
from engine.terms import AgentId, AgentState, CallId, HangupCause, Treatment
from tests.rules.calls import NOON
from tests.service.supervised import ANNA, BEN, CHIEF, ENGLISH, OFFLINE, PAUSED, READY, STAFF, House, busy_house


class Listens:
    """The chief listens to Anna."""

    async def listen(self, supervisor: AgentId, agent: AgentId, by: str) -> None:
        raise NotDone(Refusal.ALREADY)

    def stop_listening(self, supervisor: AgentId) -> None:
        raise NotDone(Refusal.NOT_TALKING)

    def heard_by(self, agent: AgentId) -> AgentId | None:
        return None

    def listeners(self) -> list[Listener]:
        return [Listener(CHIEF, ANNA, CallId("c1"), None)]


def refused(order: object) -> Refusal:
    """Why."""
    with pytest.raises(NotDone) as problem:
        order()  # type: ignore[operator]
    return problem.value.why


def test_the_line_as_the_board_shows_it() -> None:
    house = busy_house()
    house.arrives(5, need=Need(Circle(frozenset({ENGLISH}))), max_wait=None)
    house.becomes(BEN, READY)
    house.exchange.phone_reachable(ANNA, False)
    first, _, _, english = house.chief.waiting()
    assert (first.call.id, first.call.caller, first.call.picked_up_at) == ("c2", "+49172", None)
    assert (first.treatment, first.max_wait, first.to_front, first.kept_for) == (
        Treatment.ANSWERED, 120.0, False, None,
    )  # fmt: skip
    assert (first.rings_at, first.could_answer) == (BEN, 1), "Anna's phone is gone, the chief is not at work"
    assert (english.max_wait, english.could_answer) == (None, 1)
    house.becomes(BEN, OFFLINE)
    house.misses(2)
    assert [one.could_answer for one in house.chief.waiting()] == [0, 0, 0, 0]


def test_the_third_is_moved_to_the_front_and_is_served_first() -> None:
    house = busy_house()
    house.chief.to_front(CallId("c4"), "chief")
    assert house.line() == ["c4", "c2", "c3"]
    assert [one.to_front for one in house.chief.waiting()] == [True, False, False]
    assert house.chief.line().first_since == NOON + timedelta(minutes=2)
    house.chief.to_front(CallId("c3"), "chief")
    assert house.line() == ["c3", "c4", "c2"]
    house.becomes(BEN, READY)
    assert house.rings() == {"c3": BEN}
    house.misses(3)
    assert house.line() == ["c3", "c4", "c2"], "the place is kept"
    assert house.trail(3) == ["to_front by chief"]
    assert refused(lambda: house.chief.to_front(CallId("c1"), "chief")) is Refusal.NOT_WAITING
    assert refused(lambda: house.chief.to_front(CallId("c9"), "chief")) is Refusal.NOT_WAITING


def test_a_caller_is_kept_for_who_is_busy_and_nobody_else_gets_him() -> None:
    house = busy_house()
    house.chief.assign(CallId("c3"), ANNA, "chief")
    house.becomes(BEN, READY)
    assert (house.line(), house.rings()) == (["c2", "c3 anna", "c4"], {"c2": BEN})
    house.picks_up(2)
    house.hangs_up(1)
    house.exchange.end_wrap_up(ANNA)
    assert house.rings() == {"c3": ANNA}
    assert house.trail(3) == ["assigned anna by chief"]


def test_skills_do_not_matter_where_a_supervisor_has_chosen() -> None:
    house = House()
    house.becomes(ANNA, OFFLINE)
    house.arrives(1, need=Need(Circle(frozenset({ENGLISH}))))
    house.becomes(ANNA, READY)
    assert house.rings() == {}
    house.chief.assign(CallId("c1"), ANNA, "chief")
    assert house.rings() == {"c1": ANNA}


@pytest.mark.parametrize("how", ["paused", "offline", "unreachable", "wishes", "leaves", "lost"])
def test_the_caller_is_at_the_old_place_when_the_chosen_agent_goes_away(how: str) -> None:
    house = busy_house()
    house.chief.assign(CallId("c2"), ANNA, "chief")
    house.becomes(BEN, READY)
    assert house.rings() == {"c3": BEN}
    if how in ("paused", "offline"):
        house.hangs_up(1)
        house.becomes(ANNA, PAUSED if how == "paused" else OFFLINE)
    elif how == "unreachable":
        house.exchange.phone_reachable(ANNA, False)
    elif how == "wishes":
        house.becomes(ANNA, PAUSED)
    elif how == "leaves":
        house.exchange.staff(STAFF[1:])
    else:
        house.exchange.phone_lost(ANNA)
    assert [one for one in house.line() if one.startswith("c2")] == ["c2"]
    assert house.trail(2) == ["assigned anna by chief", "assignment_lapsed anna"]
    house.misses(3)
    house.becomes(BEN, READY)
    assert house.rings() == {"c1" if how == "lost" else "c2": BEN}


@pytest.mark.parametrize("cause", [None, HangupCause.REJECTED])
def test_who_misses_or_rejects_the_caller_that_was_meant_for_him_does_not_keep_him(cause: HangupCause | None) -> None:
    house = House()
    house.becomes(BEN, READY)
    house.chief.wish(ANNA, OFFLINE)
    house.arrives(1)
    house.picks_up(1)
    house.arrives(2)
    house.becomes(ANNA, READY)
    house.misses(2)
    house.chief.assign(CallId("c2"), BEN, "chief")
    house.exchange.timer_fired(timer_owner(ANNA), HOLD_OFF)
    assert house.rings() == {}
    house.hangs_up(1)
    house.exchange.end_wrap_up(BEN)
    assert house.rings() == {"c2": BEN}
    if cause is None:
        house.misses(2)
    else:
        house.exchange.tell(CallId("c2"), e.LegEnded(house.leg(2), cause))
    assert house.rings() == {"c2": ANNA}
    assert house.trail(2) == ["assigned ben by chief", "assignment_lapsed ben"]


def test_the_phone_that_rings_is_told_to_stop_and_its_agent_takes_the_next_a_moment_later() -> None:
    house = busy_house()
    house.becomes(BEN, READY)
    assert house.rings() == {"c2": BEN}
    idle = house.exchange.floor.agents[BEN].idle_since
    old = house.leg(2)
    house.chief.pick_up(CallId("c2"), CHIEF, "chief")
    assert house.rings() == {"c2": CHIEF}
    assert house.exchange.floor.agents[BEN].idle_since == idle
    house.exchange.timer_fired(timer_owner(BEN), HOLD_OFF)
    assert house.rings() == {"c2": CHIEF, "c3": BEN}
    house.exchange.tell(CallId("c2"), e.LegAnswered(old))  # too late
    house.picks_up(2)
    assert house.trail(2) == ["assigned chief by chief", "withdrawn ben", "picked_up chief"]
    assert house.state(CHIEF) == (AgentState.TALKING, None)
    house.hangs_up(2)
    assert house.state(CHIEF) == (PAUSED, "leads")


def test_a_phone_that_was_picked_up_first_keeps_its_caller() -> None:
    house = House()
    house.arrives(1)
    house.picks_up(1)
    for order in (house.chief.assign, house.chief.pick_up):
        assert refused(lambda order=order: order(CallId("c1"), CHIEF, "chief")) is Refusal.NOT_WAITING
    assert house.state(CHIEF) == (PAUSED, "leads")


@pytest.mark.parametrize("state", [PAUSED, OFFLINE, READY])
def test_a_supervisor_who_does_not_pick_up_is_what_he_was_and_the_caller_where_he_was(state: AgentState) -> None:
    house = busy_house()
    house.exchange.set_agent(CHIEF, state, "leads")
    if state is READY:
        house.misses(2)
    house.chief.pick_up(CallId("c3"), CHIEF, "chief")
    assert house.rings() == {"c3": CHIEF}
    house.chief.pick_up(CallId("c3"), CHIEF, "chief")  # it rings already
    assert refused(lambda: house.chief.pick_up(CallId("c2"), CHIEF, "chief")) is Refusal.BUSY
    house.misses(3)
    assert house.state(CHIEF) == (state, "leads" if state is PAUSED else None)
    assert house.line() == ["c2", "c3", "c4"]
    assert house.trail(3) == ["assigned chief by chief", "assignment_lapsed chief"]


def test_wrap_up_ends_for_the_caller_that_a_supervisor_picks_up() -> None:
    house = busy_house()
    house.hangs_up(1)
    assert house.state(ANNA)[0] is AgentState.WRAP_UP
    house.chief.pick_up(CallId("c4"), ANNA, "anna")
    assert (house.rings(), house.chief.agent(ANNA).wrap_up_until) == ({"c4": ANNA}, None)  # type: ignore[union-attr]
    house.picks_up(4)
    house.hangs_up(4)
    assert house.state(ANNA)[0] is AgentState.WRAP_UP


def test_orders_that_cannot_be_carried_out_change_nothing() -> None:
    house = busy_house()
    second = CallId("c2")
    before = [house.state(one) for one in (ANNA, BEN, CHIEF)], house.chief.waiting(), list(house.world.trail)
    assert refused(lambda: house.chief.assign(second, AgentId("cem"), "chief")) is Refusal.NO_SUCH_AGENT
    assert refused(lambda: house.chief.pick_up(second, AgentId("cem"), "chief")) is Refusal.NO_PHONE
    for agent in (BEN, CHIEF):
        assert refused(lambda agent=agent: house.chief.assign(second, agent, "chief")) is Refusal.AWAY
    assert refused(lambda: house.chief.pick_up(second, ANNA, "chief")) is Refusal.BUSY
    house.exchange.phone_reachable(BEN, False)
    assert refused(lambda: house.chief.pick_up(second, BEN, "chief")) is Refusal.UNREACHABLE
    house.exchange.switch_lost()
    assert refused(lambda: house.chief.assign(second, ANNA, "chief")) is Refusal.NO_SWITCH
    assert refused(lambda: house.chief.pick_up(second, CHIEF, "chief")) is Refusal.NO_SWITCH
    assert ([house.state(one) for one in (ANNA, BEN, CHIEF)], house.chief.waiting(), house.world.trail) == before
    house.exchange.switch_back()
    house.exchange.phone_reachable(ANNA, False)
    assert refused(lambda: house.chief.assign(second, ANNA, "chief")) is Refusal.UNREACHABLE


def test_the_last_ring_of_a_caller_goes_to_a_phone_that_rings_at_once_or_stays_where_it_is() -> None:
    house = busy_house()
    house.becomes(BEN, READY)
    house.exchange.timer_fired("c2", c.Timer.MAX_WAIT)
    assert refused(lambda: house.chief.assign(CallId("c2"), ANNA, "chief")) is Refusal.BUSY
    assert house.rings() == {"c2": BEN}
    house.chief.pick_up(CallId("c2"), CHIEF, "chief")
    house.misses(2)
    assert house.exchange.calls[CallId("c2")].outcome == "max_wait"


def test_a_kept_caller_waits_no_longer_than_agreed() -> None:
    house = busy_house()
    house.chief.assign(CallId("c2"), ANNA, "chief")
    house.world.stop("c2", c.Timer.MAX_WAIT)
    house.exchange.timer_fired("c2", c.Timer.MAX_WAIT)
    assert (house.line(), house.exchange.calls[CallId("c2")].outcome) == (["c3", "c4"], "max_wait")


def test_at_the_longest_wait_a_kept_caller_is_anybodys_rather_than_lost() -> None:
    house = busy_house()
    house.exchange.tell(CallId("c3"), e.CallerGone())
    house.exchange.tell(CallId("c4"), e.CallerGone())
    house.chief.assign(CallId("c2"), ANNA, "chief")
    house.becomes(BEN, READY)
    assert house.rings() == {}
    house.exchange.timer_fired("c2", "max_wait")
    assert house.rings() == {"c2": BEN}
    assert house.trail(2) == ["assigned anna by chief", "assignment_lapsed anna"]


def test_a_ring_that_was_ordered_is_no_missed_call() -> None:
    house = busy_house()
    for _ in range(4):
        house.chief.pick_up(CallId("c2"), CHIEF, "chief")
        house.misses(2)
    assert house.exchange.floor.agents[CHIEF].missed == 0


def test_a_killed_engines_orders_are_gone_on_with() -> None:
    house = busy_house()
    house.chief.to_front(CallId("c4"), "chief")
    house.chief.assign(CallId("c3"), ANNA, "chief")
    house.is_killed()
    assert house.line() == ["c4", "c2", "c3 anna"]
    house.becomes(BEN, READY)
    house.hangs_up(1)
    house.exchange.end_wrap_up(ANNA)
    assert house.rings() == {"c4": BEN, "c3": ANNA}


async def test_where_nobody_may_listen_in_and_where_the_own_phone_is_used_for_it() -> None:
    house = busy_house()
    with pytest.raises(NotDone) as problem:
        await house.chief.listen(CHIEF, ANNA, "chief")
    assert problem.value.why is Refusal.NOT_ALLOWED
    house.chief.stop_listening(CHIEF)
    assert list(house.chief.listeners()) == []
    listens = RunningSupervision(house.exchange, house.world, Listens())
    assert refused(lambda: listens.pick_up(CallId("c2"), CHIEF, "chief")) is Refusal.BUSY
    with pytest.raises(NotDone) as problem:
        await listens.listen(CHIEF, BEN, "chief")
    assert problem.value.why is Refusal.ALREADY
    assert refused(lambda: listens.stop_listening(CHIEF)) is Refusal.NOT_TALKING
