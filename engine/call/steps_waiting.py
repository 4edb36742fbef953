"""Steps from the arrival of a call until an agent picks up."""

from __future__ import annotations

from datetime import datetime

from engine.call import sound, talks
from engine.call.clearing import clear, over
from engine.call.commands import (
    AgentMissed,
    AgentTalks,
    Announce,
    Bridge,
    Command,
    DialAgent,
    DropLeg,
    JoinLine,
    LeaveLine,
    Note,
    RefuseHold,
    ReturnToLine,
    Ring,
    StartTimer,
    StopAnnouncement,
    StopTimer,
    Timer,
    Widen,
)
from engine.call.events import (
    AgentChosen,
    AnnouncementEnded,
    CustomerBlocked,
    CustomerFound,
    Event,
    LegEnded,
    LegLost,
    LimitReached,
    OrderRefused,
)
from engine.call.state import Call, Outcome, State, replace
from engine.terms import AgentId, HangupCause, LegId, Treatment

Step = tuple[Call, list[Command]]
_SOON = 0.001


def customer_found(call: Call, event: Event, now: datetime) -> Step:
    """In hours the caller waits as agreed; outside them the call rings and is never answered (§3.2)."""
    assert isinstance(event, CustomerFound)
    call = replace(call, access_number=event.access_number, plan=event.plan)
    known = _known(event)
    if not event.open:
        return replace(call, state=State.CLOSED, outcome=Outcome.CLOSED), [
            known,
            Note("closed", event.why),
            Ring(),
        ]
    call, sounds = sound.begin(replace(call, state=State.WAITING))
    return call, [known, *sounds, *waits(call, now)]


def waits(call: Call, now: datetime, *, anew: bool = False, back_to: AgentId | None = None) -> list[Command]:
    """Take the place in the line, and let the waiting times run; `anew`: the longest wait begins now."""
    plan = call.settings
    timers: list[Command] = []
    if plan.wait.max_wait:
        longest = plan.wait.max_wait if anew else _left(plan.wait.max_wait, call, now)
        timers.append(StartTimer(Timer.MAX_WAIT, longest))
    if plan.need.overflow_after:
        timers.append(StartTimer(Timer.OVERFLOW, _left(plan.need.overflow_after, call, now)))
    return [*timers, JoinLine(plan.need, back_to)]


def _known(found: CustomerFound) -> Note:
    return Note("customer", f"{found.plan.number} {found.plan.name}")


def _left(seconds: float, call: Call, now: datetime) -> float:
    """What is left of a waiting time, which counts from the arrival (L6): the caller may come from the safety net."""
    return max(seconds - (now - call.arrived_at).total_seconds(), _SOON)


def number_unknown(call: Call, _event: Event, _now: datetime) -> Step:
    """404 (§2.1)."""
    call = replace(call, outcome=Outcome.UNKNOWN_NUMBER)
    return clear(call, HangupCause.UNALLOCATED, [Note("unknown_number", call.dialled)])


def customer_blocked(call: Call, event: Event, _now: datetime) -> Step:
    """403 (§2.1)."""
    assert isinstance(event, CustomerBlocked)
    call = replace(call, access_number=event.access_number, plan=event.plan, outcome=Outcome.BLOCKED)
    return clear(call, HangupCause.REJECTED, [Note("blocked", f"{event.plan.number} {event.plan.name}")])


def limit_reached(call: Call, event: Event, _now: datetime) -> Step:
    """The trunk's limit: 503, the carrier may try elsewhere. The customer's: 486, as if every line were busy."""
    assert isinstance(event, LimitReached)
    call = replace(call, outcome=Outcome.LIMITED)
    said = Note("limited", event.limit)
    if event.found is None:
        return clear(call, HangupCause.CONGESTION, [said])
    call = replace(call, access_number=event.found.access_number, plan=event.found.plan)
    return clear(call, HangupCause.BUSY, [_known(event.found), said])


