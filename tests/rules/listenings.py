"""Listenings to try the rules with: in every state, an event of every kind."""

from __future__ import annotations

from datetime import timedelta

from engine.listening import commands as c
from engine.listening import events as e
from engine.listening.machine import KINDS, Kind, step
from engine.listening.state import Listening, State, listening_id
from engine.terms import AgentId, CallId, HangupCause, LegId
from tests.rules.calls import NOON

CALL, ANNA, SARAH = CallId("vz-1.7"), AgentId("anna"), AgentId("sarah")


def ordered() -> Listening:
    """Sarah wants to listen to Anna; her phone rings."""
    return Listening(listening_id(CALL, 1), CALL, ANNA, LegId("vz-1.7-leg-1"), SARAH, "sarah.lead")


WAY: dict[State, tuple[e.Event, ...]] = {
    State.RINGING: (),
    State.TELLING: (e.PickedUp(),),
    State.TAPPING: (e.PickedUp(), e.Told()),
    State.JOINING: (e.PickedUp(), e.Told(), e.Tapped()),
    State.HEARING: (e.PickedUp(), e.Told(), e.Tapped(), e.Joined()),
    State.CLEARING: (e.PickedUp(), e.Told(), e.Tapped(), e.Joined(), e.TalkOver()),
    State.ENDED: (e.LegEnded(HangupCause.BUSY),),
}
"""The usual way into each state."""


def walk(listening: Listening, *events: e.Event) -> tuple[Listening, list[c.Command]]:
    """The listening after these events, one every second, and all orders of the last one."""
    orders: list[c.Command] = []
    now = NOON
    for event in events:
        now += timedelta(seconds=1)
        listening, told = step(listening, event, now)
        orders = list(told)
    return listening, orders


def in_state(state: State) -> Listening:
    """One that came into this state on the usual way."""
    listening, _ = walk(ordered(), *WAY[state])
    assert listening.state is state
    return listening


_EVENTS: dict[Kind, e.Event] = {
    e.PickedUp: e.PickedUp(),
    e.LegEnded: e.LegEnded(),
    e.Told: e.Told(),
    e.NotTold: e.NotTold(),
    e.Tapped: e.Tapped(),
    e.SnoopEnded: e.SnoopEnded(),
    e.Joined: e.Joined(),
    e.TalkOver: e.TalkOver(),
    e.Stopped: e.Stopped("stopped"),
    e.LinkLost: e.LinkLost(),
    e.OrderRefused: e.OrderRefused(c.Join(), "500"),
    **{name: e.TimerFired(name) for name in c.Timer},
}


def event_of(kind: Kind) -> e.Event:
    """An event of this kind."""
    return _EVENTS[kind]


def every_pair() -> list[tuple[State, Kind]]:
    """Every state with every kind of event."""
    return [(state, kind) for state in State for kind in KINDS]


def told(orders: list[c.Command]) -> list[c.Command]:
    """The orders without stopped timers."""
    return [order for order in orders if not isinstance(order, c.StopTimer)]
