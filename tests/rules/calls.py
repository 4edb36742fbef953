"""Calls to try the rules with: plans, calls in every state, an event of every kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from engine.acd.need import Need
from engine.call import events as e
from engine.call.commands import Announce, Command, Note, PlayMusic, StopTimer, Timer
from engine.call.machine import KINDS, Kind, step
from engine.call.plan import Plan, WaitPlan
from engine.call.state import Call, State
from engine.terms import E164, AgentId, CallId, CustomerId, HangupCause, LegId, PlayId, Treatment

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NUMBER = E164("+4930123450")
AGENT = AgentId("agent1")
LEG = LegId("call-leg-1")


def plan(treatment: Treatment = Treatment.DELAYED_CONNECT, **wait: object) -> Plan:
    """Muster GmbH's plan with this treatment; further settings of the waiting by name."""
    settings = replace(WaitPlan(treatment, announce_every=20.0, max_wait=120.0), **wait)  # type: ignore[arg-type]
    return Plan(CustomerId(1), "K1001", "Muster GmbH", settings, Need(overflow_after=60.0))


def arriving() -> Call:
    """A call that has just been offered."""
    return Call(CallId("call"), "030123450", "+49171", None, NOON)


def found(agreed: Plan | None = None, *, is_open: bool = True) -> e.CustomerFound:
    """The look-up's good answer."""
    return e.CustomerFound(NUMBER, agreed or plan(), is_open, "in_hours" if is_open else "outside_hours")


def walk(call: Call, *events: e.Event, seconds: float = 1.0) -> tuple[Call, list[Command]]:
    """The call after these events, one every `seconds`, and all orders of the last one."""
    orders: list[Command] = []
    now = call.arrived_at
    for event in events:
        now += timedelta(seconds=seconds)
        call, told = step(call, event, now)
        orders = list(told)
    return call, orders


def told(orders: list[Command]) -> list[Command]:
    """The orders without the trail and without stopped timers."""
    return [order for order in orders if not isinstance(order, Note | StopTimer)]


_WAY: dict[State, tuple[e.Event, ...]] = {
    State.ARRIVING: (),
    State.CLOSED: (found(is_open=False),),
    State.WAITING: (found(),),
    State.RINGING: (found(), e.AgentChosen(AGENT)),
    State.TALKING: (found(), e.AgentChosen(AGENT), e.LegAnswered(LEG)),
    State.DISMISSING: (found(plan(Treatment.ANSWERED)), e.TimerFired(Timer.MAX_WAIT)),
    State.CLEARING: (found(), e.AgentChosen(AGENT), e.LegAnswered(LEG), e.CallerAnswered(), e.CallerGone()),
    State.ENDED: (found(), e.CallerGone()),
}


def in_state(state: State) -> Call:
    """A call that came into this state on a usual way."""
    call, _ = walk(arriving(), *_WAY[state])
    assert call.state is state
    return call


_EVENTS: dict[Kind, e.Event] = {
    e.CustomerFound: found(),
    e.NumberUnknown: e.NumberUnknown(),
    e.CustomerBlocked: e.CustomerBlocked(NUMBER, plan()),
    e.LimitReached: e.LimitReached("trunk carrier: 2 calls at once"),
    e.LookupFailed: e.LookupFailed(),
    e.RingingSent: e.RingingSent(),
    e.ProgressSent: e.ProgressSent(),
    e.CallerAnswered: e.CallerAnswered(),
    e.CallerGone: e.CallerGone(HangupCause.NORMAL),
    e.AnnouncementEnded: e.AnnouncementEnded(PlayId("call-play-1")),
    e.AgentChosen: e.AgentChosen(AGENT),
    e.LegRinging: e.LegRinging(LEG),
    e.LegAnswered: e.LegAnswered(LEG),
    e.LegEnded: e.LegEnded(LEG, HangupCause.BUSY),
    e.LegLost: e.LegLost(LEG, 60.0),
    e.MovedToFront: e.MovedToFront(-2, "chief"),
    e.Assigned: e.Assigned(AgentId("agent2"), "chief"),
    e.AssignmentLapsed: e.AssignmentLapsed(AgentId("agent2")),
    e.OrderRefused: e.OrderRefused(PlayMusic("default"), "500"),
    e.LinkBack: e.LinkBack(),
    **{name: e.TimerFired(name) for name in Timer},
}


def event_of(kind: Kind) -> e.Event:
    """An event of this kind that fits the calls of `in_state`."""
    return _EVENTS[kind]


def every_pair() -> list[tuple[State, Kind]]:
    """Every state with every kind of event."""
    return [(state, kind) for state in State for kind in KINDS]


def refused_announcement(play: str) -> e.OrderRefused:
    """The switch could not play this."""
    return e.OrderRefused(Announce(PlayId(play), "please-wait"), "404")