def lookup_failed(call: Call, _event: Event, _now: datetime) -> Step:
    """503: the carrier may try elsewhere."""
    call = replace(call, outcome=Outcome.FAILED)
    return clear(call, HangupCause.CONGESTION, [Note("lookup_failed")])


def ringing_sent(call: Call, _event: Event, _now: datetime) -> Step:
    """For the proof (L4)."""
    return call, [Note("180")]


def progress_sent(call: Call, _event: Event, now: datetime) -> Step:
    """The first media, for the proof (L4)."""
    return replace(call, first_media_at=call.first_media_at or now), [Note("183")]


def caller_answered(call: Call, _event: Event, now: datetime) -> Step:
    """200 has gone out; the switch says so twice."""
    if call.answered_at:
        return call, []
    return replace(call, answered_at=now, first_media_at=call.first_media_at or now), [Note("200")]


def announcement_ended(call: Call, event: Event, _now: datetime) -> Step:
    """On with the next sound; the end of an announcement that was cut off is no news."""
    assert isinstance(event, AnnouncementEnded)
    return sound.onward(call) if event.play == call.playing else (call, [])


def refused(call: Call, event: Event, _now: datetime) -> Step:
    """The switch would not: a sound that cannot be played gives way to the next, the rest goes into the trail."""
    assert isinstance(event, OrderRefused)
    said = Note("refused", f"{type(event.command).__name__}: {event.why}")
    if isinstance(event.command, Announce) and event.command.play == call.playing:
        call, sounds = sound.onward(call)
        return call, [said, *sounds]
    return call, [said]


def announcement_due(call: Call, _event: Event, _now: datetime) -> Step:
    """An interim announcement; or the next sound, where the last announcement seems never to end."""
    if not call.playing:
        return sound.interim(call)
    cut = StopAnnouncement(call.playing)
    call, sounds = sound.onward(call)
    return call, [cut, *sounds]


def overflow(call: Call, _event: Event, _now: datetime) -> Step:
    """From now on the wider circle may answer too."""
    return call, [Note("overflow"), Widen()]


def agent_chosen(call: Call, event: Event, _now: datetime) -> Step:
    """Ring the agent's phone with the customer's name and the caller's number."""
    assert isinstance(event, AgentChosen)
    plan = call.settings
    leg = LegId(f"{call.id}-leg-{call.legs + 1}")
    call = replace(call, talked_ms=call.connected_ms, talk_began_at=None)
    call = replace(call, state=State.RINGING, agent=event.agent, leg=leg, legs=call.legs + 1)
    return call, [
        DialAgent(leg, event.agent, plan.name, call.caller),
        StartTimer(Timer.RING, plan.ring_time),
        StartTimer(Timer.ALERT, min(plan.alert_time, plan.ring_time)),
        Note("ringing_agent", event.agent),
    ]


def leg_ringing(call: Call, _event: Event, _now: datetime) -> Step:
    """The phone is there."""
    return call, [StopTimer(Timer.ALERT)]


def leg_answered(call: Call, _event: Event, now: datetime) -> Step:
    """The agent is there: the caller is answered and joined with the agent."""
    leg, agent = call.leg, call.agent
    assert leg is not None
    assert agent is not None
    call = replace(call, state=State.TALKING, picked_up_at=call.picked_up_at or now, outcome=Outcome.ANSWERED)
    call, sounds = sound.give_way(talks.began(call, agent, now))
    return call, [
        *sounds,
        *no_hold(call),
        Bridge(leg),
        LeaveLine(),
        AgentTalks(agent),
        Note("picked_up", agent),
        *(StopTimer(name) for name in (Timer.RING, Timer.ALERT, Timer.MAX_WAIT, Timer.OVERFLOW)),
    ]


def no_hold(call: Call) -> list[Command]:
    """Where the caller would pay for that wait (L3)."""
    return [] if call.settings.may_hold else [RefuseHold()]


def leg_ended(call: Call, event: Event, now: datetime) -> Step:
    """Rejected, unreachable or gone: the next agent's turn."""
    assert isinstance(event, LegEnded | LegLost)
    return _missed(replace(call, leg=None), event.cause, now)


