"""Steps at the end of a call: everybody's channel ends, then the call does.

Rule of this file: a call is over when the caller's channel *and* the agent's leg are gone. The agent is free when the
leg is gone, not before: the next caller's ring would meet a busy phone.
"""

from __future__ import annotations

from datetime import datetime

from engine.call import talks
from engine.call.commands import (
    AgentDone,
    AgentSpared,
    Answer,
    Bridge,
    Command,
    Decline,
    DropLeg,
    Note,
    Release,
    StartTimer,
    StopTimer,
    Timer,
    Unbridge,
)
from engine.call.events import CallerBlocked, CallerGone, Event, LegEnded, OrderRefused, Remarked
from engine.call.state import Call, Outcome, State, TalkEnd, replace
from engine.terms import AgentId, HangupCause

CLEAR_SECONDS = 5.0
"""How long a channel that was told to end may take to say that it did; the switch needs milliseconds."""
_WAITING_TIMERS = (Timer.MAX_WAIT, Timer.OVERFLOW, Timer.ANNOUNCE, Timer.RING, Timer.ALERT)

Step = tuple[Call, list[Command]]


def clear(call: Call, cause: HangupCause, orders: list[Command], release: Command | None = None) -> Step:
    """Release the caller with this cause, or by another `release`, and the agent's leg if there is one."""
    drop: list[Command] = [DropLeg(call.leg)] if call.leg else []
    stop = [StopTimer(name) for name in _WAITING_TIMERS] if call.plan else []
    call = replace(call, state=State.CLEARING, cause=cause)
    return call, [*orders, release or Release(cause), *drop, *stop, StartTimer(Timer.CLEAR, CLEAR_SECONDS)]


def caller_blocked(call: Call, event: Event, _now: datetime) -> Step:
    """603, whatever the hours (ADR 0025)."""
    assert isinstance(event, CallerBlocked)
    plan = event.plan
    call = replace(call, access_number=event.access_number, plan=plan, outcome=Outcome.CALLER_BLOCKED)
    why = Note("caller_blocked", f"{event.number} {event.why}".rstrip())
    return clear(call, HangupCause.REJECTED, [Note("customer", f"{plan.number} {plan.name}"), why], Decline())


def over(call: Call, event: Event, now: datetime, orders: list[Command]) -> Step:
    """The caller's channel is gone; so must be the agent's leg."""
    assert isinstance(event, CallerGone)
    call = replace(call, ended_at=now, cause=event.cause)
    if call.leg is None:
        return _ended(call, [*orders, Note("caller_left")])
    drop = DropLeg(call.leg)
    stop = [StopTimer(name) for name in _WAITING_TIMERS]
    call = replace(call, state=State.CLEARING)
    return call, [*orders, Note("caller_left"), drop, *stop, StartTimer(Timer.CLEAR, CLEAR_SECONDS)]


def caller_left_agent(call: Call, event: Event, now: datetime) -> Step:
    """The caller has hung up on the agent; the charged time ends here."""
    return over(talks.over(call, now, TalkEnd.CALLER_LEFT), event, now, [Unbridge()])


def agent_left(call: Call, event: Event, now: datetime) -> Step:
    """The agent has hung up; the charged time ends here."""
    assert isinstance(event, LegEnded)
    assert call.agent is not None
    orders: list[Command] = [AgentDone(call.agent), Unbridge(), Note("agent_left", event.cause.name.lower())]
    call = talks.over(replace(call, leg=None), now, TalkEnd.AGENT_LEFT)
    return clear(call, HangupCause.NORMAL, orders)


def not_joined(call: Call, event: Event, now: datetime) -> Step:
    """Caller and agent could not be connected: both are released and nothing is charged, but for talks before."""
    assert isinstance(event, OrderRefused)
    said = Note("refused", f"{type(event.command).__name__}: {event.why}")
    if not isinstance(event.command, Answer | Bridge):
        return call, [said]
    outcome = Outcome.ANSWERED if call.talked_ms else Outcome.FAILED
    call = talks.over(replace(call, failed=True, outcome=outcome), now, TalkEnd.NOT_JOINED)
    return clear(call, HangupCause.NETWORK_FAILURE, [said, Unbridge()])


def caller_cleared(call: Call, event: Event, now: datetime) -> Step:
    """The caller's channel has ended, as it was told."""
    assert isinstance(event, CallerGone)
    if call.ended_at:
        return call, []
    call = replace(call, ended_at=now)
    return (call, []) if call.leg else _ended(call, [])


def leg_cleared(call: Call, _event: Event, _now: datetime) -> Step:
    """The agent's leg has ended, as it was told: the agent is free."""
    assert call.agent is not None
    free = _freed(call.agent, call)
    call = replace(call, leg=None)
    return _ended(call, [free]) if call.ended_at else (call, [free])


def clear_time_over(call: Call, _event: Event, now: datetime) -> Step:
    """Somebody's end was never told: nobody stays stuck for that."""
    orders: list[Command] = [Note("clear_time_over")]
    if call.leg and call.agent:
        orders += [DropLeg(call.leg), _freed(call.agent, call)]
    if not call.ended_at:
        orders.append(Release(call.cause or HangupCause.NORMAL))
    return _ended(replace(call, leg=None, ended_at=call.ended_at or now), orders)


def remarked(call: Call, event: Event, _now: datetime) -> Step:
    """In any state but the last: a line of the trail."""
    assert isinstance(event, Remarked)
    return call, [Note(event.what, event.detail)]


def _freed(agent: AgentId, call: Call) -> Command:
    """A phone that was picked up has had its talk; one that was not goes back to where its agent was."""
    return AgentDone(agent) if call.talk_began_at else AgentSpared(agent)


def _ended(call: Call, orders: list[Command]) -> Step:
    cause = (call.cause or HangupCause.UNKNOWN).name.lower()
    call = replace(call, state=State.ENDED)
    return call, [*orders, StopTimer(Timer.CLEAR), Note("ended", f"{call.outcome}, {cause}")]
