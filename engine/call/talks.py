"""The talks of a call: each agent's own, with the wait before it, and the waits of who comes back into the line.

Rule of this file: a talk begins with the agent's pick-up and ends once, when he is out of it or the caller is; what was
picked up and lost before the caller was answered is none.
"""

from __future__ import annotations

from dataclasses import replace as with_
from datetime import datetime

from engine.call.state import Call, Talk, TalkEnd, replace
from engine.terms import AgentId


def began(call: Call, agent: AgentId, now: datetime) -> Call:
    """The agent has picked up; whoever waits for him waits no more."""
    talk = Talk(agent, now, _ms(call.back_at or call.arrived_at, now))
    call = _waited_again(call, now)
    return replace(call, answered_by=agent, talk_began_at=now, agent_left_at=None, talks=(*call.talks, talk))


def over(call: Call, at: datetime, end: TalkEnd) -> Call:
    """The agent or the caller is out of it since `at`."""
    talk = call.talks[-1]
    talk = with_(talk, ended_at=max(at, talk.began_at), end=end)
    return replace(call, agent_left_at=at, talks=(*call.talks[:-1], talk))


def unheard(call: Call) -> Call:
    """Picked up, and lost before the caller was answered: there was no talk."""
    return replace(call, picked_up_at=None, answered_by=None, talk_began_at=None, talks=call.talks[:-1])


def back(call: Call, now: datetime) -> Call:
    """The caller waits again."""
    return replace(call, back_at=now)


def lost(call: Call, now: datetime) -> Call:
    """Who waits again has given up or is dismissed; nothing happens in a first wait."""
    return replace(_waited_again(call, now), lost_again=True) if call.back_at else call


def known(call: Call) -> Call:
    """A call as an engine of before there were talks has left it: the last talk is what is known."""
    if call.talks or not (call.talk_began_at and call.answered_by):
        return call
    talk = Talk(call.answered_by, call.talk_began_at, call.waited_ms)
    call = replace(call, talks=(talk,))
    end = TalkEnd.PUT_THROUGH if call.attempts else TalkEnd.AGENT_LEFT
    return over(call, call.agent_left_at, end) if call.agent_left_at else call


def _waited_again(call: Call, now: datetime) -> Call:
    if call.back_at is None:
        return call
    return replace(call, back_at=None, waited_again_ms=max(call.waited_again_ms, _ms(call.back_at, now)))


def _ms(since: datetime, until: datetime) -> int:
    return max(0, round((until - since).total_seconds() * 1000))
