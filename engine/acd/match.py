"""Who gets whom (§2.2, FAQ): callers in the order of arrival, each the longest idle of the agents who may answer.

The rule of this file: no caller is overtaken by a later one that the same agent could have taken. It holds because
both questions are asked at every change: a caller who comes asks for the longest idle free agent, an agent who gets
free asks for the first caller in the line.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from engine.acd.agents import Agent
from engine.acd.waiting import Line, Waiting

_NEVER = datetime.min.replace(tzinfo=UTC)


def may_answer(agent: Agent, caller: Waiting) -> bool:
    """Whether the agent belongs to the circle that the caller wants, or to the wider one when that is open."""
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
    return next((caller for caller in line if not caller.offered and may_answer(agent, caller)), None)
