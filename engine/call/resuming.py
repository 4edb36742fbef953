"""Steps after the switch was out of reach: what was ordered last may not have been done, what it said was not heard.

Rule of this file: what the state needs is ordered again, and it does no harm where it was done already.
"""

from __future__ import annotations

from datetime import datetime

from engine.call import sound
from engine.call.clearing import clear
from engine.call.commands import Answer, Bridge, Command, Note, Ring, StopMusic, StopRingTone
from engine.call.events import Event
from engine.call.state import Call
from engine.call.steps_waiting import no_hold
from engine.terms import HangupCause

Step = tuple[Call, list[Command]]
_SAID = Note("link_back")


def rings_on(call: Call, _event: Event, _now: datetime) -> Step:
    """Outside the hours."""
    return call, [_SAID, Ring()]


def waits_on(call: Call, _event: Event, _now: datetime) -> Step:
    """The caller hears something again."""
    call, sounds = sound.again(call)
    return call, [_SAID, *sounds]


def joined_again(call: Call, _event: Event, _now: datetime) -> Step:
    """Picked up, but the two do not hear each other yet; or an order to put through was lost with its engine."""
    assert call.leg is not None
    answer: list[Command] = [] if call.answered_at else [Answer()]
    return call, [
        _SAID,
        *answer,
        StopMusic(),
        StopMusic(call.leg),
        StopRingTone(call.leg),
        *no_hold(call),
        Bridge(call.leg),
    ]


def dismissed(call: Call, _event: Event, _now: datetime) -> Step:
    """The end of the last words may have been missed: the call is released."""
    return clear(call, HangupCause.BUSY, [_SAID])
