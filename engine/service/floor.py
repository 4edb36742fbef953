"""The floor: the one waiting line and everybody who answers, in memory.

The rule of this file: nothing between an agent getting free and the next phone ringing waits for anything. After every
change the two questions of `engine.acd.match` are asked, so that no free agent stands beside a caller whom the agent
could take.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine.acd.agents import OUR_FAULT, AcdSettings, Agent
from engine.acd.match import agent_for, caller_for
from engine.acd.waiting import Line, Waiting
from engine.call import commands as c
from engine.call.state import Call, State
from engine.ports import Journal
from engine.service.deadlines import HOLD_OFF, WRAP_UP, Deadlines, timer_owner
from engine.service.floor_staff import Staff
from engine.terms import AgentId, AgentState, CallId

_KEPT = frozenset({AgentState.OFFLINE, AgentState.READY, AgentState.PAUSED})


class Floor(Staff):
    """Agents and line. `choose(call, agent)` is told of every pair made, `lapse` of every one that will not be."""

    def __init__(
        self,
        settings: AcdSettings,
        timers: Deadlines,
        journal: Journal,
        choose: Callable[[CallId, AgentId], None],
        lapse: Callable[[CallId, AgentId], None],
    ) -> None:
        """An empty floor."""
        super().__init__(timers, journal)
        self.line = Line()
        self._settings, self._choose, self._lapse = settings, choose, lapse
        self.is_open = True
        """Whether phones can be rung."""

    def close(self) -> None:
        """Ring nobody: the switch cannot be reached."""
        self.is_open = False

    def open(self, now: datetime) -> None:
        """Ring again, the callers in the order of arrival."""
        self.is_open = True
        self._serve_all(now)

    def _serve_all(self, now: datetime) -> None:
        self._let_go_of_those(now)
        for caller in list(self.line):
            self._serve(caller, now)

    def waits_until(self, call: CallId) -> datetime | None:
        """When the longest wait of a caller is over; None = it has no end, or is over."""
        return self._timers.of(call).get(c.Timer.MAX_WAIT)

    def take_in(self, call: Call, wide: bool, kept_for: AgentId | None) -> None:
        """A call of an engine before this one: at its old place, with its agent."""
        if call.state in (State.WAITING, State.RINGING):
            caller = self._join(call)
            caller.wide, caller.offered, caller.kept_for = wide, call.state is State.RINGING, kept_for
        agent = self.agents.get(call.agent) if call.agent else None
        if agent and call.leg:
            agent.call = call.id
            if agent.state not in (AgentState.RINGING, AgentState.TALKING):
                agent.state = AgentState.TALKING if call.talk_began_at else AgentState.RINGING
            self._keep(agent)

    def release_strays(self, calls: Mapping[CallId, Call], now: datetime) -> None:
        """Agents with a call that there is no more, or that has given up their phone, are free."""
        for agent in self.agents.values():
            call = calls.get(agent.call) if agent.call else None
            if agent.call and (call is None or call.agent != agent.id or call.leg is None):
                agent.spared(now)
                self._keep(agent)

    def apply(self, call: Call, command: c.AcdCommand, now: datetime) -> None:
        """Carry out what a call's step ordered of the ACD."""
        self.board.stirred()
        match command:
            case c.JoinLine(_, back_to):
                caller = self._join(call)
                self._back_to(caller, back_to, now)
                self._serve(caller, now)
            case c.MoveInLine(rank):
                self.line.move(call.id, rank)
            case c.KeepFor(login):
                self._change(call.id, now, kept_for=login)
            case c.LeaveLine():
                self.line.leave(call.id)
            case c.ReturnToLine():
                self._change(call.id, now, offered=False)
            case c.Widen():
                self._change(call.id, now, wide=True)
            case c.AgentTalks(login):
                if agent := self.agents.get(login):
                    agent.talks(now)
                    self._keep(agent)
            case _:
                self._freed(call, command, now)

    def _back_to(self, caller: Waiting, login: AgentId | None, now: datetime) -> None:
        """Keep a caller who comes back for the agent who has put him through, if that one is there and has no call."""
        agent = self.agents.get(login) if login and login not in self._leaving else None
        if agent and agent.at_hand:
            caller.kept_for = agent.id
            self.steps_in(agent.id, now)
            self._keep(agent)

    def _join(self, call: Call) -> Waiting:
        return self.line.join((call.arrived_at, call.order, call.id), call.id, call.settings.need, call.rank)

    def _freed(self, call: Call, command: c.FreeingCommand, now: datetime) -> None:
        agent = self.agents.get(command.agent)
        if agent is None:
            return
        match command:
            case c.AgentMissed(_, cause) if not self.is_open and cause in OUR_FAULT:
                agent.spared(now)  # the ring was lost with the link: nothing speaks against the next one at once
            case c.AgentMissed(_, cause):
                self._wait(agent, HOLD_OFF, agent.misses(cause, self._settings, now))
                self._let_go_of_those(now, agent.id)
            case c.AgentDone():
                self.talked.over(agent.id, call)
                self._wait(agent, WRAP_UP, agent.done(self._settings, now))
            case c.AgentLost():
                self.talked.over(agent.id, call)
                self._wait(agent, HOLD_OFF, agent.lost(self._settings, now))
                self._let_go_of_those(now, agent.id)
            case c.AgentSpared(_, rest):
                agent.spared(now)
                agent.held_off, agent.why_held_off = rest > 0 and agent.state is AgentState.READY, None
                self._wait(agent, HOLD_OFF, rest)
        if isinstance(command, c.AgentMissed) and agent.state in _KEPT - {AgentState.READY}:
            self._journal.agent_state(agent.id, agent.state, agent.reason)
        self._next(agent, now)

    def timer_fired(self, owner: str, name: str, now: datetime) -> None:
        """An agent's timer has run out."""
        agent = self.agents.get(AgentId(owner.removeprefix("agent:")))
        if agent is None:
            return
        if name == WRAP_UP:
            agent.wrapped_up(now)
        else:
            agent.held_off = False
        self._next(agent, now)

    def _wait(self, agent: Agent, name: str, seconds: float) -> None:
        if seconds > 0:
            self._timers.start(timer_owner(agent.id), name, seconds)

    def _let_go_of_those(self, now: datetime, missed: AgentId | None = None) -> None:
        """Nobody is kept any longer for an agent who will not come, or who has just `missed` a call."""
        for caller in [one for one in self.line if one.kept_for and not one.offered]:
            login = caller.kept_for
            agent = self.agents.get(login) if login else None
            if agent is None or not agent.comes or login == missed:
                self.let_go(caller.call, now)

    def let_go(self, call: CallId, now: datetime) -> None:
        """Whoever is free may take this caller, if he was kept for one agent."""
        caller = self.line.get(call)
        if caller and caller.kept_for and not caller.offered:
            self._lapse(call, caller.kept_for)
            caller.kept_for = None
            self.board.stirred()
            self._serve(caller, now)

    def _change(self, call: CallId, now: datetime, **changes: Any) -> None:
        if caller := self.line.get(call):
            for name, value in changes.items():
                setattr(caller, name, value)
            self._serve(caller, now)

    def _serve(self, caller: Waiting, now: datetime) -> None:
        agent = agent_for(caller, self.agents.values()) if self.is_open else None
        if agent:
            self._pair(caller, agent, now)

    def _next(self, agent: Agent, now: datetime) -> None:
        self._keep(agent)
        self._forget_if_gone(agent)
        if not agent.comes:
            self._let_go_of_those(now)
        caller = caller_for(agent, self.line) if self.is_open else None
        if caller:
            self._pair(caller, agent, now)

    def _pair(self, caller: Waiting, agent: Agent, now: datetime) -> None:
        caller.offered = True
        agent.rings(caller.call, now)
        self.talked.rings(agent.id)
        self._keep(agent)
        self._choose(caller.call, agent.id)
