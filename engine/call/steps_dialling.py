"""Steps while a transfer target's phone rings (§5.2.4): the ordered list, tried by the machine, one after the other.

Rules of this file: the caller hears music from the first dialling on. The next target is dialled when the one before
cannot be had, by whatever cause; the next route, where the carrier is at fault. An announced transfer that fails gives
the caller back to the agent; an agent who hangs up meanwhile has made it a blind one. A blind one that fails gives the
caller back to the line, before everybody else.
"""

from __future__ import annotations

from dataclasses import replace as with_
from datetime import datetime, timedelta

from engine.call import steps_joined as j
from engine.call import talks
from engine.call import trying as t
from engine.call.commands import (
    AcceptRefer,
    AskTarget,
    Command,
    DropLeg,
    Note,
    ProbeTarget,
    RefuseRefer,
    StartTimer,
    StopTimer,
    Timer,
)
from engine.call.events import (
    AnnouncementEnded,
    Event,
    Picked,
    ReferAsked,
    ReferRefused,
    TargetEnded,
    TargetPressed,
    TargetRefused,
    TransferOrdered,
)
from engine.call.state import Call, State, TalkEnd, replace
from engine.terms import PlayId
from engine.transfer.limits import Refused
from engine.transfer.plan import Kind, Result, result_of
from engine.transfer.walk import Walk, onward, picked

Step = tuple[Call, list[Command]]
ACCEPT_SECONDS = 20.0
"""Within which whoever has answered must press 1."""
ASK = "press-1"
_ASK_TIMES = 3
"""How often it is asked; a sound that cannot be played ends at once and would be asked for ever."""
_ACCEPTS = "1"
FORBIDDEN = "the law forbids it"


def ordered(call: Call, event: Event, now: datetime) -> Step:
    """The first target is dialled; the agent waits, or is free at once."""
    assert isinstance(event, TransferOrdered)
    order = event.order
    if call.answered_at is None or not call.settings.may_hold:
        why = "not answered yet" if call.settings.may_hold else FORBIDDEN
        refuse: list[Command] = [RefuseRefer(call.leg)] if order.by_phone and call.leg else []
        return call, [*refuse, Note("put_through_refused", f"{order.by}: {why}")]
    said: list[Command] = [AcceptRefer(call.leg)] if order.by_phone and call.leg else []
    said.append(Note("put_through", f"{order.by}: {order.kind}, {len(order.targets)} targets"))
    if order.kind is Kind.ANNOUNCED:
        return t.dial(call, State.DIALLING, Walk(order), said, now)
    free: list[Command] = [DropLeg(call.leg)] if call.leg else []
    call = talks.over(call, now, TalkEnd.PUT_THROUGH)
    return t.dial(call, State.FORWARDING, Walk(order), [*said, *free], now)


def refer_asked(call: Call, event: Event, _now: datetime) -> Step:
    """The agent's phone wants it; nothing happens before it is known whether it may."""
    assert isinstance(event, ReferAsked)
    return call, [Note("refer", event.to or "to another call")]


def refer_refused(call: Call, event: Event, _now: datetime) -> Step:
    """It may not; they talk on."""
    assert isinstance(event, ReferRefused)
    return call, [RefuseRefer(event.leg), Note("put_through_refused", event.why)]


def held(call: Call, _event: Event, _now: datetime) -> Step:
    """The agent's phone holds. Where the caller would pay for that wait he stays in the talk: he hears no music."""
    return call, [] if call.settings.may_hold else [Note("hold_refused", f"{call.agent}: {FORBIDDEN}")]


def ringing(call: Call, _event: Event, now: datetime) -> Step:
    """The target's phone rings: its ring time begins, once."""
    assert call.walk is not None
    quiet = StopTimer(Timer.TARGET_ALERT)
    tried = call.attempts[-1]
    if tried.ringing_at or tried.answered_at:
        return call, [quiet]
    rings = StartTimer(Timer.TARGET, call.walk.target.ring_time)
    return t.noted(call, ringing_at=now), [quiet, rings, Note("target_ringing")]


def answered(call: Call, _event: Event, now: datetime) -> Step:
    """Somebody, or a voicemail, has answered."""
    assert call.walk is not None
    if call.attempts[-1].answered_at:
        return call, []
    must_accept = call.walk.target.accept
    call = t.noted(call, answered_at=now)
    said: list[Command] = [StopTimer(Timer.TARGET), StopTimer(Timer.TARGET_ALERT), Note("target_answered")]
    if not must_accept:
        return j.there(call, now, said)
    call, ask = _ask(call)
    return call, [*said, StartTimer(Timer.ACCEPT, ACCEPT_SECONDS), *ask]


