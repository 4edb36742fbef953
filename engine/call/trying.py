"""The leg to a transfer target, and the turns from one state of putting through to another.

Rules of this file: a leg that is given up is this call's no more in that moment; what it still says is a late word.
Every turn says anew who hears whom. Everything that was dialled is kept with what came of it.
"""

from __future__ import annotations

from dataclasses import replace as with_
from datetime import datetime
from typing import Any

from engine.call import hearing
from engine.call.commands import Command, DialTarget, DropTarget, Note, StartTimer, StopTimer, Timer
from engine.call.state import Call, State, replace
from engine.terms import HangupCause, LegId
from engine.transfer.plan import Attempt, Result
from engine.transfer.walk import Walk

Step = tuple[Call, list[Command]]
SIGN_OF_LIFE = 4.0
"""Seconds within which a carrier must have said something, else the next route is tried: by UDP the INVITE was sent
four times by then (RFC 3261 § 17.1.1.2)."""
BEFORE_IT_RINGS = 15.0
"""Seconds, at least, that a carrier who has said something may take to reach the phone: a mobile one is searched for
before it rings (180), and its owner is to have the whole ring time."""
_TIMERS = (Timer.TARGET, Timer.TARGET_ALERT, Timer.ACCEPT, Timer.TALK_LIMIT)


def turn(call: Call, state: State, orders: list[Command]) -> Step:
    """Into this state, after these orders; everybody hears what it wants."""
    before = call.state
    call = replace(call, state=state, walk=None if state is State.TALKING else call.walk)
    return call, [*orders, *hearing.orders(call, before)]


def dial(call: Call, state: State, walk: Walk, orders: list[Command], now: datetime) -> Step:
    """The same, and the target at which the walk stands is dialled."""
    target, route = walk.target, walk.route
    leg = LegId(f"{call.id}-out-{len(call.attempts) + 1}")
    attempt = Attempt(leg, target.contact, target.number, route.trunk, walk.order.kind, now)
    call, hears = turn(replace(call, walk=walk, target=leg, attempts=(*call.attempts, attempt)), state, orders)
    place = f"{walk.at + 1}/{len(walk.order.targets)}"
    return call, [
        *hears,
        DialTarget(
            leg, route, call.settings.name, call.settings.customer, target.number, target.accept, walk.order.caller_name
        ),
        StartTimer(Timer.TARGET, max(target.ring_time, BEFORE_IT_RINGS)),
        StartTimer(Timer.TARGET_ALERT, min(SIGN_OF_LIFE, target.ring_time)),
        Note("target_dialled", f"{place} {target.contact}: {target.number} ({route.trunk})"),
    ]


def dropped(call: Call, result: Result, now: datetime) -> Step:
    """The target's leg is told to end. What it has come to before counts more than that it was not wanted any more."""
    drop: list[Command] = [DropTarget(call.target)] if call.target else []
    so_far = _so_far(call)
    is_wish = result in (Result.SKIPPED, Result.STOPPED, Result.CALLER_LEFT)
    return over(call, so_far if is_wish and so_far else result, now), [*drop, *stopped()]


def over(call: Call, result: Result, now: datetime, cause: HangupCause | None = None) -> Call:
    """The target's leg has ended; not before what is known of it, though the loss of the switch was."""
    if call.target:
        last = call.attempts[-1]
        ended = max(now, last.joined_at or last.answered_at or last.dialled_at)
        last = with_(last.joined(ended) if last.joined_at else last, ended_at=ended, result=result, cause=cause)
        call = replace(call, attempts=(*call.attempts[:-1], last))
    return replace(call, target=None, playing=None)


def left(call: Call, now: datetime, cause: HangupCause) -> Call:
    """The same, of a target who was talked to."""
    return over(call, _so_far(call) or Result.SPOKEN, now, cause)


def joined(call: Call, now: datetime) -> Call:
    """From now on the target talks to the caller."""
    return replace(call, attempts=(*call.attempts[:-1], call.attempts[-1].joined(now)))


def parted(call: Call, now: datetime) -> Call:
    """From now on he does so no more, if he did."""
    return replace(call, attempts=(*call.attempts[:-1], call.attempts[-1].parted(now)))


def noted(call: Call, **facts: Any) -> Call:
    """Something of the present try."""
    return replace(call, attempts=(*call.attempts[:-1], with_(call.attempts[-1], **facts)))


def stopped() -> list[Command]:
    """No timer of a target runs."""
    return [StopTimer(name) for name in _TIMERS]


def _so_far(call: Call) -> Result | None:
    """What the present try has come to by the talks that there were; None = there were none."""
    if call.target is None:
        return None
    if call.attempts[-1].joined_at:
        return Result.PUT_THROUGH
    return Result.SPOKEN if call.state in (State.CONSULTING, State.SWAPPED) else None
