"""The machine of one listening: (state, what happened) -> the step that follows.

The rules of this file are those of `engine.call.machine`: `TABLE` is the whole truth, `IGNORED` names the known races,
each with its reason, and what is in neither raises `Impossible` before anything was changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from engine.listening import steps as s
from engine.listening.commands import Command, Timer
from engine.listening.events import (
    Event,
    Joined,
    LegEnded,
    LinkLost,
    NotTold,
    OrderRefused,
    PickedUp,
    SnoopEnded,
    Stopped,
    TalkOver,
    Tapped,
    TimerFired,
    Told,
)
from engine.listening.state import Listening, State

Kind = type[Event] | Timer
Handler = Callable[[Listening, Event, datetime], tuple[Listening, list[Command]]]


class Impossible(Exception):
    """The event cannot happen in this state, as far as the table knows."""


_ALWAYS: dict[Kind, Handler] = {
    TalkOver: s.talk_over,
    Stopped: s.stopped,
    LinkLost: s.link_lost,
    OrderRefused: s.refused,
}
_ROWS: dict[State, dict[Kind, Handler]] = {
    State.RINGING: {**_ALWAYS, PickedUp: s.picked_up, LegEnded: s.not_picked_up, Timer.RING: s.rang_in_vain},
    State.TELLING: {
        **_ALWAYS,
        Told: s.told,
        NotTold: s.not_told,
        LegEnded: s.supervisor_left,
        Timer.TELL: s.too_late,
    },
    State.TAPPING: {
        **_ALWAYS,
        Tapped: s.tapped,
        LegEnded: s.supervisor_left,
        SnoopEnded: s.snoop_gone,
        Timer.TAP: s.too_late,
    },
    State.JOINING: {
        **_ALWAYS,
        Joined: s.joined,
        LegEnded: s.supervisor_left,
        SnoopEnded: s.snoop_gone,
        Timer.TAP: s.too_late,
    },
    State.HEARING: {**_ALWAYS, LegEnded: s.supervisor_left, SnoopEnded: s.snoop_gone},
    State.CLEARING: {
        LegEnded: s.leg_cleared,
        SnoopEnded: s.snoop_cleared,
        PickedUp: s.late_pick_up,
        Tapped: s.late_tap,
        OrderRefused: s.tap_refused_late,
        LinkLost: s.link_lost,
        Timer.CLEAR: s.clear_time_over,
    },
    State.ENDED: {},
}
TABLE: dict[tuple[State, Kind], Handler] = {
    (state, kind): handler for state, row in _ROWS.items() for kind, handler in row.items()
}
KINDS: tuple[Kind, ...] = (
    PickedUp,
    LegEnded,
    Told,
    NotTold,
    Tapped,
    SnoopEnded,
    Joined,
    TalkOver,
    Stopped,
    LinkLost,
    OrderRefused,
    *Timer,
)

_TWICE = "the switch says so twice"
_LATE_TIMER = "a timer that ran out in the moment in which it was stopped"
_OVER = "nothing that happens after the end changes it"
_RACES: dict[State, dict[Kind, str]] = {
    State.RINGING: {},
    State.TELLING: {PickedUp: _TWICE, Timer.RING: _LATE_TIMER},
    State.TAPPING: {PickedUp: _TWICE, Told: _TWICE, NotTold: _TWICE, Timer.TELL: _LATE_TIMER},
    State.JOINING: {PickedUp: _TWICE, Told: _TWICE, NotTold: _TWICE, Tapped: _TWICE},
    State.HEARING: {
        PickedUp: _TWICE,
        Told: _TWICE,
        NotTold: _TWICE,
        Tapped: _TWICE,
        Joined: _TWICE,
        Timer.TAP: _LATE_TIMER,
    },
    State.CLEARING: {
        Told: "the announcement ended in the moment in which it was given up",
        NotTold: "the announcement was cut off",
        Joined: "joined in the moment in which it was given up; both channels end",
        TalkOver: _OVER,
        Stopped: _OVER,
        Timer.RING: _LATE_TIMER,
        Timer.TELL: _LATE_TIMER,
        Timer.TAP: _LATE_TIMER,
    },
    State.ENDED: dict.fromkeys(KINDS, _OVER),
}
IGNORED: dict[tuple[State, Kind], str] = {
    (state, kind): reason for state, row in _RACES.items() for kind, reason in row.items()
}


def kind_of(event: Event) -> Kind:
    """The row that the event belongs to."""
    return event.name if isinstance(event, TimerFired) else type(event)


def step(listening: Listening, event: Event, now: datetime) -> tuple[Listening, Sequence[Command]]:
    """What becomes of the listening, and what is to be ordered.

    `now` is an aware time. Raises Impossible for an event that is neither in the table nor a known race.
    """
    key = (listening.state, kind_of(event))
    if handler := TABLE.get(key):
        return handler(listening, event, now)
    if key in IGNORED:
        return listening, ()
    raise Impossible(f"listening {listening.id} is {listening.state}: {event} cannot happen")
