"""Caller or agent holds the conversation that a supervisor wants to hear: who holds is not told, so nobody listens."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine.call import events as e
from engine.listening import commands as lc
from engine.listening import events as le
from engine.listening.state import State
from engine.ports.supervision import Refusal
from engine.terms import CallId, LegId
from tests.service.test_listening_in import ANNA, BEGAN, CALL, HEARING, ORDERED, House, refusal

LEG = "c1-leg-1"
ON_HOLD = "listening_failed sarah, on hold"


@pytest.mark.parametrize("channel", [LEG, CALL])
async def test_nobody_begins_to_listen_while_caller_or_agent_holds(channel: str) -> None:
    house = House()
    house.listening.holds(CALL, channel, True)
    assert await refusal(house) is Refusal.ON_HOLD, "who holds would not be told"
    assert house.trail() == []
    house.listening.holds(CallId("c9"), "c9", True)  # a call that nobody knows holds nothing up
    house.listening.holds(CALL, channel, False)
    await house.begins()
    assert house.state() is State.RINGING, "they talk again"


async def test_two_who_hold_must_both_be_back() -> None:
    house = House()
    for channel in (LEG, CALL):
        house.listening.holds(CALL, channel, True)
    house.listening.holds(CALL, LEG, False)
    assert await refusal(house) is Refusal.ON_HOLD
    house.listening.holds(CALL, CALL, False)
    await house.begins()
    assert house.state() is State.RINGING


@pytest.mark.parametrize("events", [(), (le.PickedUp(),)])
@pytest.mark.parametrize("channel", [LEG, CALL])
async def test_who_holds_before_the_announcements_end_was_not_told(events: Sequence[le.Event], channel: str) -> None:
    house = House()
    await house.begins(*events)
    house.taken()
    house.listening.holds(CALL, channel, True)
    house.says_of_it(le.Told())  # its end, in the same moment
    assert house.taken() == [*([lc.StopTelling()] if events else []), lc.DropSupervisor()]
    assert house.trail() == [ORDERED, ON_HOLD]
    house.says_of_it(le.LegEnded())
    assert await refusal(house) is Refusal.ON_HOLD


@pytest.mark.parametrize("events", [HEARING[:n] for n in (2, 3, 4)])
async def test_who_holds_after_it_was_told_is_heard_on(events: Sequence[le.Event]) -> None:
    house = House()
    await house.begins(*events)
    house.listening.holds(CALL, LEG, True)
    house.says_of_it(*HEARING[len(events) :])
    assert house.state() is State.HEARING
    assert house.trail() == BEGAN


async def test_the_next_conversation_is_not_held_because_the_one_before_was() -> None:
    house = House()
    house.listening.holds(CALL, LEG, True)
    house.told(CALL, e.LegEnded(LegId(LEG)), e.CallerGone())
    house.exchange.end_wrap_up(ANNA)
    house.arrives(2)
    house.told(CallId("c2"), e.LegAnswered(LegId("c2-leg-1")), e.CallerAnswered())
    await house.begins()
    assert [one.call for one in house.listening.listeners()] == ["c2"]
