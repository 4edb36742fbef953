"""Calls to try the rules with: plans, calls in every state, an event of every kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from engine.acd.need import Need
from engine.call import events as e
from engine.call.commands import Announce, Command, Note, PlayMusic, StopTimer, Timer
from engine.call.machine import step
from engine.call.plan import Plan, WaitPlan
from engine.call.races import KINDS
from engine.call.races import Kind as Row
from engine.call.state import Call, State
from engine.terms import E164, AgentId, CallId, CustomerId, HangupCause, LegId, PlayId, Treatment
from engine.transfer.plan import Kind, Order, Route, Target

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NUMBER = E164("+4930123450")
AGENT = AgentId("agent1")
LEG = LegId("call-leg-1")
OUT = LegId("call-out-1")


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


def then(call: Call, event: e.Event, seconds: float = 60.0) -> tuple[Call, list[Command]]:
    """The call after one more event, so many seconds after its arrival, and its orders."""
    after, orders = step(call, event, call.arrived_at + timedelta(seconds=seconds))
    return after, list(orders)


def told(orders: Sequence[Command]) -> list[Command]:
    """The orders without the trail and without stopped timers."""
    return [order for order in orders if not isinstance(order, Note | StopTimer)]


def target(number: str = "+49301", *, trunks: tuple[str, ...] = ("carrier",), accept: bool = False) -> Target:
    """A number of Frau Korn's, by these trunks."""
    routes = tuple(Route(trunk, number, NUMBER) for trunk in trunks)
    return Target("Frau Korn", E164(number), 25.0, routes, accept)


def order(kind: Kind = Kind.ANNOUNCED, *targets: Target) -> e.TransferOrdered:
    """An agent wants the caller put through to Frau Korn; by default to three numbers of hers."""
    return e.TransferOrdered(
        Order(kind, targets or tuple(map(target, ("+49301", "+49302", "+49303"))), "anna", longest=3600.0)
    )


TALK: tuple[e.Event, ...] = (found(), e.AgentChosen(AGENT), e.LegAnswered(LEG), e.CallerAnswered())
_WAY: dict[State, tuple[e.Event, ...]] = {
    State.ARRIVING: (),
    State.CLOSED: (found(is_open=False),),
    State.WAITING: (found(),),
    State.RINGING: (found(), e.AgentChosen(AGENT)),
    State.TALKING: (found(), e.AgentChosen(AGENT), e.LegAnswered(LEG)),
    State.DIALLING: (*TALK, order()),
    State.CONSULTING: (*TALK, order(), e.TargetAnswered(OUT)),
    State.SWAPPED: (*TALK, order(), e.TargetAnswered(OUT), e.Swapped()),
    State.CONFERENCE: (*TALK, order(), e.TargetAnswered(OUT), e.Conferred()),
    State.FORWARDING: (*TALK, order(Kind.BLIND)),
    State.PUT_THROUGH: (*TALK, order(Kind.BLIND), e.TargetAnswered(OUT)),
    State.DISMISSING: (found(plan(Treatment.ANSWERED)), e.TimerFired(Timer.MAX_WAIT)),
    State.CLEARING: (found(), e.AgentChosen(AGENT), e.LegAnswered(LEG), e.CallerAnswered(), e.CallerGone()),
    State.ENDED: (found(), e.CallerGone()),
}


def in_state(state: State) -> Call:
    """A call that came into this state on a usual way."""
    call, _ = walk(arriving(), *_WAY[state])
    assert call.state is state
    return call


_EVENTS: dict[Row, e.Event] = {
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
    e.TransferOrdered: order(),
    e.ReferAsked: e.ReferAsked(LEG, "+49301"),
    e.ReferRefused: e.ReferRefused(LEG, "no target of this customer's"),
    e.AgentHolds: e.AgentHolds(LEG),
    e.TakenBack: e.TakenBack(),
    e.Skipped: e.Skipped(),
    e.Picked: e.Picked(1),
    e.Swapped: e.Swapped(),
    e.Conferred: e.Conferred(),
    e.HandedOver: e.HandedOver(),
    e.TargetRinging: e.TargetRinging(OUT),
    e.TargetAnswered: e.TargetAnswered(OUT),
    e.TargetPressed: e.TargetPressed(OUT, "1"),
    e.TargetEnded: e.TargetEnded(OUT, HangupCause.BUSY),
    e.LegLost: e.LegLost(LEG, 60.0),
    e.MovedToFront: e.MovedToFront(-2, "chief"),
    e.Assigned: e.Assigned(AgentId("agent2"), "chief"),
    e.AssignmentLapsed: e.AssignmentLapsed(AgentId("agent2")),
    e.TargetSilent: e.TargetSilent(OUT),
    e.TargetRefused: e.TargetRefused(OUT, "minutes_per_day", by_trunk=False),
    e.OrderRefused: e.OrderRefused(PlayMusic("default"), "500"),
    e.LinkBack: e.LinkBack(),
    e.CallerBlocked: e.CallerBlocked(NUMBER, plan(), E164("+49171"), "2026-03-01 12:00 eva@muster.example Werbung"),
    e.Remarked: e.Remarked("listening_over", "sarah"),
    **{name: e.TimerFired(name) for name in Timer},
}


def event_of(kind: Row) -> e.Event:
    """An event of this kind that fits the calls of `in_state`."""
    return _EVENTS[kind]


def every_pair() -> list[tuple[State, Row]]:
    """Every state with every kind of event."""
    return [(state, kind) for state in State for kind in KINDS]


def refused_announcement(play: str) -> e.OrderRefused:
    """The switch could not play this."""
    return e.OrderRefused(Announce(PlayId(play), "please-wait"), "404")
