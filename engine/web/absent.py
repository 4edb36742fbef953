"""Pages with a phone in them that were closed: when the engine is told that they do not come back.

Rule of this file: a page that is loaded anew, or has lost its connection for a moment, costs nobody a call. Each page's
phone has a name of its own (`window`): the same one that is back has what it had; another one has a talk only if it
says that it goes on with it, and never a ring, which came to the one before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from engine.ports.phones import PhoneLine
from engine.terms import AgentId, AgentState

GRACE: Mapping[AgentState, float] = {AgentState.RINGING: 3.0, AgentState.TALKING: 8.0}
"""Seconds for a page to be back, by what its agent does. A reload takes one or two; a caller in a talk, who has heard
the agent and hears nothing now, waits a little longer before it is given up."""


class Absent:
    """The phones that are away, and for how long they may be."""

    def __init__(self, line: PhoneLine, grace: Mapping[AgentState, float] = GRACE) -> None:
        """None yet."""
        self._line, self._grace = line, grace
        self._windows: dict[AgentId, str] = {}
        self._waiting: dict[AgentId, list[asyncio.TimerHandle]] = {}

    def opens(self, agent: AgentId, window: str, *, goes_on: bool) -> None:
        """The phone is there. `goes_on`: it takes up the talk of a page that was there before it."""
        self._forget(agent)
        before, self._windows[agent] = self._windows.get(agent, window), window
        self._line.opened(agent)
        if before == window:
            return
        self._lost(agent, AgentState.RINGING)
        if not goes_on:
            self._lost(agent, AgentState.TALKING)

    def closes(self, agent: AgentId) -> None:
        """Its connection has ended."""
        self._forget(agent)
        self._line.closed(agent)
        later = asyncio.get_running_loop().call_later
        self._waiting[agent] = [later(wait, self._lost, agent, state) for state, wait in self._grace.items()]

    def _lost(self, agent: AgentId, state: AgentState) -> None:
        if self._line.state(agent) is state:
            self._line.lost(agent)

    def _forget(self, agent: AgentId) -> None:
        for waiting in self._waiting.pop(agent, ()):
            waiting.cancel()
