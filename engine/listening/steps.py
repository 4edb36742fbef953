"""The steps of a listening.

Rules of this file: nothing is heard that was not announced to its end; whatever goes wrong ends the listening, never
the conversation. It is over when the supervisor's phone and what is listened with are gone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine.listening import commands as c
from engine.listening import events as e
from engine.listening.state import Listening, State
from engine.terms import HangupCause

ANNOUNCEMENT = "listening-in"
"""What caller and agent hear before anybody listens."""
TELL_SECONDS = 30.0
"""Longer than any such announcement."""
TAP_SECONDS = 5.0
CLEAR_SECONDS = 5.0
"""What the switch may take; it needs milliseconds."""

Step = tuple[Listening, list[c.Command]]


def begin(listening: Listening, ring_time: float) -> Step:
    """Ring the supervisor's phone, for `ring_time` seconds at most (> 0)."""
    who = f"{listening.supervisor} to {listening.agent}, ordered by {listening.by}"
    dial = c.DialSupervisor(listening.supervisor)
    return listening, [c.Note("listening_ordered", who), dial, c.StartTimer(c.Timer.RING, ring_time)]


def picked_up(listening: Listening, _event: e.Event, _now: datetime) -> Step:
    """Both are told; the supervisor hears nothing yet."""
    listening = replace(listening, state=State.TELLING)
    watch = c.StartTimer(c.Timer.TELL, TELL_SECONDS)
    return listening, [c.StopTimer(c.Timer.RING), c.Tell(ANNOUNCEMENT), watch]


def told(listening: Listening, _event: e.Event, _now: datetime) -> Step:
    """Both have been told."""
    listening = replace(listening, state=State.TAPPING, has_snoop=True)
    watch = c.StartTimer(c.Timer.TAP, TAP_SECONDS)
    return listening, [c.StopTimer(c.Timer.TELL), c.Note("listening_announced"), c.Tap(), watch]


def tapped(listening: Listening, _event: e.Event, _now: datetime) -> Step:
    """What is listened with is there."""
    return replace(listening, state=State.JOINING), [c.Join()]


def joined(listening: Listening, _event: e.Event, now: datetime) -> Step:
    """From now on the supervisor hears."""
    listening = replace(listening, state=State.HEARING, since=now)
    return listening, [c.StopTimer(c.Timer.TAP), c.Note("listening_began", listening.supervisor)]


# --- the end


def not_picked_up(listening: Listening, event: e.Event, _now: datetime) -> Step:
    """The supervisor's phone is busy, rejects, or is not there: nobody was told, nobody need be."""
    assert isinstance(event, e.LegEnded)
    return _clear(replace(listening, has_leg=False), f"not picked up, {event.cause.name.lower()}")


def rang_in_vain(listening: Listening, _event: e.Event, _now: datetime) -> Step:
    """The supervisor does not pick up."""
    return _clear(listening, "not picked up, no_answer", HangupCause.NO_ANSWER)


def supervisor_left(listening: Listening, _event: e.Event, _now: datetime) -> Step:
    """The supervisor has hung up; caller and agent go on."""
    return _clear(replace(listening, has_leg=False), "supervisor left")


def snoop_gone(listening: Listening, _event: e.Event, _now: datetime) -> Step:
    """The agent's phone is gone, and with it what was listened with."""
    return _clear(replace(listening, has_snoop=False), "conversation over")


def talk_over(listening: Listening, _event: e.Event, _now: datetime) -> Step:
    """Caller and agent no longer talk."""
    return _clear(listening, "conversation over")


def stopped(listening: Listening, event: e.Event, _now: datetime) -> Step:
    """Somebody wants it to end."""
    assert isinstance(event, e.Stopped)
    return _clear(listening, event.why)


def not_told(listening: Listening, _event: e.Event, _now: datetime) -> Step:
    """Without the announcement nobody listens."""
    return _clear(listening, "announcement not played")


def refused(listening: Listening, event: e.Event, _now: datetime) -> Step:
    """The switch would not do it. A drop that it refuses is none: that channel's end is told."""
    assert isinstance(event, e.OrderRefused)
    if isinstance(event.command, c.Tap):
        listening = replace(listening, has_snoop=False)
    return _clear(listening, f"{type(event.command).__name__}: {event.why}")


def too_late(listening: Listening, event: e.Event, _now: datetime) -> Step:
    """The switch has not said what it should have said."""
    assert isinstance(event, e.TimerFired)
    return _clear(listening, f"{event.name} time over")


def link_lost(listening: Listening, _event: e.Event, _now: datetime) -> Step:
    """Nothing can be ordered; what is left is ended when the switch is there again (`pbx.reconcile`)."""
    return _ended(listening, [] if listening.state is State.CLEARING else [_last_word(listening, "link lost")])


def leg_cleared(listening: Listening, _event: e.Event, _now: datetime) -> Step:
    """The supervisor's phone is free, as it was told."""
    return _perhaps_ended(replace(listening, has_leg=False), [])


def snoop_cleared(listening: Listening, _event: e.Event, _now: datetime) -> Step:
    """What was listened with has ended, as it was told."""
    return _perhaps_ended(replace(listening, has_snoop=False), [])


def late_pick_up(listening: Listening, _event: e.Event, _now: datetime) -> Step:
    """Picked up in the moment in which the phone was told to stop ringing: told again."""
    return listening, [c.DropSupervisor()]


def late_tap(listening: Listening, _event: e.Event, _now: datetime) -> Step:
    """Made in the moment in which it was given up: told again to end."""
    return listening, [c.Untap()]


def tap_refused_late(listening: Listening, event: e.Event, _now: datetime) -> Step:
    """What was not made needs no end."""
    assert isinstance(event, e.OrderRefused)
    if isinstance(event.command, c.Tap):
        return _perhaps_ended(replace(listening, has_snoop=False), [])
    return listening, []


def clear_time_over(listening: Listening, _event: e.Event, _now: datetime) -> Step:
    """Somebody's end was never told: nobody stays stuck for that."""
    again: list[c.Command] = [c.DropSupervisor()] if listening.has_leg else []
    again += [c.Untap()] if listening.has_snoop else []
    return _ended(replace(listening, has_leg=False, has_snoop=False), again)


def _clear(listening: Listening, why: str, cause: HangupCause = HangupCause.NORMAL) -> Step:
    orders: list[c.Command] = [c.StopTimer(name) for name in c.Timer if name is not c.Timer.CLEAR]
    if listening.state is State.TELLING:
        orders.append(c.StopTelling())
    if listening.has_snoop:
        orders.append(c.Untap())
    if listening.state in (State.JOINING, State.HEARING):
        orders.append(c.Unjoin())
    if listening.has_leg:
        orders.append(c.DropSupervisor(cause))
    orders.append(_last_word(listening, why))
    orders.append(c.StartTimer(c.Timer.CLEAR, CLEAR_SECONDS))
    return _perhaps_ended(replace(listening, state=State.CLEARING), orders)


def _last_word(listening: Listening, why: str) -> c.Note:
    what = "listening_over" if listening.since else "listening_failed"
    return c.Note(what, f"{listening.supervisor}, {why}")


def _perhaps_ended(listening: Listening, orders: list[c.Command]) -> Step:
    if listening.has_leg or listening.has_snoop:
        return listening, orders
    return _ended(listening, orders)


def _ended(listening: Listening, orders: list[c.Command]) -> Step:
    return replace(listening, state=State.ENDED), [*orders, *(c.StopTimer(name) for name in c.Timer)]
