"""Browsers that are phones come and go: what the running engine makes of it (`engine.ports.phones.PhoneLine`).

Rule of this file: whose page is closed is not rung. A ring that nobody can pick up any more ends at once (Q.850 cause
20, subscriber absent), so that the caller does not wait out the ring time beside an agent who is free; a talk ends, and
the caller is served again; who listened in does not any more, and both who talk are no longer told so.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.acd.agents import BROWSER_CLOSED
from engine.call import commands as c
from engine.call import events as e
from engine.call.state import State
from engine.ports import Switch
from engine.ports.supervision import ListeningIn
from engine.service.exchange import Exchange
from engine.terms import AgentId, AgentState, CallId, HangupCause

_ABSENT = HangupCause.SUBSCRIBER_ABSENT


class LostPhones:
    """Fills `PhoneLine`. `is_watched()`: whether somebody else tells when a phone has registered."""

    def __init__(
        self,
        exchange: Exchange,
        switch: Switch,
        listening: ListeningIn,
        is_watched: Callable[[], bool],
        away_after: float = 60.0,
    ) -> None:
        self._exchange, self._switch, self._listening, self._is_watched = exchange, switch, listening, is_watched
        self.away_after = away_after

    def state(self, agent: AgentId) -> AgentState | None:
        """See PhoneLine."""
        found = self._exchange.floor.agents.get(agent)
        return found.state if found else None

    def call(self, agent: AgentId) -> CallId | None:
        """See PhoneLine."""
        found = self._exchange.floor.agents.get(agent)
        return found.call if found else None

    def opened(self, agent: AgentId) -> None:
        """See PhoneLine. Where nobody watches registrations, it counts as there until ringing it fails."""
        if not self._is_watched():
            self._exchange.phone_reachable(agent, None)

    def closed(self, agent: AgentId) -> None:
        """See PhoneLine. Who has been given another phone since is at that one."""
        if agent in self._exchange.floor.at_browsers:
            self._exchange.phone_reachable(agent, False)

    def listens(self, agent: AgentId) -> bool:
        """See PhoneLine."""
        return any(one.supervisor == agent for one in self._listening.listeners())

    def leaves(self, agent: AgentId, why: str) -> None:
        """See PhoneLine. A page that is no phone any more may be closed."""
        if why != BROWSER_CLOSED or agent in self._exchange.floor.at_browsers:
            self._exchange.agent_leaves(agent, why)

    def lost(self, agent: AgentId) -> None:
        """See PhoneLine. A ring ends without waiting for the switch's word, which comes late and counts for nothing."""
        self._listening.stop_listening(agent)
        found = self._exchange.floor.agents.get(agent)
        call = self._exchange.calls.get(found.call) if found and found.call else None
        if call and call.leg and call.state is State.RINGING:
            self._switch.perform(call.id, [c.DropLeg(call.leg, _ABSENT)])
            self._exchange.tell(call.id, e.LegEnded(call.leg, _ABSENT))
        else:
            self._exchange.phone_lost(agent)
