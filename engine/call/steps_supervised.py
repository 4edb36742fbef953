"""Steps that a supervisor orders for a caller who waits.

Rule of this file: whether an order can be carried out is asked before; here it is carried out, and told in the trail.
"""

from __future__ import annotations

from datetime import datetime

from engine.call.commands import (
    AgentSpared,
    Command,
    DropLeg,
    KeepFor,
    MoveInLine,
    Note,
    ReturnToLine,
    StopTimer,
    Timer,
)
from engine.call.events import Assigned, AssignmentLapsed, Event, MovedToFront
from engine.call.state import Call, State, replace

SPARED_REST = 0.5
"""Seconds for which a phone whose ring was taken back is left alone: its CANCEL is on the way."""

Step = tuple[Call, list[Command]]


def moved_to_front(call: Call, event: Event, _now: datetime) -> Step:
    """Before others from now on; a phone that rings goes on ringing."""
    assert isinstance(event, MovedToFront)
    return replace(call, rank=event.rank), [Note("to_front", f"by {event.by}"), MoveInLine(event.rank)]


def assigned(call: Call, event: Event, _now: datetime) -> Step:
    """Wait for this agent."""
    assert isinstance(event, Assigned)
    return call, [_said(event), KeepFor(event.agent)]


def assigned_while_ringing(call: Call, event: Event, now: datetime) -> Step:
    """The phone that rings is the right one, or it is told to stop.

    First it is said who is to get the caller, then he is back in the line, then the other agent is free.
    """
    assert isinstance(event, Assigned)
    assert call.leg is not None
    assert call.agent is not None
    if event.agent == call.agent:
        return assigned(call, event, now)
    withdrawn: list[Command] = [DropLeg(call.leg), StopTimer(Timer.RING), StopTimer(Timer.ALERT)]
    back: list[Command] = [KeepFor(event.agent), ReturnToLine(), AgentSpared(call.agent, SPARED_REST)]
    said = [_said(event), Note("withdrawn", str(call.agent))]
    return replace(call, state=State.WAITING, agent=None, leg=None), [*withdrawn, *said, *back]


def assignment_lapsed(call: Call, event: Event, _now: datetime) -> Step:
    """Whoever gets free may take the caller again."""
    assert isinstance(event, AssignmentLapsed)
    return call, [Note("assignment_lapsed", str(event.agent))]


def _said(event: Assigned) -> Note:
    return Note("assigned", f"{event.agent} by {event.by}")
