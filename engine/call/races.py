"""Every kind of event there is, and what may come late or twice and then changes nothing, each with its reason.

Rule of this file: a race is only what the switch, a timer or a quick hand can bring about; everything else that the
table does not know is a bug.
"""

from __future__ import annotations

from engine.call import events as e
from engine.call.commands import Timer
from engine.call.state import State

Kind = type[e.Event] | Timer
"""What a row is about: an event's type, or the timer that fired."""

_WISHES: tuple[Kind, ...] = (
    e.TransferOrdered,
    e.ReferAsked,
    e.ReferRefused,
    e.AgentHolds,
    e.TakenBack,
    e.Skipped,
    e.Picked,
    e.Swapped,
    e.Conferred,
    e.HandedOver,
)
_OF_TARGETS: tuple[Kind, ...] = (
    e.TargetRinging,
    e.TargetAnswered,
    e.TargetPressed,
    e.TargetEnded,
    e.TargetSilent,
    e.TargetRefused,
)
KINDS: tuple[Kind, ...] = (
    e.CustomerFound,
    e.NumberUnknown,
    e.CustomerBlocked,
    e.LimitReached,
    e.LookupFailed,
    e.RingingSent,
    e.ProgressSent,
    e.CallerAnswered,
    e.CallerGone,
    e.AnnouncementEnded,
    e.AgentChosen,
    e.LegRinging,
    e.LegAnswered,
    e.LegEnded,
    e.LegLost,
    e.MovedToFront,
    e.Assigned,
    e.AssignmentLapsed,
    *_WISHES,
    *_OF_TARGETS,
    e.OrderRefused,
    e.LinkBack,
    e.Remarked,
    *Timer,
    e.CallerBlocked,
)

_LATE_WORD = "the switch's answer to an order that the next event has overtaken"
_LATE_TIMER = "a timer that ran out in the moment in which it was stopped"
_LATE_WISH = "what an agent wanted of a call that has gone on meanwhile"
_OVER = "nothing that happens after the end changes a call"
_ASK_AGAIN = "the look-up answers once; its second answer changes nothing"
_CUT_OFF = "the end of a sound that was cut off"
_TWICE = "the switch says so twice"
_RINGS_ON = "a phone may say that it rings after it was picked up (UDP)"
_NOT_FOR_HIM = "the caller has left the line in the same moment"
_HOLDS = "a hold concerns the one call that may not be held; what others hear of it ends at the next turn"
_KEY = "a key that was pressed in a conversation"

_LATE_TIMERS: dict[Kind, str] = {name: _LATE_TIMER for name in Timer if name is not Timer.CLEAR}
_LATE_WISHES: dict[Kind, str] = {**dict.fromkeys(_WISHES, _LATE_WISH), e.AgentHolds: _HOLDS}
_IN_A_TALK: dict[Kind, str] = {
    e.RingingSent: _LATE_WORD,
    e.ProgressSent: _LATE_WORD,
    e.AnnouncementEnded: _CUT_OFF,
    e.LegRinging: _RINGS_ON,
    e.LegAnswered: _TWICE,
    e.AssignmentLapsed: _NOT_FOR_HIM,
    **_LATE_WISHES,
    **_LATE_TIMERS,
}
_WITH_TARGET: dict[Kind, str] = {
    **_IN_A_TALK,
    e.CallerAnswered: _TWICE,
    e.TargetRinging: _RINGS_ON,
    e.TargetAnswered: _TWICE,
    e.TargetPressed: _KEY,
    e.TargetSilent: _LATE_WORD,
    e.TargetRefused: "asked once, in the moment in which it was dialled",
}
_DIALLING: dict[Kind, str] = {**_IN_A_TALK, e.CallerAnswered: _TWICE}

_RACES: dict[State, dict[Kind, str]] = {
    State.ARRIVING: {e.LinkBack: "nothing has been ordered yet"},
    State.CLOSED: {e.CallerAnswered: "told of every channel that is up; a closed call never is"},
    State.WAITING: {**_LATE_TIMERS, **_LATE_WISHES},
    State.RINGING: {**_LATE_TIMERS, **_LATE_WISHES},
    State.TALKING: _IN_A_TALK,
    State.DIALLING: _DIALLING,
    State.CONSULTING: _WITH_TARGET,
    State.SWAPPED: _WITH_TARGET,
    State.CONFERENCE: _WITH_TARGET,
    State.FORWARDING: _DIALLING,
    State.PUT_THROUGH: _WITH_TARGET,
    State.DISMISSING: {
        e.RingingSent: _LATE_WORD,
        e.ProgressSent: _LATE_WORD,
        e.AssignmentLapsed: _NOT_FOR_HIM,
        **_LATE_TIMERS,
        **_LATE_WISHES,
    },
    State.CLEARING: {
        e.CustomerFound: _ASK_AGAIN,
        e.NumberUnknown: _ASK_AGAIN,
        e.CustomerBlocked: _ASK_AGAIN,
        e.LimitReached: _ASK_AGAIN,
        e.LookupFailed: _ASK_AGAIN,
        e.CallerBlocked: _ASK_AGAIN,
        e.RingingSent: _LATE_WORD,
        e.ProgressSent: _LATE_WORD,
        e.AnnouncementEnded: _CUT_OFF,
        e.LegRinging: "the phone was told to stop ringing already",
        e.LegAnswered: "picked up in the moment in which it was told to stop ringing; the leg's end follows",
        e.AssignmentLapsed: _NOT_FOR_HIM,
        e.OrderRefused: "what is refused now has no importance any more",
        e.LinkBack: "the time to clear is running, and what is left then is told to end again",
        **_LATE_TIMERS,
        **_LATE_WISHES,
    },
    State.ENDED: dict.fromkeys(KINDS, _OVER),
}
"""Where the table has a row for it, that counts."""


def races(known: frozenset[tuple[State, Kind]]) -> dict[tuple[State, Kind], str]:
    """Every known race, but what has a row of its own (`known`)."""
    pairs = ((state, kind, why) for state, row in _RACES.items() for kind, why in row.items())
    return {(state, kind): why for state, kind, why in pairs if (state, kind) not in known}
