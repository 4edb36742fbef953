"""The call machine, row by row: every state with every event, and the customer's day in full lists of orders."""

from __future__ import annotations

import pytest

from engine.call import commands as c
from engine.call import events as e
from engine.call.machine import IGNORED, TABLE, Impossible, step
from engine.call.races import Kind
from engine.call.state import Outcome, State
from engine.terms import AfterMaxWait, AgentId, HangupCause, LegId, PlayId, Treatment
from tests.rules import diagram
from tests.rules.calls import (
    AGENT,
    LEG,
    NOON,
    OUT,
    arriving,
    event_of,
    every_pair,
    found,
    in_state,
    plan,
    refused_announcement,
    told,
    walk,
)

PLAY = PlayId("call-play-1")
LEGS = e.LegRinging | e.LegAnswered | e.LegEnded | e.LegLost | e.ReferAsked | e.ReferRefused | e.AgentHolds
TARGETS = e.TargetRinging | e.TargetAnswered | e.TargetPressed | e.TargetEnded | e.TargetSilent | e.TargetRefused


@pytest.mark.parametrize(("state", "kind"), every_pair())
def test_every_state_with_every_event(state: State, kind: Kind) -> None:
    call, event = in_state(state), event_of(kind)
    if isinstance(event, LEGS) and not call.leg:
        late = (c.DropLeg(LEG), c.Note("late_pick_up", LEG)) if isinstance(event, e.LegAnswered) else ()
        assert step(call, event, NOON) == (call, late)
    elif isinstance(event, TARGETS) and not call.target:
        drop = (c.DropTarget(OUT), c.Note("late_pick_up", OUT)) if isinstance(event, e.TargetAnswered) else ()
        assert step(call, event, NOON) == (call, drop)
    elif (state, kind) in TABLE:
        assert (state, kind) not in IGNORED, "a row is either a step or a race"
        after, orders = step(call, event, NOON)
        assert after.id == call.id
        assert all(isinstance(order, c.Command) for order in orders)
    elif (state, kind) in IGNORED:
        assert step(call, event, NOON) == (call, ())
    else:
        with pytest.raises(Impossible):
            step(call, event, NOON)


def test_the_diagram_is_drawn_from_the_table() -> None:
    assert diagram.PAGE.read_text(encoding="utf-8") == diagram.page(), "run: python -m tests.rules.diagram"


OPENINGS: list[tuple[Treatment, list[c.Command]]] = [
    (Treatment.RINGING, [c.Ring()]),
    (
        Treatment.RINGING_ANNOUNCED,
        [c.Progress(), c.PlayMusic("ringtone"), c.StartTimer(c.Timer.ANNOUNCE, 20.0)],
    ),
    (Treatment.ANSWERED, [c.Answer(), c.PlayMusic("default"), c.StartTimer(c.Timer.ANNOUNCE, 20.0)]),
    (Treatment.DELAYED_CONNECT, [c.Progress(), c.PlayMusic("default"), c.StartTimer(c.Timer.ANNOUNCE, 20.0)]),
]


@pytest.mark.parametrize(("treatment", "sounds"), OPENINGS)
def test_2_2_what_the_caller_hears_first(treatment: Treatment, sounds: list[c.Command]) -> None:
    call, orders = walk(arriving(), found(plan(treatment)))
    assert told(orders) == [
        *sounds,
        c.StartTimer(c.Timer.MAX_WAIT, 119.0),
        c.StartTimer(c.Timer.OVERFLOW, 59.0),
        c.JoinLine(call.settings.need),
    ]


def test_5_7_greeting_then_music_then_announcements_in_turn() -> None:
    agreed = plan(Treatment.ANSWERED, greeting="welcome", announcements=("please-wait", "please-wait-2"))
    call, orders = walk(arriving(), found(agreed))
    watch = c.StartTimer(c.Timer.ANNOUNCE, 120.0)
    assert told(orders)[:3] == [c.Answer(), c.Announce(PLAY, "welcome"), watch]
    heard: list[c.Command] = []
    events: list[e.Event] = [e.AnnouncementEnded(PLAY), *[e.TimerFired(c.Timer.ANNOUNCE)] * 3]
    for n, event in enumerate(events, start=1):
        call, orders = walk(call, event)
        heard += told(orders)
        if isinstance(event, e.TimerFired):
            call, orders = walk(call, e.AnnouncementEnded(PlayId(f"call-play-{n}")))
    music = [c.PlayMusic("default"), c.StartTimer(c.Timer.ANNOUNCE, 20.0)]
    assert heard == [
        *music,
        *[c.StopMusic(), c.Announce(PlayId("call-play-2"), "please-wait"), watch],
        *[c.StopMusic(), c.Announce(PlayId("call-play-3"), "please-wait-2"), watch],
        *[c.StopMusic(), c.Announce(PlayId("call-play-4"), "please-wait"), watch],
    ]


