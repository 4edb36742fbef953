"""The call machine: (state, what happened) -> the step that follows.

The rules of this file, in the manner of a protocol machine:
1. `TABLE` is the whole truth of what can happen to a call. `IGNORED` names the known races (`races.py`).
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
from engine.call import steps_dialling as d
from engine.call import steps_joined as j
from engine.call import steps_supervised as s
from engine.call import steps_waiting as w
from engine.call.commands import Command, DropLeg, DropTarget, Note, Timer
from engine.call.events import (
    AgentChosen,
    AgentHolds,
    AnnouncementEnded,
    Assigned,
    AssignmentLapsed,
    CallerAnswered,
    CallerBlocked,
    CallerGone,
    Conferred,
    CustomerBlocked,
    CustomerFound,
    Event,
    HandedOver,
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
    Picked,
    ProgressSent,
    ReferAsked,
    ReferRefused,
    Remarked,
    RingingSent,
    Skipped,
    Swapped,
    TakenBack,
    TargetAnswered,
    TargetEnded,
    TargetPressed,
    TargetRefused,
    TargetRinging,
    TargetSilent,
    TimerFired,
    TransferOrdered,
)
from engine.call.races import Kind, races
from engine.call.state import Call, State

_OF_AGENTS = LegRinging | LegAnswered | LegEnded | LegLost | ReferAsked | ReferRefused | AgentHolds
_OF_TARGETS = TargetRinging | TargetAnswered | TargetPressed | TargetEnded | TargetSilent | TargetRefused
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

_DIALLING: dict[Kind, Handler] = {
    TargetRinging: d.ringing,
    TargetAnswered: d.answered,
    TargetPressed: d.pressed,
    TargetEnded: d.ended,
    AnnouncementEnded: d.asked,
    LinkBack: d.link_back,
    OrderRefused: j.refused,
    CallerGone: j.caller_left,
    Timer.TARGET: d.rung_out,
    Timer.TARGET_ALERT: d.probe,
    TargetSilent: d.silent,
    TargetRefused: d.limited,
    Timer.ACCEPT: d.not_accepted,
}
_WITH_TARGET: dict[Kind, Handler] = {
    ReferAsked: d.refer_asked,
    ReferRefused: d.refer_refused,
    TakenBack: j.taken_back,
    Skipped: d.skipped,
    Picked: d.by_hand,
    Swapped: j.swapped,
    Conferred: j.conferred,
    HandedOver: j.handed_over,
    TargetEnded: j.target_left,
    LegEnded: j.agent_left,
    LegLost: j.agent_left,
    CallerGone: j.caller_left,
    OrderRefused: j.refused,
    LinkBack: j.heard_again,
}

_ROWS: dict[State, dict[Kind, Handler]] = {
    State.ARRIVING: {
        CustomerFound: w.customer_found,
        NumberUnknown: w.number_unknown,
        CustomerBlocked: w.customer_blocked,
        LimitReached: w.limit_reached,
        LookupFailed: w.lookup_failed,
        CallerGone: w.abandoned,
        CallerBlocked: c.caller_blocked,
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
        TransferOrdered: d.ordered,
        ReferAsked: d.refer_asked,
        ReferRefused: d.refer_refused,
        AgentHolds: d.held,
    },
    State.DIALLING: {
        **_DIALLING,
        ReferAsked: d.refer_asked,
        ReferRefused: d.refer_refused,
        TakenBack: j.taken_back,
        Skipped: d.skipped,
        Picked: d.by_hand,
        HandedOver: j.handed_over,
        LegEnded: j.agent_left,
        LegLost: j.agent_left,
    },
    State.CONSULTING: _WITH_TARGET,
    State.SWAPPED: _WITH_TARGET,
    State.CONFERENCE: {kind: handler for kind, handler in _WITH_TARGET.items() if kind is not Conferred},
    State.FORWARDING: {**_DIALLING, LegEnded: j.agent_gone, LegLost: j.agent_gone},
    State.PUT_THROUGH: {
        TargetEnded: j.talk_over,
        LegEnded: j.agent_gone,
        LegLost: j.agent_gone,
        CallerGone: j.caller_left,
        OrderRefused: j.refused,
        LinkBack: j.heard_again,
        Timer.TALK_LIMIT: j.talk_limit,
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
} | {(state, Remarked): c.remarked for state in State if state is not State.ENDED}


IGNORED: dict[tuple[State, Kind], str] = races(frozenset(TABLE))


def kind_of(event: Event) -> Kind:
    """The row that the event belongs to."""
    return event.name if isinstance(event, TimerFired) else type(event)


def step(call: Call, event: Event, now: datetime) -> tuple[Call, Sequence[Command]]:
    """What becomes of the call, and what is to be ordered.

    `now` is an aware time. Raises Impossible for an event that is neither in the table nor a known race.
    """
    if isinstance(event, _OF_AGENTS) and event.leg != call.leg:
        return call, _late_leg(event)
    if isinstance(event, _OF_TARGETS) and event.leg != call.target:
        return call, _late_target(event)
    key = (call.state, kind_of(event))
    handler = TABLE.get(key)
    if handler:
        return handler(call, event, now)
    if key in IGNORED:
        return call, ()
    raise Impossible(f"call {call.id} is {call.state}: {event} cannot happen")


def _late_leg(event: Event) -> Sequence[Command]:
    """A leg that was given up: if it was picked up after all, it is told again to end."""
    if isinstance(event, LegAnswered):
        return (DropLeg(event.leg), Note("late_pick_up", event.leg))
    return ()


def _late_target(event: Event) -> Sequence[Command]:
    """The same of a target's."""
    if isinstance(event, TargetAnswered):
        return (DropTarget(event.leg), Note("late_pick_up", event.leg))
    return ()
