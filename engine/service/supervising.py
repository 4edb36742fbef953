"""A supervisor's orders for callers who wait: to the front, to this agent, to the supervisor's own phone.

Rule of this file: an order is judged by what is so at this moment and carried out in it; nothing can happen between the
two. So a phone that was picked up first keeps its caller.
"""

from __future__ import annotations

from engine.acd.agents import Agent, UnknownAgent
from engine.call import events as e
from engine.call.state import Call, State
from engine.ports import Clock
from engine.ports.supervision import NotDone, Refusal
from engine.service.exchange import Exchange
from engine.terms import AgentId, AgentState, CallId


class Supervising:
    """Gives the orders of `engine.ports.supervision.Supervision`. Every method raises NotDone."""

    def __init__(self, exchange: Exchange, clock: Clock) -> None:
        """Nothing is ordered."""
        self._exchange, self._floor, self._clock = exchange, exchange.floor, clock

    def to_front(self, call: CallId, by: str) -> None:
        """Before all others who wait; those that are kept for an agent still go to him."""
        self._waiting(call)
        self._exchange.tell(call, e.MovedToFront(self._floor.line.front, by))

    def assign(self, call: CallId, agent: AgentId, by: str) -> None:
        """To this agent, at once or next."""
        waiting = self._waiting(call)
        self._check_switch()
        self._check(self._agent(agent, Refusal.NO_SUCH_AGENT), waiting)
        self._exchange.tell(call, e.Assigned(agent, by))

    def pick_up(self, call: CallId, agent: AgentId, by: str) -> None:
        """To this agent at once, though he is paused, wraps up or is offline."""
        waiting = self._waiting(call)
        self._check_switch()
        found = self._agent(agent, Refusal.NO_PHONE)
        if found.call == waiting.id:
            return
        if found.call is not None:
            raise NotDone(Refusal.BUSY)
        if found.reachable is False:
            raise NotDone(Refusal.UNREACHABLE)
        self._floor.steps_in(agent, self._clock.now())
        self._exchange.tell(call, e.Assigned(agent, by))

    def _waiting(self, call: CallId) -> Call:
        found = self._exchange.calls.get(call)
        if found is None or found.state not in (State.WAITING, State.RINGING):
            raise NotDone(Refusal.NOT_WAITING)
        return found

    def _agent(self, login: AgentId, otherwise: Refusal) -> Agent:
        try:
            return self._floor.working(login)
        except UnknownAgent:
            raise NotDone(otherwise) from None

    def _check_switch(self) -> None:
        if not self._floor.is_open:
            raise NotDone(Refusal.NO_SWITCH)

    def _check(self, agent: Agent, waiting: Call) -> None:
        if agent.state in (AgentState.OFFLINE, AgentState.PAUSED) or agent.wish:
            raise NotDone(Refusal.AWAY)
        if agent.reachable is False:
            raise NotDone(Refusal.UNREACHABLE)
        if waiting.overdue and not agent.free and waiting.agent != agent.id:
            raise NotDone(Refusal.BUSY)
