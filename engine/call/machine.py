"""The call machine: (state, what happened) -> the step that follows.

The rules of this file, in the manner of a protocol machine:
1. `TABLE` is the whole truth of what can happen to a call. `IGNORED` names the known races, each with its reason.
2. What is in neither is a bug, here or in the switch: `step` raises `Impossible` before anything was changed.
3. A step is a function of the call, the event and the time; it returns the next call and the orders that follow,
   and does nothing itself.
4. An event about a leg that is not the call's present one is a late word of a leg that was given up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from engine.call import clearing as c
from engine.call import resuming as r
from engine.call import returning as b
from engine.call import steps_supervised as s
from engine.call import steps_waiting as w
from engine.call.commands import Command, DropLeg, Note, Timer
from engine.call.events import (
    AgentChosen,
    AnnouncementEnded,
    Assigned,
    AssignmentLapsed,
    CallerAnswered,
    CallerGone,
    CustomerBlocked,
    CustomerFound,
    Event,
    LegAnswered,
    LegEnded,
    LegLost,
    LegRinging,
    LimitReached,
    LinkBack,
    LookupFailed,
    MovedToFront,
    NumberUnknown,
    OrderRefused,
    ProgressSent,
    RingingSent,
    TimerFired,
)
from engine.call.state import Call, State

Kind = type[Event] | Timer
"""What a row is about: an event's type, or the timer that fired."""
Handler = Callable[[Call, Event, datetime], tuple[Call, list[Command]]]


class Impossible(Exception):
    """The event cannot happen in this state, as far as the table knows."""


_WAITING: dict[Kind, Handler] = {
    RingingSent: w.ringing_sent,
    ProgressSent: w.progress_sent,
    CallerAnswered: w.caller_answered,
    CallerGone: w.abandoned,
    AnnouncementEnded: w.announcement_ended,
    OrderRefused: w.refused,
    LinkBack: r.waits_on,
    MovedToFront: s.moved_to_front,
    AssignmentLapsed: s.assignment_lapsed,
    Timer.ANNOUNCE: w.announcement_due,
    Timer.OVERFLOW: w.overflow,
}

_ROWS: dict[State, dict[Kind, Handler]] = {
    State.ARRIVING: {
        CustomerFound: w.customer_found,
        NumberUnknown: w.number_unknown,
        CustomerBlocked: w.customer_blocked,
        LimitReached: w.limit_reached,
        LookupFailed: w.lookup_failed,
        CallerGone: w.abandoned,
    },
    State.CLOSED: {
        RingingSent: w.ringing_sent,
        CallerGone: w.abandoned,
        OrderRefused: w.refused,
        LinkBack: r.rings_on,
    },
    State.WAITING: {
        **_WAITING,
        AgentChosen: w.agent_chosen,
        Assigned: s.assigned,
        Timer.MAX_WAIT: w.max_wait,
    },
    State.RINGING: {
        **_WAITING,
        LegRinging: w.leg_ringing,
        LegAnswered: w.leg_answered,
        LegEnded: w.leg_ended,
        LegLost: w.leg_ended,
        Assigned: s.assigned_while_ringing,
        Timer.RING: w.ring_time_over,
        Timer.ALERT: w.phone_silent,
        Timer.MAX_WAIT: w.max_wait_while_ringing,
    },
    State.TALKING: {
        CallerAnswered: w.caller_answered,
        CallerGone: c.caller_left_agent,
        LegEnded: b.agent_left,
        LegLost: b.agent_lost,
        OrderRefused: c.not_joined,
        LinkBack: r.joined_again,
    },
    State.DISMISSING: {
        CallerAnswered: w.caller_answered,
        AnnouncementEnded: w.dismissed,
        Timer.ANNOUNCE: w.dismissal_endless,
        CallerGone: w.abandoned,
        OrderRefused: w.dismissal_refused,
        LinkBack: r.dismissed,
    },
    State.CLEARING: {
        # A busy switch may say so after the agent has left: the proof (L4) needs it all the same.
        CallerAnswered: w.caller_answered,
        CallerGone: c.caller_cleared,
        LegEnded: c.leg_cleared,
        LegLost: c.leg_cleared,
        Timer.CLEAR: c.clear_time_over,
    },
    State.ENDED: {},
}
TABLE: dict[tuple[State, Kind], Handler] = {
    (state, kind): handler for state, row in _ROWS.items() for kind, handler in row.items()
}

