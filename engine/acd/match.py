"""Who gets whom (§2.2, FAQ): callers in the order of the line, each the longest idle of the agents who may answer.

The rule of this file: no caller is overtaken by a later one that the same agent could have taken, but by order of a
supervisor. It holds because both questions are asked at every change: a caller who comes asks for the longest idle free
agent, an agent who gets free asks for the first caller in the line; those that are kept for him come before all others.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from engine.acd.agents import Agent
from engine.acd.waiting import Line, Waiting

_NEVER = datetime.min.replace(tzinfo=UTC)


def may_answer(agent: Agent, caller: Waiting) -> bool:
    """Whether the agent belongs to the circle that the caller wants, or to the wider one when that is open.

    A caller who is kept for an agent is that agent's and nobody else's.
    """
    if caller.kept_for is not None:
        return caller.kept_for == agent.id
    need = caller.need
    if need.first.holds(agent.skills, agent.groups):
        return True
    return caller.wide and need.wider.holds(agent.skills, agent.groups)


def agent_for(caller: Waiting, agents: Iterable[Agent]) -> Agent | None:
    """The longest idle free agent who may answer this caller; None if there is none or a phone rings already."""
    if caller.offered:
        return None
    able = (agent for agent in agents if agent.free and may_answer(agent, caller))
    return min(able, key=lambda agent: (agent.idle_since or _NEVER, agent.id), default=None)


def caller_for(agent: Agent, line: Line) -> Waiting | None:
    """The first caller in the line whom this agent may answer; None if there is none or the agent is not free."""
    if not agent.free:
        return None
    kept = next((caller for caller in line if caller.kept_for == agent.id and not caller.offered), None)
    return kept or next((caller for caller in line if not caller.offered and may_answer(agent, caller)), None)


def could_ever_answer(agent: Agent, caller: Waiting) -> bool:
    """Whether the agent belongs to the circle that the caller wants, or to the wider one that will open."""
    need = caller.need
    if need.first.holds(agent.skills, agent.groups):
        return True
    return need.overflow_after is not None and need.wider.holds(agent.skills, agent.groups)