def test_an_announcement_that_cannot_be_played_gives_way_to_music() -> None:
    call, _ = walk(arriving(), found(plan(Treatment.ANSWERED, greeting="welcome")))
    call, orders = walk(call, refused_announcement("call-play-1"))
    assert told(orders) == [c.PlayMusic("default"), c.StartTimer(c.Timer.ANNOUNCE, 20.0)]


def test_an_announcement_that_never_ends_gives_way_to_music() -> None:
    call, _ = walk(arriving(), found(plan(Treatment.ANSWERED, greeting="welcome")))
    call, orders = walk(call, e.TimerFired(c.Timer.ANNOUNCE))
    assert told(orders) == [
        c.StopAnnouncement(PLAY),
        c.PlayMusic("default"),
        c.StartTimer(c.Timer.ANNOUNCE, 20.0),
    ]
    assert walk(call, e.AnnouncementEnded(PLAY)) == (call, [])


def test_delayed_connect_answers_the_caller_first_and_cuts_the_music() -> None:
    call, orders = walk(arriving(), found(), e.AgentChosen(AGENT))
    assert told(orders) == [
        c.DialAgent(LEG, AGENT, "Muster GmbH", "+49171"),
        c.StartTimer(c.Timer.RING, 20.0),
        c.StartTimer(c.Timer.ALERT, 5.0),
    ]
    call, orders = walk(call, e.LegRinging(LEG), e.LegAnswered(LEG))
    assert told(orders) == [c.Answer(), c.StopMusic(), c.Bridge(LEG), c.LeaveLine(), c.AgentTalks(AGENT)]


def test_an_announcement_is_cut_before_the_answer_when_the_agent_picks_up() -> None:
    call, _ = walk(arriving(), found(), e.TimerFired(c.Timer.ANNOUNCE), e.AgentChosen(AGENT))
    call, orders = walk(call, e.LegAnswered(LEG))
    assert told(orders) == [c.StopAnnouncement(PLAY), c.Answer(), c.Bridge(LEG), c.LeaveLine(), c.AgentTalks(AGENT)]


def test_an_answered_caller_is_not_answered_again() -> None:
    call, _ = walk(arriving(), found(plan(Treatment.ANSWERED)), e.CallerAnswered(), e.AgentChosen(AGENT))
    call, orders = walk(call, e.LegAnswered(LEG))
    assert told(orders) == [c.StopMusic(), c.Bridge(LEG), c.LeaveLine(), c.AgentTalks(AGENT)]


MISSES: list[tuple[e.Event, HangupCause, list[c.Command]]] = [
    (e.LegEnded(LEG, HangupCause.BUSY), HangupCause.BUSY, []),
    (e.LegEnded(LEG, HangupCause.SUBSCRIBER_ABSENT), HangupCause.SUBSCRIBER_ABSENT, []),
    (e.TimerFired(c.Timer.RING), HangupCause.NO_ANSWER, [c.DropLeg(LEG)]),
    (e.TimerFired(c.Timer.ALERT), HangupCause.NO_USER_RESPONSE, [c.DropLeg(LEG)]),
]


@pytest.mark.parametrize(("event", "cause", "drop"), MISSES)
def test_a_ring_not_picked_up_goes_back_to_its_place_before_the_agent_is_free(
    event: e.Event, cause: HangupCause, drop: list[c.Command]
) -> None:
    call, orders = walk(in_state(State.RINGING), event)
    assert told(orders) == [*drop, c.ReturnToLine(), c.AgentMissed(AGENT, cause)]
    assert (call.state, call.agent, call.leg, call.music) == (State.WAITING, None, None, True)
    call, orders = walk(call, e.AgentChosen(AgentId("agent2")))
    assert told(orders)[0] == c.DialAgent(LegId("call-leg-2"), AgentId("agent2"), "Muster GmbH", "+49171")


def test_3_2_outside_the_hours_it_rings_and_nothing_else() -> None:
    call, orders = walk(arriving(), found(is_open=False))
    assert told(orders) == [c.Ring()]
    call, orders = walk(call, e.RingingSent(), e.CallerGone())
    assert (told(orders), call.state, call.outcome) == ([c.LeaveLine()], State.ENDED, Outcome.CLOSED)


REFUSALS = [
    (e.NumberUnknown(), HangupCause.UNALLOCATED, Outcome.UNKNOWN_NUMBER),
    (event_of(e.CustomerBlocked), HangupCause.REJECTED, Outcome.BLOCKED),
    (e.LookupFailed(), HangupCause.CONGESTION, Outcome.FAILED),
    (e.LimitReached("trunk carrier: 2 calls at once"), HangupCause.CONGESTION, Outcome.LIMITED),
    (e.LimitReached("customer K1: 2 calls at once", found()), HangupCause.BUSY, Outcome.LIMITED),
]


