"""An agent's phone is lost in the middle of a talk: the caller waits again, and pays for what was talked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.acd.waiting import RETURNED
from engine.call import commands as c
from engine.call import events as e
from engine.call.machine import step
from engine.call.state import Call, State
from engine.service.records import record
from engine.terms import AfterMaxWait, AgentId, HangupCause, LegId, PlayId, Treatment
from tests.rules.calls import AGENT, LEG, NOON, arriving, found, in_state, plan, told, walk

BEN = AgentId("ben")
NEXT = LegId("call-leg-2")
LOST = e.LegLost(LEG)
MUSIC: list[c.Command] = [c.PlayMusic("default"), c.StartTimer(c.Timer.ANNOUNCE, 20.0)]


def talking(treatment: Treatment = Treatment.DELAYED_CONNECT, **wait: object) -> Call:
    """Picked up by `AGENT` three seconds past noon, answered one second later."""
    admitted = found(plan(treatment, **wait))
    call, _ = walk(arriving(), admitted, e.AgentChosen(AGENT), e.LegAnswered(LEG), e.CallerAnswered())
    return call


def happens(call: Call, seconds: float, event: e.Event) -> tuple[Call, list[c.Command]]:
    """So many seconds past noon."""
    call, orders = step(call, event, NOON + timedelta(seconds=seconds))
    return call, list(orders)


def test_the_caller_is_back_in_the_line_before_those_who_have_not_been_served() -> None:
    call, orders = happens(talking(), 50, LOST)
    assert told(orders) == [
        c.DropLeg(LEG),
        c.Unbridge(),
        *MUSIC,
        c.StartTimer(c.Timer.MAX_WAIT, 120.0),
        c.StartTimer(c.Timer.OVERFLOW, 10.0),
        c.JoinLine(plan().need),
        c.AgentLost(AGENT),
    ]
    assert c.Note("agent_lost", AGENT) in orders
    assert (call.state, call.rank, call.agent, call.leg) == (State.WAITING, RETURNED, None, None)
    call, orders = walk(call, e.AgentChosen(BEN))
    assert (told(orders)[0], call.leg) == (c.DialAgent(NEXT, BEN, "Muster GmbH", "+49171"), NEXT)


def test_talks_add_up_and_are_rounded_once() -> None:
    call, _ = happens(talking(), 33, LOST)  # 30 s
    call, _ = happens(call, 40, e.AgentChosen(BEN))
    call, orders = happens(call, 50, e.LegAnswered(NEXT))
    assert told(orders) == [c.StopMusic(), c.Bridge(NEXT), c.LeaveLine(), c.AgentTalks(BEN)]
    call, _ = happens(call, 80.5, e.LegEnded(NEXT))  # 30.5 s
    call, _ = happens(call, 81, e.CallerGone())
    final = record(call)
    assert (final.talked_ms, final.charged_seconds, final.charged_minutes) == (60_500, 61, 2)
    assert (final.outcome, final.agent, final.waited_ms) == ("answered", BEN, 3_000)
    assert final.picked_up_at == NOON + timedelta(seconds=3)
    assert final.answered_at == NOON + timedelta(seconds=4)
    assert final.agent_left_at == NOON + timedelta(seconds=80.5)


def test_nobody_pays_for_the_silence_of_a_phone_that_was_gone_already() -> None:
    call, _ = happens(talking(), 103, e.LegLost(LEG, 60.0))
    assert record(call).talked_ms == 40_000
    call, _ = happens(talking(), 30, e.LegLost(LEG, 60.0))
    assert record(call).talked_ms == 0


def test_who_gives_up_after_a_talk_was_answered_and_pays_for_it() -> None:
    call, _ = happens(talking(), 33, LOST)
    waiting, orders = happens(call, 60, e.CallerGone())
    assert (told(orders), waiting.state) == ([c.LeaveLine()], State.ENDED)
    ringing, _ = happens(call, 50, e.AgentChosen(BEN))
    ringing, _ = happens(ringing, 60, e.CallerGone())
    ringing, orders = happens(ringing, 61, e.LegEnded(NEXT))
    assert told(orders) == [c.AgentSpared(BEN)], "he has not talked"
    for final in (record(waiting), record(ringing)):
        assert (final.outcome, final.agent, final.talked_ms) == ("answered", AGENT, 30_000)
        assert final.agent_left_at == NOON + timedelta(seconds=33)


def test_a_second_phone_that_is_not_picked_up_is_a_missed_one() -> None:
    call, _ = happens(talking(), 33, LOST)
    call, orders = walk(call, e.AgentChosen(BEN), e.LegEnded(NEXT, HangupCause.BUSY))
    assert told(orders) == [c.ReturnToLine(), c.AgentMissed(BEN, HangupCause.BUSY)]
    assert record(call).agent == AGENT
    call, _ = walk(call, e.AgentChosen(BEN), e.LegLost(LegId("call-leg-3")))
    assert (call.state, call.agent) == (State.WAITING, None)


def test_who_cannot_be_joined_the_second_time_pays_for_the_first() -> None:
    call, _ = happens(talking(), 33, LOST)
    call, _ = happens(call, 40, e.AgentChosen(BEN))
    call, _ = happens(call, 50, e.LegAnswered(NEXT))
    call, _ = happens(call, 60, e.OrderRefused(c.Bridge(NEXT), "500"))
    assert (record(call).outcome, record(call).talked_ms) == ("answered", 30_000)


@pytest.mark.parametrize("treatment", [Treatment.RINGING, Treatment.RINGING_ANNOUNCED])
def test_who_heard_ringing_hears_it_again_as_a_sound_for_the_call_is_answered(treatment: Treatment) -> None:
    call, orders = happens(talking(treatment), 33, LOST)
    assert told(orders)[2] == c.PlayMusic("ringtone")
    assert not any(isinstance(order, c.Ring | c.Progress) for order in orders)
    _, orders = walk(call, e.LinkBack())
    assert told(orders)[0] == c.PlayMusic("ringtone")


def test_the_greeting_is_not_played_again() -> None:
    call, orders = happens(talking(Treatment.ANSWERED, notice="fixed-price", greeting="welcome"), 33, LOST)
    assert told(orders)[2:4] == MUSIC
    call, orders = walk(call, e.TimerFired(c.Timer.ANNOUNCE))
    assert c.Announce(PlayId("call-play-2"), "please-wait") in orders
    _, orders = walk(call, e.AnnouncementEnded(PlayId("call-play-2")))
    assert told(orders) == MUSIC


@pytest.mark.parametrize("treatment", list(Treatment))
def test_at_the_end_of_the_second_wait_the_caller_is_told_why(treatment: Treatment) -> None:
    call, _ = happens(talking(treatment, then=AfterMaxWait.BUSY), 33, LOST)
    call, orders = walk(call, e.TimerFired(c.Timer.MAX_WAIT))
    assert (call.state, record(call).outcome) == (State.DISMISSING, "answered")
    assert c.Announce(PlayId(f"call-play-{call.plays}"), "all-busy") in orders


def test_who_would_pay_for_waiting_is_released() -> None:
    call = talking()
    agreed = replace(call.settings, may_return=False)
    call, orders = happens(replace(call, plan=agreed), 103, e.LegLost(LEG, 60.0))
    assert told(orders) == [
        c.DropLeg(LEG),
        c.Unbridge(),
        c.AgentLost(AGENT),
        c.Release(HangupCause.NORMAL),
        c.StartTimer(c.Timer.CLEAR, 5.0),
    ]
    call, _ = walk(call, e.CallerGone())
    assert (call.state, record(call).talked_ms) == (State.ENDED, 40_000)


def test_a_phone_lost_before_the_caller_was_answered_has_not_talked() -> None:
    call, orders = walk(in_state(State.TALKING), LOST, seconds=10)
    assert told(orders)[:3] == [c.DropLeg(LEG), c.Unbridge(), c.AgentLost(AGENT)]
    kept = record(call)
    assert (call.state, kept.outcome, kept.picked_up_at, kept.agent) == (State.WAITING, "open", None, None)


def test_the_last_ring_after_the_longest_wait_was_picked_up_and_lost_after_all() -> None:
    over = e.TimerFired(c.Timer.MAX_WAIT)
    way = (found(), e.AgentChosen(AGENT), over, e.LegAnswered(LEG), e.CallerAnswered(), LOST)
    call, orders = walk(arriving(), *way)
    assert (call.state, call.overdue) == (State.WAITING, False)
    assert c.StartTimer(c.Timer.MAX_WAIT, 120.0) in orders
