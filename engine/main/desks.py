"""The running engine as agents' desks see it (`engine.ports.desk.Desks`).

Rule of this file: an agent has the call that the floor gives him, and no other; nothing is kept here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from engine.acd.agents import Agent, UnknownAgent
from engine.acd.match import may_answer
from engine.call.state import Call
from engine.ports.desk import DeskAgent, DeskCall, LineNow, NoSuchAgent, Seen
from engine.ports.handover import EarlierTalk
from engine.ports.putting_through import NotNow, Wish
from engine.service.exchange import Exchange
from engine.service.putting_through import PuttingThrough
from engine.service.putting_through_seen import transfer_of
from engine.terms import AgentId, AgentState, CallId
from engine.transfer.limits import Refused
from engine.transfer.plan import Order


class RunningDesks:
    """Fills `Desks`."""

    def __init__(self, exchange: Exchange, hears: Callable[[AgentId], AgentId | None] = lambda _: None) -> None:
        """`hears(agent)`: the supervisor who listens to the agent's conversation."""
        self._exchange, self._floor, self._hears = exchange, exchange.floor, hears
        self._through = PuttingThrough(exchange)

    def agent(self, login: AgentId) -> DeskAgent | None:
        """See Desks."""
        found = self._floor.agents.get(login)
        return self._agent(found, self._call(found)) if found else None

    def team(self) -> Sequence[DeskAgent]:
        """See Desks."""
        return [self._agent(one, None) for one in self._staff()]

    def line(self) -> LineNow:
        """See Desks."""
        waiting = [self._exchange.calls[one.call] for one in self._floor.line]
        return LineNow(len(waiting), min((one.back_at or one.arrived_at for one in waiting), default=None))

    def may_answer(self, call: CallId) -> frozenset[AgentId]:
        """See Supervision."""
        caller = self._floor.line.get(call)
        agents = self._floor.agents.values() if caller else ()
        return frozenset(one.id for one in agents if caller and may_answer(one, caller))

    def call(self, login: AgentId, call: CallId) -> DeskCall | None:
        """See Desks."""
        agent = self._floor.agents.get(login)
        if agent and agent.call == call:
            return self._present(agent)
        over = self._floor.talked.find(login, call)
        return self._over(login, over) if over else None

    def beside(self, login: AgentId, call: CallId) -> Sequence[AgentId]:
        """See Desks."""
        others = (one for one in self._floor.agents.values() if one.id != login)
        return [one.id for one in others if one.call == call or self._floor.talked.find(one.id, call)]

    def wish(self, login: AgentId, state: AgentState, reason: str | None = None) -> None:
        """See Desks."""
        try:
            self._exchange.set_agent(login, state, reason)
        except UnknownAgent:
            raise NoSuchAgent(login) from None

    def end_wrap_up(self, login: AgentId) -> None:
        """See Desks."""
        try:
            self._exchange.end_wrap_up(login)
        except UnknownAgent:
            raise NoSuchAgent(login) from None

    def put_through(self, login: AgentId, call: CallId, order: Order) -> None:
        """See Desks."""
        self._check(login, call)
        self._through.order(call, order)

    def change(self, login: AgentId, call: CallId, wish: Wish, place: int = 1) -> None:
        """See Desks."""
        self._check(login, call)
        with self._through.noting(call, login):
            self._through.wish(call, wish, place)

    def refused(self, login: AgentId, call: CallId, why: Refused) -> None:
        """See Desks."""
        self._through.refused(call, login, why)

    def _check(self, login: AgentId, call: CallId) -> None:
        agent = self._floor.agents.get(login)
        if agent is None or agent.call != call:
            raise NotNow

    def seen(self, login: AgentId) -> Seen:
        """See Desks."""
        return self._floor.board.seen(login)

    async def changed(self, login: AgentId, seen: Seen) -> Seen:
        """See Desks."""
        return await self._floor.board.changed(login, seen)

    def _staff(self) -> Sequence[Agent]:
        return sorted(self._floor.agents.values(), key=lambda one: (one.name, one.id))

    def _call(self, agent: Agent) -> DeskCall | None:
        over = self._floor.talked.last(agent.id)
        return self._present(agent) or (self._over(agent.id, over) if over else None)

    def _agent(self, agent: Agent, call: DeskCall | None) -> DeskAgent:
        return DeskAgent(
            login=agent.id,
            name=agent.name,
            state=agent.state,
            since=agent.since,
            reason=agent.reason,
            wish=agent.wish[0] if agent.wish else None,
            reachable=agent.reachable,
            call=call,
            wrap_up_until=self._floor.wrap_up_until(agent.id),
            heard_by=self._heard_by(agent.id),
            listens_to=self._listens_to(agent.id),
            held_off_until=self._floor.held_off_until(agent.id),
            why_held_off=agent.why_held_off if agent.held_off else None,
        )

    def _listens_to(self, login: AgentId) -> str | None:
        """The name of whom this one listens to: nobody, where nobody leads."""
        return None

    def _heard_by(self, login: AgentId) -> str | None:
        supervisor = self._hears(login)
        return self._name(supervisor) if supervisor else None

    def _present(self, agent: Agent) -> DeskCall | None:
        call = self._exchange.calls.get(agent.call) if agent.call else None
        return self._shown(agent.id, call, None, call) if call else None

    def _over(self, login: AgentId, call: Call) -> DeskCall:
        left_at = call.agent_left_at or call.ended_at or call.talk_began_at
        return self._shown(login, call, left_at, self._floor.talked.became(login, call))

    def _shown(self, login: AgentId, call: Call, ended_at: datetime | None, became: Call) -> DeskCall:
        told = shown(call, call.talk_began_at, ended_at)
        return replace(told, transfer=transfer_of(became), before=self._before(login, call))

    def _before(self, login: AgentId, call: Call) -> tuple[EarlierTalk, ...]:
        """All where he has had none himself, and those before his last one."""
        own = [n for n, talk in enumerate(call.talks) if talk.agent == login]
        return tuple(
            EarlierTalk(talk.agent, self._name(talk.agent), talk.began_at, talk.ended_at, talk.end)
            for talk in call.talks[: own[-1] if own else None]
            if talk.agent != login and talk.ended_at and talk.end
        )

    def _name(self, login: AgentId) -> str:
        found = self._floor.agents.get(login)
        return found.name if found else login


def shown(call: Call, picked_up_at: datetime | None, ended_at: datetime | None) -> DeskCall:
    """A call as people look at it; the times are those of one agent's talk."""
    plan = call.settings
    told = (call.id, plan.customer, plan.number, plan.name, call.caller, call.line)
    return DeskCall(*told, call.arrived_at, picked_up_at, ended_at, call.access_number, back_at=call.back_at)