def pressed(call: Call, event: Event, now: datetime) -> Step:
    """The key that accepts; another one says nothing."""
    assert isinstance(event, TargetPressed)
    if not (call.walk and call.walk.asked) or event.key != _ACCEPTS:
        return call, []
    return j.there(call, now, [StopTimer(Timer.ACCEPT), Note("target_accepted")])


def asked(call: Call, event: Event, _now: datetime) -> Step:
    """The question is over and nobody has pressed a key: it is asked again."""
    assert isinstance(event, AnnouncementEnded)
    if event.play != call.playing or not call.walk or not 0 < call.walk.asked < _ASK_TIMES:
        return call, []
    return _ask(call)


def ended(call: Call, event: Event, now: datetime) -> Step:
    """Busy, no answer, rejected …, or hung up without pressing 1: the next one's turn."""
    assert isinstance(event, TargetEnded)
    tried = call.attempts[-1]
    result = result_of(event.cause, event.response, rang=tried.ringing_at is not None)
    result = Result.NOT_ACCEPTED if tried.answered_at else result
    told = now + timedelta(seconds=event.late)
    return _next(t.over(call, result, now, event.cause), result, told, t.stopped())


def rung_out(call: Call, _event: Event, now: datetime) -> Step:
    """Nobody has answered."""
    return _give_up(call, Result.NO_ANSWER, now)


def probe(call: Call, _event: Event, _now: datetime) -> Step:
    """The target's phone does not ring yet: is the carrier there at all?"""
    return call, [ProbeTarget(call.target)] if call.target else []


def silent(call: Call, _event: Event, now: datetime) -> Step:
    """The carrier is not there."""
    return _give_up(call, Result.CARRIER_FAILED, now)


def limited(call: Call, event: Event, now: datetime) -> Step:
    """Not dialled: the trunk is full and another one may do, or nothing more may be dialled."""
    assert isinstance(event, TargetRefused)
    result = Result.CARRIER_FAILED if event.why == Refused.TRUNK_AWAY else Result.LIMITED
    said = [*t.stopped(), Note("target_refused", event.why)]
    return _next(t.over(call, result, now), result, now, said, other_way=event.by_trunk)


def not_accepted(call: Call, _event: Event, now: datetime) -> Step:
    """Nobody has pressed 1."""
    return _give_up(call, Result.NOT_ACCEPTED, now)


def skipped(call: Call, _event: Event, now: datetime) -> Step:
    """The agent wants the next one."""
    return _give_up(call, Result.SKIPPED, now)


def by_hand(call: Call, event: Event, now: datetime) -> Step:
    """The agent wants this one; a place on the list that there is not changes nothing."""
    assert isinstance(event, Picked)
    walk = picked(call.walk, event.at) if call.walk else None
    if walk is None:
        return call, []
    call, drop = t.dropped(call, Result.SKIPPED, now)
    return t.dial(call, State.DIALLING, walk, [*drop, Note("picked", walk.target.number)], now)


def link_back(call: Call, event: Event, now: datetime) -> Step:
    """The switch was away: who hears whom is said again, and so is the question, whose end may have been missed."""
    call, orders = j.heard_again(call, event, now)
    if not call.walk or not 0 < call.walk.asked < _ASK_TIMES:
        return call, orders
    call, ask = _ask(call)
    return call, [*orders, *ask]


def _give_up(call: Call, result: Result, now: datetime) -> Step:
    call, drop = t.dropped(call, result, now)
    return _next(call, result, now, drop)


def _next(call: Call, result: Result, now: datetime, orders: list[Command], *, other_way: bool = False) -> Step:
    """The next target; or back, to the agent, else to the line. `other_way`: another carrier may do, though it is not
    this one that has failed."""
    assert call.walk is not None
    said = [*orders, Note("target_failed", result)]
    is_blind = call.state is State.FORWARDING
    if (walk := onward(call.walk, Result.CARRIER_FAILED if other_way else result)) is not None:
        return t.dial(call, State.FORWARDING if is_blind else State.DIALLING, walk, said, now)
    said.append(Note("list_over", result))
    return j.back_to_line(call, said, now) if is_blind else t.turn(call, State.TALKING, said)


def _ask(call: Call) -> Step:
    assert call.walk is not None
    target, play = call.target, PlayId(f"{call.id}-play-{call.plays + 1}")
    assert target is not None
    call = replace(call, playing=play, plays=call.plays + 1, walk=with_(call.walk, asked=call.walk.asked + 1))
    return call, [AskTarget(target, play, ASK)]
