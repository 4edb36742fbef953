"""The calls that agents have talked in a moment ago, for those who still write something down.

Rule of this file: a few for each agent, in memory alone; what is older, or was before this engine, is in the store.
"""

from __future__ import annotations

from collections import deque

from engine.call.state import Call
from engine.terms import AgentId, CallId

MOST = 4
"""Calls that are known of each agent: an ended call is in the store long before."""


class Talked:
    """As the floor tells of it."""

    def __init__(self) -> None:
        """Nobody has talked yet."""
        self._calls: dict[AgentId, deque[Call]] = {}
        self._last: dict[AgentId, Call] = {}

    def over(self, agent: AgentId, call: Call) -> None:
        """The agent is free of the call."""
        self._last[agent] = call
        self._calls.setdefault(agent, deque(maxlen=MOST)).append(call)

    def rings(self, agent: AgentId) -> None:
        """The next one is on its way to this agent."""
        self._last.pop(agent, None)

    def gone(self, agent: AgentId) -> None:
        """The agent does not work here any more."""
        self._last.pop(agent, None)
        self._calls.pop(agent, None)

    def last(self, agent: AgentId) -> Call | None:
        """The last one, until another rings; None if there is none."""
        return self._last.get(agent)

    def find(self, agent: AgentId, call: CallId) -> Call | None:
        """It, if the agent has talked in it a moment ago."""
        return next((one for one in self._calls.get(agent, ()) if one.id == call), None)
