"""Browsers that are phones come and go: what the running engine makes of it (`engine.ports.phones.PhoneLine`).

Rule of this file: whose page is closed is not rung. A ring that nobody can pick up any more ends at once (Q.850 cause
20, subscriber absent), so that the caller does not wait out the ring time beside an agent who is free.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.call import commands as c
from engine.call import events as e
from engine.call.state import Call, State
from engine.ports import Switch
from engine.service.exchange import Exchange
from engine.terms import AgentId, AgentState, HangupCause, LegId

_ABSENT = HangupCause.SUBSCRIBER_ABSENT


class LostPhones:
    """Fills `PhoneLine`. `is_watched()`: whether somebody else tells when a phone has registered."""

    def __init__(self, exchange: Exchange, switch: Switch, is_watched: Callable[[], bool]) -> None:
        self._exchange, self._switch, self._is_watched = exchange, switch, is_watched

    def state(self, agent: AgentId) -> AgentState | None:
        """See PhoneLine."""
        found = self._exchange.floor.agents.get(agent)
        return found.state if found else None

    def opened(self, agent: AgentId) -> None:
        """See PhoneLine. Where nobody watches registrations, it counts as there until ringing it fails."""
        if not self._is_watched():
            self._exchange.phone_reachable(agent, None)

    def closed(self, agent: AgentId) -> None:
        """See PhoneLine."""
        self._exchange.phone_reachable(agent, False)

    def lost(self, agent: AgentId) -> None:
        """See PhoneLine."""
        call, leg = self._at(agent)
        if call is None or leg is None:
            return
        self._switch.perform(call.id, [c.DropLeg(leg, _ABSENT)])
        if (
            call.state is State.RINGING
        ):  # without waiting for the switch's word; that one comes late and counts for nothing
            self._exchange.tell(call.id, e.LegEnded(leg, _ABSENT))

    def _at(self, agent: AgentId) -> tuple[Call | None, LegId | None]:
        """The call at this agent's phone, and its leg there."""
        found = self._exchange.floor.agents.get(agent)
        call = self._exchange.calls.get(found.call) if found and found.call else None
        is_there = call is not None and call.agent == agent and call.state in (State.RINGING, State.TALKING)
        return (call, call.leg) if call and is_there else (None, None)