KINDS: tuple[Kind, ...] = (
    CustomerFound,
    NumberUnknown,
    CustomerBlocked,
    LimitReached,
    LookupFailed,
    RingingSent,
    ProgressSent,
    CallerAnswered,
    CallerGone,
    AnnouncementEnded,
    AgentChosen,
    LegRinging,
    LegAnswered,
    LegEnded,
    LegLost,
    MovedToFront,
    Assigned,
    AssignmentLapsed,
    OrderRefused,
    LinkBack,
    *Timer,
)

_LATE_WORD = "the switch's answer to an order that the next event has overtaken"
_LATE_TIMER = "a timer that ran out in the moment in which it was stopped"
_OVER = "nothing that happens after the end changes a call"
_ASK_AGAIN = "the look-up answers once; its second answer changes nothing"
_CUT_OFF = "the end of a sound that was cut off"
_NOT_FOR_HIM = "the caller has left the line in the same moment"

_TIMERS_OF_WAITING: dict[Kind, str] = {name: _LATE_TIMER for name in Timer if name is not Timer.CLEAR}

_RACES: dict[State, dict[Kind, str]] = {
    State.ARRIVING: {LinkBack: "nothing has been ordered yet"},
    State.CLOSED: {CallerAnswered: "told of every channel that is up; a closed call never is"},
    State.WAITING: {Timer.RING: _LATE_TIMER, Timer.ALERT: _LATE_TIMER},
    State.TALKING: {
        RingingSent: _LATE_WORD,
        ProgressSent: _LATE_WORD,
        AnnouncementEnded: _CUT_OFF,
        LegRinging: "a phone may say that it rings after it was picked up (UDP)",
        LegAnswered: "the switch says so twice",
        AssignmentLapsed: _NOT_FOR_HIM,
        **_TIMERS_OF_WAITING,
    },
    State.DISMISSING: {
        RingingSent: _LATE_WORD,
        ProgressSent: _LATE_WORD,
        AssignmentLapsed: _NOT_FOR_HIM,
        **{name: why for name, why in _TIMERS_OF_WAITING.items() if name is not Timer.ANNOUNCE},
    },
    State.CLEARING: {
        CustomerFound: _ASK_AGAIN,
        NumberUnknown: _ASK_AGAIN,
        CustomerBlocked: _ASK_AGAIN,
        LimitReached: _ASK_AGAIN,
        LookupFailed: _ASK_AGAIN,
        RingingSent: _LATE_WORD,
        ProgressSent: _LATE_WORD,
        AnnouncementEnded: _CUT_OFF,
        LegRinging: "the phone was told to stop ringing already",
        LegAnswered: "picked up in the moment in which it was told to stop ringing; the leg's end follows",
        AssignmentLapsed: _NOT_FOR_HIM,
        OrderRefused: "what is refused now has no importance any more",
        LinkBack: "the time to clear is running, and what is left then is told to end again",
        **_TIMERS_OF_WAITING,
    },
    State.ENDED: dict.fromkeys(KINDS, _OVER),
}
IGNORED: dict[tuple[State, Kind], str] = {
    (state, kind): reason for state, row in _RACES.items() for kind, reason in row.items()
}


def kind_of(event: Event) -> Kind:
    """The row that the event belongs to."""
    return event.name if isinstance(event, TimerFired) else type(event)


def step(call: Call, event: Event, now: datetime) -> tuple[Call, Sequence[Command]]:
    """What becomes of the call, and what is to be ordered.

    `now` is an aware time. Raises Impossible for an event that is neither in the table nor a known race.
    """
    if isinstance(event, LegRinging | LegAnswered | LegEnded | LegLost) and event.leg != call.leg:
        return call, _late_leg(call, event)
    key = (call.state, kind_of(event))
    handler = TABLE.get(key)
    if handler:
        return handler(call, event, now)
    if key in IGNORED:
        return call, ()
    raise Impossible(f"call {call.id} is {call.state}: {event} cannot happen")


def _late_leg(call: Call, event: LegRinging | LegAnswered | LegEnded | LegLost) -> Sequence[Command]:
    """A leg that was given up: if it was picked up after all, it is told again to end."""
    if isinstance(event, LegAnswered):
        return (DropLeg(event.leg), Note("late_pick_up", event.leg))
    return ()