@pytest.mark.parametrize(("event", "cause", "outcome"), REFUSALS)
def test_2_1_refused_before_anything_is_heard(event: e.Event, cause: HangupCause, outcome: Outcome) -> None:
    call, orders = walk(arriving(), event)
    assert told(orders) == [c.Release(cause), c.StartTimer(c.Timer.CLEAR, 5.0)]
    call, orders = walk(call, e.CallerGone(HangupCause.NORMAL))
    assert (call.state, call.outcome, call.cause, told(orders)) == (State.ENDED, outcome, cause, [])


def test_a_blocked_caller_is_declined_whatever_the_hours_and_the_trail_says_why() -> None:
    call, orders = walk(arriving(), event_of(e.CallerBlocked))
    assert told(orders) == [c.Decline(), c.StartTimer(c.Timer.CLEAR, 5.0)]
    assert [order for order in orders if isinstance(order, c.Note)] == [
        c.Note("customer", "K1001 Muster GmbH"),
        c.Note("caller_blocked", "+49171 2026-03-01 12:00 eva@muster.example Werbung"),
    ]
    call, orders = walk(call, e.CallerGone(HangupCause.NORMAL))
    assert (call.state, call.outcome, call.cause) == (State.ENDED, Outcome.CALLER_BLOCKED, HangupCause.REJECTED)
    assert (told(orders), call.access_number, call.connected_ms) == ([], "+4930123450", 0)


def test_l6_delayed_connect_ends_busy_even_where_callers_may_wait_on() -> None:
    call, orders = walk(arriving(), found(plan(then=AfterMaxWait.KEEP)), e.TimerFired(c.Timer.MAX_WAIT))
    assert told(orders) == [c.LeaveLine(), c.Release(HangupCause.BUSY), c.StartTimer(c.Timer.CLEAR, 5.0)]
    assert call.outcome is Outcome.MAX_WAIT


def test_a_ringing_caller_may_wait_on() -> None:
    agreed = plan(Treatment.RINGING, then=AfterMaxWait.KEEP)
    call, orders = walk(arriving(), found(agreed), e.TimerFired(c.Timer.MAX_WAIT))
    assert (call.state, orders) == (State.WAITING, [c.Note("max_wait", "waits on")])


def test_an_answered_caller_is_told_that_all_are_busy() -> None:
    call, orders = walk(arriving(), found(plan(Treatment.ANSWERED)), e.CallerAnswered(), e.TimerFired(c.Timer.MAX_WAIT))
    watch = c.StartTimer(c.Timer.ANNOUNCE, 120.0)
    assert told(orders) == [c.LeaveLine(), c.StopMusic(), c.Announce(PLAY, "all-busy"), watch]
    for end in (e.AnnouncementEnded(PLAY), e.TimerFired(c.Timer.ANNOUNCE)):
        _, orders = walk(call, end)
        assert told(orders) == [c.Release(HangupCause.BUSY), c.StartTimer(c.Timer.CLEAR, 5.0)]


def test_l2_who_has_waited_for_all_that_is_free_is_released_at_once() -> None:
    admitted = found(plan(Treatment.ANSWERED, max_wait=30.0, ends_at_once=True, then=AfterMaxWait.KEEP))
    over = e.TimerFired(c.Timer.MAX_WAIT)
    call, orders = walk(arriving(), admitted, e.CallerAnswered(), over)
    released = [c.LeaveLine(), c.Release(HangupCause.BUSY), c.StartTimer(c.Timer.CLEAR, 5.0)]
    assert (told(orders), call.outcome) == (released, Outcome.MAX_WAIT)
    call, orders = walk(arriving(), admitted, e.CallerAnswered(), e.AgentChosen(AGENT), over)
    assert told(orders) == [*released[:2], c.DropLeg(LEG), released[2]]
    call, orders = walk(call, e.CallerGone(HangupCause.BUSY), e.LegEnded(LEG, HangupCause.NORMAL))
    assert (call.state, told(orders)) == (State.ENDED, [c.AgentSpared(AGENT)])


def test_the_longest_wait_lets_a_ringing_phone_ring_to_its_end() -> None:
    call, orders = walk(in_state(State.RINGING), e.TimerFired(c.Timer.MAX_WAIT))
    assert told(orders) == []
    picked_up, _ = walk(call, e.LegAnswered(LEG))
    assert picked_up.state is State.TALKING
    missed, orders = walk(call, e.TimerFired(c.Timer.RING))
    assert told(orders) == [
        c.DropLeg(LEG),
        c.LeaveLine(),
        c.Release(HangupCause.BUSY),
        c.StartTimer(c.Timer.CLEAR, 5.0),
        c.AgentMissed(AGENT, HangupCause.NO_ANSWER),
    ]
    assert missed.outcome is Outcome.MAX_WAIT
