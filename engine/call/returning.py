"""Steps from a talk back into the line: the agent's phone is gone, the caller is still there.

Rules of this file: a phone whose loss is told, or known by its silence, is no agent who hangs up: the caller is served
again, before those who have not been served. Where he would pay for that wait (TKG § 115) the call ends. So it does
where nobody can tell a loss from a hang-up.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.acd.waiting import RETURNED
from engine.call import clearing, sound, talks
from engine.call.clearing import clear
from engine.call.commands import AgentDone, AgentLost, Command, DropLeg, Note, Unbridge
from engine.call.events import Event, LegEnded, LegLost
from engine.call.state import Call, Outcome, State, TalkEnd, replace
from engine.call.steps_waiting import waits
from engine.terms import HangupCause

Step = tuple[Call, list[Command]]


def agent_left(call: Call, event: Event, now: datetime) -> Step:
    """The agent has hung up.

    Where the switch has lost the leg while nobody listened, and the caller has not even been answered, the two have
    never heard each other: the caller waits on at the old place.
    """
    assert isinstance(event, LegEnded)
    assert call.agent is not None
    if call.answered_at or call.overdue or event.cause is not HangupCause.TEMPORARY_FAILURE:
        return clearing.agent_left(call, event, now)
    return _unheard(call, [AgentDone(call.agent)], now)


def agent_lost(call: Call, event: Event, now: datetime) -> Step:
    """The agent's phone is gone: the caller waits again, or is released where that would cost him money.

    The talk has ended when the phone was heard for the last time: nobody pays for silence.
    """
    assert isinstance(event, LegLost)
    assert call.leg is not None
    assert call.agent is not None
    lost: list[Command] = [DropLeg(call.leg), Unbridge()]
    if not call.answered_at and not call.overdue:
        return _unheard(call, [*lost, AgentLost(call.agent)], now)
    said = Note("agent_lost", str(call.agent))
    left = max(now - timedelta(seconds=event.silent), call.talk_began_at or now)
    free = AgentLost(call.agent)
    call = talks.over(replace(call, leg=None), left, TalkEnd.PHONE_LOST)
    if not (call.answered_at and call.settings.may_return):
        return clear(call, HangupCause.NORMAL, [*lost, said, free])
    call = replace(call, state=State.WAITING, rank=min(call.rank, RETURNED), agent=None, overdue=False)
    call, sounds = sound.again(talks.back(call, now))
    # First the caller is in the line, then the agent is free: as where a ring was not picked up.
    return call, [*lost, said, *sounds, *waits(call, now, anew=True), free]


def _unheard(call: Call, free: list[Command], now: datetime) -> Step:
    """Picked up, and lost before the caller was answered."""
    call = replace(talks.unheard(call), outcome=Outcome.OPEN, state=State.WAITING, agent=None, leg=None)
    call, sounds = sound.again(call)
    return call, [Note("agent_left", "not joined yet"), *free, *sounds, *waits(call, now)]