def ring_time_over(call: Call, _event: Event, now: datetime) -> Step:
    """Nobody picked up: the next agent's turn."""
    return _missed(call, HangupCause.NO_ANSWER, now)


def phone_silent(call: Call, _event: Event, now: datetime) -> Step:
    """The phone has not even said that it rings: it is not there."""
    return _missed(call, HangupCause.NO_USER_RESPONSE, now)


def _missed(call: Call, cause: HangupCause, now: datetime) -> Step:
    assert call.agent is not None
    orders: list[Command] = [DropLeg(call.leg)] if call.leg else []
    orders += [StopTimer(Timer.RING), StopTimer(Timer.ALERT)]
    orders.append(Note("missed", f"{call.agent}: {cause.name.lower()}"))
    missed = AgentMissed(call.agent, cause)
    call = replace(call, state=State.WAITING, agent=None, leg=None)
    if not call.overdue:
        # First the caller is back in the line, then the agent is free: else a later caller would be taken first.
        return call, [*orders, ReturnToLine(), missed]
    call, rest = _dismiss(call, now)
    return call, [*orders, *rest, missed]


def max_wait(call: Call, _event: Event, now: datetime) -> Step:
    """The longest wait is over: busy (L6), unless the customer lets callers wait on."""
    return (call, [Note("max_wait", "waits on")]) if call.settings.wait.waits_on else _dismiss(call, now)


def max_wait_while_ringing(call: Call, _event: Event, now: datetime) -> Step:
    """An agent's phone rings already: that ring may still be picked up, but it is the last.

    It is taken back where the caller would pay for it (0180-7, TKG § 115).
    """
    if call.settings.wait.ends_at_once:
        return _dismiss(call, now)
    if call.settings.wait.waits_on:
        return call, [Note("max_wait", "waits on")]
    return replace(call, overdue=True), [Note("max_wait", "last ring")]


def _dismiss(call: Call, now: datetime) -> Step:
    """Who was answered, if only because he has talked before, is told why."""
    call = talks.lost(call, now)
    call = replace(call, outcome=Outcome.MAX_WAIT if call.outcome is Outcome.OPEN else call.outcome)
    wait = call.settings.wait
    answered = call.answered_at is not None or wait.treatment is Treatment.ANSWERED
    if wait.ends_at_once or not answered:
        return clear(call, HangupCause.BUSY, [Note("max_wait", "busy"), LeaveLine()])
    call, quiet = sound.hush(replace(call, state=State.DISMISSING))
    call, words = sound.announce(call, sound.ALL_BUSY)
    return call, [Note("max_wait", "all busy"), LeaveLine(), *quiet, StopTimer(Timer.OVERFLOW), *words]


def dismissal_endless(call: Call, _event: Event, _now: datetime) -> Step:
    """The end of the words was never told: the call is released without waiting on."""
    return clear(replace(call, playing=None), HangupCause.BUSY, [])


def dismissed(call: Call, event: Event, _now: datetime) -> Step:
    """The caller has heard that all are busy."""
    assert isinstance(event, AnnouncementEnded)
    if event.play != call.playing:
        return call, []
    return clear(replace(call, playing=None), HangupCause.BUSY, [])


def dismissal_refused(call: Call, event: Event, _now: datetime) -> Step:
    """The words cannot be played: the call is released without them."""
    assert isinstance(event, OrderRefused)
    said = Note("refused", f"{type(event.command).__name__}: {event.why}")
    if not isinstance(event.command, Announce):
        return call, [said]
    return clear(replace(call, playing=None), HangupCause.BUSY, [said])


def abandoned(call: Call, event: Event, now: datetime) -> Step:
    """The caller has hung up while waiting."""
    if call.outcome is Outcome.OPEN:
        call = replace(call, outcome=Outcome.ABANDONED)
    return over(talks.lost(call, now), event, now, [LeaveLine()])
