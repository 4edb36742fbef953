"""Callers are put through until the day's minutes are over: then the newest talk ends, then the next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.call import events as e
from engine.call.state import State
from engine.service.day_over import DayOver
from engine.terms import CallId, LegId
from engine.transfer.limits import Refused
from engine.transfer.plan import Kind, Result
from tests.rules.calls import order, target
from tests.service.test_legs_out import MUSTER, House

BY_SECOND = target("+4930123456", trunks=("second",))


class Day(House):
    """Muster has ten minutes a day."""

    def __init__(self) -> None:
        super().__init__(legs=100)
        self.over = DayOver(self.exchange, self.outbound)

    def passes(self, minutes: float) -> None:
        """And one looks."""
        self.world.time += timedelta(minutes=minutes)
        self.over.look()

    def consults(self, n: int) -> CallId:
        """The agent talks to who has answered."""
        call = self.puts_through(n, BY_SECOND)
        self.says(e.TargetAnswered(LegId(f"{call.id}-out-1")), call.id)
        return call.id

    def joins(self, n: int) -> CallId:
        """The two are left alone."""
        call = self.consults(n)
        self.exchange.tell(call, e.HandedOver())
        return call

    def state(self, call: CallId) -> State:
        return self.exchange.calls[call].state

    def trail(self, call: CallId) -> list[str]:
        return [f"{one.what} {one.detail}".strip() for one in self.world.trail if one.call == call]


def test_the_newest_talk_ends_and_at_the_next_look_the_other() -> None:
    day = Day()
    first = day.joins(1)
    day.passes(3)
    second = day.joins(2)
    day.passes(3)
    assert (day.state(first), day.state(second)) == (State.PUT_THROUGH, State.PUT_THROUGH)
    day.passes(0.6)
    assert (day.state(first), day.state(second)) == (State.PUT_THROUGH, State.CLEARING), "6.6 and 3.6 minutes"
    assert day.trail(second)[-2:] == ["day_over minutes_per_day", "talk_limit"]
    day.passes(0.1)
    assert day.state(first) is State.CLEARING
    assert [one.result for one in day.exchange.calls[first].attempts] == [Result.PUT_THROUGH]


def test_who_has_answered_and_has_not_pressed_1_is_left_alone_until_he_does() -> None:
    day = Day()
    call = day.talks(1).id
    day.exchange.tell(call, order(Kind.BLIND, target("+4930123456", trunks=("second",), accept=True)))
    day.says(e.TargetAnswered(LegId("c1-out-1")))
    day.passes(11)
    assert day.state(call) is State.FORWARDING
    day.exchange.tell(call, e.TargetPressed(LegId("c1-out-1"), "1"))
    day.passes(0.1)
    assert day.state(call) is State.CLEARING


@pytest.mark.parametrize("wishes", [(), (e.Swapped(),), (e.Conferred(),)])
def test_an_agent_has_the_caller_again(wishes: tuple[e.Event, ...]) -> None:
    day = Day()
    call = day.consults(1)
    for wish in wishes:
        day.exchange.tell(call, wish)
    day.passes(9.9)
    assert day.state(call) is not State.TALKING
    day.passes(0.2)
    assert day.state(call) is State.TALKING
    assert day.trail(call)[-2:] == ["day_over minutes_per_day", "taken_back"]
    assert day.outbound.refuses_customer(MUSTER) is Refused.MINUTES_PER_DAY
