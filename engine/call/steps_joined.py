"""Steps once a transfer target is there (§2.3): consult, swap, conference, hand over; and everybody's leaving.

Rules of this file: the caller is in the call at every moment. Who leaves leaves the other two together, but a target
who leaves leaves the caller to the agent. The charged time ends when the agent leaves; the target's counts apart. What
was missed counts from the switch's loss; what follows from it begins when it is known.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.acd.waiting import RETURNED
from engine.call import clearing, hearing, sound, talks
from engine.call import trying as t
from engine.call.commands import (
    AgentDone,
    AgentLost,
    Command,
    DropLeg,
    Note,
    StartTimer,
    StopAnnouncement,
    Timer,
    Unbridge,
)
from engine.call.events import CallerGone, Event, LegEnded, LegLost, OrderRefused, TargetEnded
from engine.call.state import Call, State, TalkEnd, replace
from engine.call.steps_waiting import waits
from engine.terms import HangupCause
from engine.transfer.plan import Result

Step = tuple[Call, list[Command]]
_NO_AGENT = frozenset({State.FORWARDING, State.PUT_THROUGH})


def there(call: Call, now: datetime, said: list[Command]) -> Step:
    """A target takes the call: the agent's to talk to, or the caller's.

    The question is cut off first: the switch would hold the joining back until it has ended.
    """
    said = [StopAnnouncement(call.playing), *said] if call.playing else said
    call = replace(call, playing=None)
    return t.turn(call, State.CONSULTING, said) if call.state is State.DIALLING else _put_through(call, now, said)


def taken_back(call: Call, _event: Event, now: datetime) -> Step:
    """Agent and caller talk again; the target is gone."""
    call, drop = t.dropped(call, Result.STOPPED, now)
    return t.turn(call, State.TALKING, [*drop, Note("taken_back")])


def swapped(call: Call, _event: Event, now: datetime) -> Step:
    """The agent talks to the other one, alone."""
    after = State.SWAPPED if call.state is State.CONSULTING else State.CONSULTING
    return t.turn(t.parted(call, now), after, [Note("swapped", after)])


def conferred(call: Call, _event: Event, now: datetime) -> Step:
    """All three talk."""
    return t.turn(t.joined(call, now), State.CONFERENCE, [Note("conference")])


def handed_over(call: Call, _event: Event, now: datetime) -> Step:
    """The agent leaves: the two are joined, or the list is tried on without him."""
    free: list[Command] = [DropLeg(call.leg)] if call.leg else []
    return _alone(talks.over(call, now, TalkEnd.PUT_THROUGH), now, free)


def agent_left(call: Call, event: Event, now: datetime) -> Step:
    """The same by hanging up, or because the phone was lost."""
    assert isinstance(event, LegEnded | LegLost)
    left, end, free, told = now, TalkEnd.PUT_THROUGH, _free(call, event), now + timedelta(seconds=event.late)
    if isinstance(event, LegLost):
        end = TalkEnd.PHONE_LOST
        left = max(now - timedelta(seconds=event.silent), call.talk_began_at or now)
    free.append(Note("agent_left", event.cause.name.lower()))
    call = talks.over(replace(call, leg=None), left, end)
    if isinstance(event, LegEnded) and event.with_target and call.state is not State.DIALLING:
        return _both_left(call, event, now, free)
    return _alone(call, told, free)


def agent_gone(call: Call, event: Event, _now: datetime) -> Step:
    """The phone of an agent who has left already is free, or was lost."""
    assert isinstance(event, LegEnded | LegLost)
    return replace(call, leg=None), _free(call, event)


def target_left(call: Call, event: Event, now: datetime) -> Step:
    """The target has hung up: agent and caller talk."""
    assert isinstance(event, TargetEnded)
    said = [*t.stopped(), Note("target_left", event.cause.name.lower())]
    return t.turn(t.left(call, _last_heard(event, now), event.cause), State.TALKING, said)


def talk_over(call: Call, event: Event, now: datetime) -> Step:
    """The target has hung up on the caller: the call is over."""
    assert isinstance(event, TargetEnded)
    said = [*t.stopped(), Unbridge(), Note("target_left", event.cause.name.lower())]
    return clearing.clear(t.left(call, _last_heard(event, now), event.cause), HangupCause.NORMAL, said)


def talk_limit(call: Call, _event: Event, now: datetime) -> Step:
    """Caller and target have talked for the longest time that is allowed."""
    call, drop = t.dropped(call, Result.PUT_THROUGH, now)
    return clearing.clear(call, HangupCause.NORMAL, [*drop, Unbridge(), Note("talk_limit")])


def caller_left(call: Call, event: Event, now: datetime) -> Step:
    """The caller has hung up: everybody else is released."""
    assert isinstance(event, CallerGone)
    if call.state not in _NO_AGENT:
        call = talks.over(call, now, TalkEnd.CALLER_LEFT)
    call, drop = t.dropped(call, Result.CALLER_LEFT, now)
    return clearing.over(call, event, now, [*drop, Unbridge()])


def refused(call: Call, event: Event, _now: datetime) -> Step:
    """The switch would not: told by the leg's end if it matters."""
    assert isinstance(event, OrderRefused)
    return call, [Note("refused", f"{type(event.command).__name__}: {event.why}")]


