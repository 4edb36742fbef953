"""After the switch was out of reach: what may have been lost is ordered again, and nobody hears silence."""

from __future__ import annotations

from engine.call import commands as c
from engine.call import events as e
from engine.call.state import State
from engine.service.records import record
from engine.terms import HangupCause, PlayId, Treatment
from tests.rules.calls import AGENT, LEG, arriving, found, in_state, plan, told, walk

PLAY = PlayId("call-play-1")
MUSIC: list[c.Command] = [c.PlayMusic("default"), c.StartTimer(c.Timer.ANNOUNCE, 20.0)]


def test_the_end_of_an_announcement_was_missed() -> None:
    call, _ = walk(arriving(), found(), e.ProgressSent(), e.TimerFired(c.Timer.ANNOUNCE))
    call, orders = walk(call, e.LinkBack())
    assert told(orders) == [c.StopAnnouncement(PLAY), *MUSIC]
    assert walk(call, e.AnnouncementEnded(PLAY)) == (call, []), "its late end starts no second music"


def test_what_was_to_be_heard_first_was_lost() -> None:
    assert told(walk(arriving(), found(), e.LinkBack())[1]) == [c.Progress(), *MUSIC]
    assert told(walk(arriving(), found(plan(Treatment.RINGING)), e.LinkBack())[1]) == [c.Ring()]
    assert told(walk(arriving(), found(plan(Treatment.ANSWERED)), e.LinkBack())[1]) == [c.Answer(), *MUSIC]
    assert told(walk(arriving(), found(is_open=False), e.LinkBack())[1]) == [c.Ring()]


def test_what_was_heard_is_not_opened_again() -> None:
    call, _ = walk(arriving(), found(plan(Treatment.ANSWERED)), e.CallerAnswered())
    assert told(walk(call, e.LinkBack())[1]) == MUSIC


def test_who_was_picked_up_but_not_joined_is_joined() -> None:
    call, orders = walk(in_state(State.TALKING), e.LinkBack())
    assert told(orders) == [c.Answer(), c.StopMusic(), c.StopMusic(LEG), c.StopRingTone(LEG), c.Bridge(LEG)]
    call, orders = walk(call, e.CallerAnswered(), e.LinkBack())
    assert told(orders) == [c.StopMusic(), c.StopMusic(LEG), c.StopRingTone(LEG), c.Bridge(LEG)]


def test_who_was_hearing_that_all_are_busy_is_released() -> None:
    call, orders = walk(in_state(State.DISMISSING), e.LinkBack())
    assert told(orders) == [c.Release(HangupCause.BUSY), c.StartTimer(c.Timer.CLEAR, 5.0)]
    call, _ = walk(call, e.CallerGone())
    assert (call.state, record(call).outcome) == (State.ENDED, "max_wait")


def test_a_lost_200_of_an_answered_caller_is_made_up_for_at_pick_up() -> None:
    call, _ = walk(arriving(), found(plan(Treatment.ANSWERED)), e.AgentChosen(AGENT))
    _, orders = walk(call, e.LegAnswered(LEG))
    assert told(orders) == [c.Answer(), c.StopMusic(), c.Bridge(LEG), c.LeaveLine(), c.AgentTalks(AGENT)]


def test_an_agent_who_picked_up_was_lost_before_the_caller_was_answered() -> None:
    lost = e.LegEnded(LEG, HangupCause.TEMPORARY_FAILURE)
    call, orders = walk(in_state(State.TALKING), lost, seconds=10)
    assert told(orders) == [
        c.AgentDone(AGENT),
        c.Progress(),
        *MUSIC,
        c.StartTimer(c.Timer.MAX_WAIT, 110.0),
        c.StartTimer(c.Timer.OVERFLOW, 50.0),
        c.JoinLine(plan().need),
    ]
    kept = record(call)
    assert (call.state, kept.outcome, kept.picked_up_at, kept.agent) == (State.WAITING, "open", None, None)
    call, _ = walk(call, e.AgentChosen(AGENT))
    assert call.leg == "call-leg-2", "the lost leg's late words are told apart"


def test_an_agent_who_was_lost_after_the_answer_has_talked() -> None:
    lost = e.LegEnded(LEG, HangupCause.TEMPORARY_FAILURE)
    call, orders = walk(in_state(State.TALKING), e.CallerAnswered(), lost)
    assert (call.state, call.outcome) == (State.CLEARING, "answered")
    assert c.Release(HangupCause.NORMAL) in orders


def test_an_agent_who_hangs_up_at_once_has_been_heard() -> None:
    call, orders = walk(in_state(State.TALKING), e.LegEnded(LEG, HangupCause.NORMAL))
    assert call.state is State.CLEARING
    assert c.Release(HangupCause.NORMAL) in orders
