"""The calls that agents have talked in a moment ago, for those who still write something down.

Rule of this file: a few for each agent, in memory alone; what is older, or was before this engine, is in the store.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection

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
        self._became: dict[AgentId, dict[CallId, Call]] = {}

    def over(self, agent: AgentId, call: Call) -> None:
        """The agent is free of the call."""
        self._last[agent] = call
        calls = self._calls.setdefault(agent, deque(maxlen=MOST))
        calls.append(call)
        there, became = {one.id for one in calls}, self._became.get(agent, {})
        self._became[agent] = {one: became[one] for one in there & became.keys() - {call.id}}

    def goes_on(self, agent: AgentId, call: Call) -> None:
        """A call that this agent has put through goes on without him; nothing happens if it is none of his last."""
        if self.find(agent, call.id):
            self._became[agent][call.id] = call

    def rings(self, agent: AgentId) -> None:
        """The next one is on its way to this agent."""
        self._last.pop(agent, None)

    def gone(self, agent: AgentId) -> None:
        """The agent does not work here any more."""
        self._last.pop(agent, None)
        self._calls.pop(agent, None)
        self._became.pop(agent, None)

    def forget(self, callers: Collection[str]) -> None:
        """Calls of these callers that are over are known no more."""
        for calls in self._calls.values():
            for one in [one for one in calls if one.caller in callers]:
                calls.remove(one)
        self._last = {agent: one for agent, one in self._last.items() if one.caller not in callers}
        self._became = {
            agent: {call: one for call, one in became.items() if one.caller not in callers}
            for agent, became in self._became.items()
        }

    def last(self, agent: AgentId) -> Call | None:
        """The last one, until another rings; None if there is none."""
        return self._last.get(agent)

    def find(self, agent: AgentId, call: CallId) -> Call | None:
        """It, if the agent has talked in it a moment ago."""
        return next((one for one in self._calls.get(agent, ()) if one.id == call), None)

    def became(self, agent: AgentId, call: Call) -> Call:
        """As far as it is known what has become of this call of the agent's after he had left."""
        return self._became.get(agent, {}).get(call.id, call)
