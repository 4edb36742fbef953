"""What an agent has not brought to its end at a moment: the talk, and the calls just before that have no message yet.

Rule of this file: what came later is somebody else's business, even of the same agent. What memory does not know of, as
the engine is a new one, the store does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from engine.ports.desk import DeskAgent, DeskCall, Desks, DeskStore, OwnCall
from engine.terms import AgentId, CallId

WRITING = timedelta(minutes=10)
"""For how long a message is being written after a call, where nobody can see whether it is."""
_RINGING = timedelta(minutes=2)
"""How long a telephone rings at most: who has it in the hand was rung no earlier."""
_TALKING = timedelta(hours=6)
"""How long a talk is at most that the store is asked for."""


async def unfinished(desks: Desks, store: DeskStore, login: AgentId, at: datetime) -> Sequence[CallId]:
    """The calls that rang at this agent or were talked in at that moment, or a moment before, and are not closed yet.

    None as soon as there is a later one. Raises StoreError.
    """
    agent = desks.agent(login)
    call = agent.call if agent else None
    if agent and call and not _was_there(agent, call, at):
        return ()
    known = [call.id] if call and await _is_open(store, login, call, at) else []
    kept = await store.calls_of(login, at - _TALKING)
    return list(dict.fromkeys([*known, *(one.call for one in kept if _is_written(one, at))]))


def _was_there(agent: DeskAgent, call: DeskCall, at: datetime) -> bool:
    if call.picked_up_at is None:
        return agent.since is not None and agent.since <= at
    return call.arrived_at <= at and call.picked_up_at <= at + _RINGING


async def _is_open(store: DeskStore, login: AgentId, call: DeskCall, at: datetime) -> bool:
    if call.ended_at is None:
        return True
    return call.ended_at >= at - WRITING and not any(await store.done_with(call.customer, call.id, login))


def _is_written(one: OwnCall, at: datetime) -> bool:
    ended = one.began_at + timedelta(milliseconds=one.talked_ms)  # of more than one talk: no later than the last one's
    return one.is_open and one.began_at <= at + _RINGING and one.arrived_at <= at and ended >= at - WRITING
