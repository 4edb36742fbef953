"""The exchange as agents come to it: who works here, what they wish, and whether their phones are there.

Rule of this file: one change of the floor at a time, and then what follows from it. The other half is `exchange.py`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import datetime

from engine.acd.agents import Agent
from engine.call import events as e
from engine.call.state import Call, State
from engine.ports import AgentProfile, Clock
from engine.service.floor import Floor
from engine.terms import AgentId, AgentState, CallId

_TALKS = frozenset({State.TALKING, State.DIALLING, State.CONSULTING, State.SWAPPED, State.CONFERENCE})


class Attendance(ABC):
    """What the exchange does for agents."""

    floor: Floor
    calls: dict[CallId, Call]
    _clock: Clock
    _lost_at: datetime | None
    """Since when the switch cannot be reached."""

    @abstractmethod
    def tell(self, call: CallId, event: e.Event) -> None:
        """Something has happened to a call."""

    @abstractmethod
    def _drain(self) -> None:
        """Do what has become due."""

    def staff(self, profiles: Iterable[AgentProfile]) -> None:
        """Take over who works here (see Floor.staff)."""
        self.floor.staff(profiles, self._clock.now())
        self._drain()

    def set_agent(self, login: AgentId, state: AgentState, reason: str | None = None) -> Agent:
        """An agent becomes ready, paused or offline. Raises UnknownAgent, ValueError (see Floor.set_state)."""
        agent = self.floor.set_state(login, state, reason, self._clock.now())
        self._drain()
        return agent

    def agent_leaves(self, login: AgentId, why: str) -> None:
        """An agent is gone without having said so: offline, after the call and its wrap-up (see Agent.leaves)."""
        self.floor.leaves(login, why, self._clock.now())
        self._drain()

    def end_wrap_up(self, login: AgentId) -> None:
        """An agent is done with the last call (see Floor.end_wrap_up). Raises UnknownAgent."""
        self.floor.end_wrap_up(login, self._clock.now())
        self._drain()

    def phone_reachable(self, login: AgentId, reachable: bool | None) -> None:
        """An agent's phone has gone, is back, or nobody knows (see Floor.phone_reachable)."""
        self.floor.phone_reachable(login, reachable, self._clock.now())
        self._drain()

    def phone_lost(self, login: AgentId) -> None:
        """An agent's phone is gone for good: if he talks, the talk is over, and the caller may be served again.

        Nothing happens while the switch cannot be reached: it could not be told.
        """
        agent = self.floor.agents.get(login)
        call = self.calls.get(agent.call) if agent and agent.call else None
        if call and call.leg and call.state in _TALKS and self._lost_at is None:
            self.tell(call.id, e.LegLost(call.leg))