def heard_again(call: Call, _event: Event, _now: datetime) -> Step:
    """The switch was away: who hears whom is said again, and an agent's phone that was to be free is told so."""
    free: list[Command] = [DropLeg(call.leg)] if call.leg and call.state in _NO_AGENT else []
    return call, [Note("link_back"), *free, *hearing.again(call)]


def back_to_line(call: Call, said: list[Command], now: datetime) -> Step:
    """Before everybody else; to the agent who has put the caller through, if he is free.

    Where the caller would pay for that wait (TKG § 115) the call ends.
    """
    agent, leg = call.agent, call.leg
    free: list[Command] = [DropLeg(leg), AgentDone(agent)] if leg and agent else []
    call = replace(call, leg=None)
    if not call.settings.may_return:
        return clearing.clear(call, HangupCause.NORMAL, [*said, *free, Unbridge()])
    call = replace(call, state=State.WAITING, rank=min(call.rank, RETURNED), agent=None, walk=None, overdue=False)
    call, sounds = sound.again(talks.back(call, now))
    return call, [*said, *free, Unbridge(), *sounds, *waits(call, now, anew=True, back_to=agent)]


def _last_heard(event: TargetEnded, now: datetime) -> datetime:
    """Nobody pays for silence."""
    return now - timedelta(seconds=event.silent)


def _both_left(call: Call, event: LegEnded, now: datetime, free: list[Command]) -> Step:
    """Agent and target are gone: who was put aside for them, or left for one of them, is served again.

    After a conference everybody has heard everybody's goodbye.
    """
    was, said = call.state, [*free, *t.stopped(), Note("target_left", event.cause.name.lower())]
    call = t.left(call, now, event.cause)
    if was is State.CONFERENCE:
        return clearing.clear(call, HangupCause.NORMAL, [*said, Unbridge()])
    return back_to_line(call, said, now + timedelta(seconds=event.late))


def _free(call: Call, event: LegEnded | LegLost) -> list[Command]:
    assert call.agent is not None
    if isinstance(event, LegLost):
        return [DropLeg(event.leg), AgentLost(call.agent)]
    return [AgentDone(call.agent)]


def _alone(call: Call, now: datetime, free: list[Command]) -> Step:
    if call.state is State.DIALLING:
        return t.turn(call, State.FORWARDING, [*free, Note("goes_on_blind")])
    return _put_through(call, now, free)


def _put_through(call: Call, now: datetime, said: list[Command]) -> Step:
    limit = call.walk.order.longest if call.walk else None
    timer: list[Command] = [StartTimer(Timer.TALK_LIMIT, limit)] if limit else []
    said = [*said, *timer, Note("joined", call.attempts[-1].number)]
    return t.turn(t.joined(call, now), State.PUT_THROUGH, said)
