"""The floor: the one waiting line and everybody who answers, in memory.

The rule of this file: nothing between an agent getting free and the next phone ringing waits for anything. After every
change the two questions of `engine.acd.match` are asked, so that no free agent stands beside a caller whom the agent
could take.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from engine.acd.agents import OUR_FAULT, AcdSettings, Agent, UnknownAgent
from engine.acd.match import agent_for, caller_for
from engine.acd.waiting import Line, Waiting
from engine.call import commands as c
from engine.call.state import Call, State
from engine.ports import AgentProfile, Journal, LiveAgent
from engine.service.deadlines import HOLD_OFF, WRAP_UP, Deadlines, timer_owner
from engine.service.noticeboard import Noticeboard
from engine.service.talked import Talked
from engine.terms import AgentId, AgentState, CallId

_KEPT = frozenset({AgentState.OFFLINE, AgentState.READY, AgentState.PAUSED})


class Floor:
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
        self.line = Line()
        self.agents: dict[AgentId, Agent] = {}
        self.board = Noticeboard()
        self.talked = Talked()
        self._settings, self._timers, self._journal, self._choose = settings, timers, journal, choose
        self._lapse = lapse
        self._leaving: set[AgentId] = set()
        self._phones: dict[AgentId, bool | None] = {}
        self.is_open = True
        """Whether phones can be rung."""

    def close(self) -> None:
        """Ring nobody: the switch cannot be reached."""
        self.is_open = False

    def open(self, now: datetime) -> None:
        """Ring again, the callers in the order of arrival."""
        self.is_open = True
        self._serve_all(now)

    def staff(self, profiles: Iterable[AgentProfile], now: datetime) -> None:
        """Take over who works here: the new come in the state last written down, the gone leave after their call."""
        known = {profile.id: profile for profile in profiles}
        for profile in known.values():
            self._employ(profile, now)
        self._leaving = set(self.agents) - set(known)
        for login in list(self._leaving):
            self.agents[login].wishes(AgentState.OFFLINE, None, now)
            self._keep(self.agents[login])
            self._forget_if_gone(self.agents[login])
        self.board.stirred()  # names, too, may be others
        self._serve_all(now)

    def _serve_all(self, now: datetime) -> None:
        self._let_go_of_those(now)
        for caller in list(self.line):
            self._serve(caller, now)

    def _employ(self, profile: AgentProfile, now: datetime) -> None:
        agent = self.agents.get(profile.id)
        if agent:
            agent.name, agent.skills, agent.groups = profile.name, profile.skills, profile.groups
            return
        agent = Agent(profile.id, profile.name, profile.skills, profile.groups)
        agent.wishes(profile.state, profile.pause_reason, now)
        agent.since, agent.reachable = now, self._phones.get(profile.id)
        self.agents[profile.id] = agent
        self._keep(agent)

    def set_state(self, login: AgentId, state: AgentState, reason: str | None, now: datetime) -> Agent:
        """An agent becomes ready, paused or offline, at once or after the call.

        Raises UnknownAgent, and ValueError for a state that cannot be wished for.
        """
        agent = self.working(login)
        agent.wishes(state, reason, now)
        self._timers.stop_all(timer_owner(login))
        self._journal.agent_state(login, state, reason if state is AgentState.PAUSED else None)
        self._next(agent, now)
        return agent

    def end_wrap_up(self, login: AgentId, now: datetime) -> None:
        """An agent is done with the last call; outside wrap-up nothing happens. Raises UnknownAgent."""
        agent = self.working(login)
        if agent.state is AgentState.WRAP_UP:
            self._timers.stop_all(timer_owner(login))
            agent.wrapped_up(now)
            self._next(agent, now)

    def steps_in(self, login: AgentId, now: datetime) -> None:
        """An agent without a call is free for one, whatever he does; to be given one at once. Raises UnknownAgent."""
        agent = self.working(login)
        self._timers.stop_all(timer_owner(login))
        agent.steps_in(now)

    def waits_until(self, call: CallId) -> datetime | None:
        """When the longest wait of a caller is over; None = it has no end, or is over."""
        return self._timers.of(call).get(c.Timer.MAX_WAIT)

    def wrap_up_until(self, login: AgentId) -> datetime | None:
        """When it ends by itself; None = there is none."""
        return self._timers.of(timer_owner(login)).get(WRAP_UP)

    def working(self, login: AgentId) -> Agent:
        """Who has this login and does not leave. Raises UnknownAgent."""
        agent = self.agents.get(login)
        if agent is None or login in self._leaving:
            raise UnknownAgent(f"there is no agent {login}: `vorzimmer agents` lists them")
        return agent

    def phone_reachable(self, login: AgentId, reachable: bool | None, now: datetime) -> None:
        """An agent's phone has gone, is back, or nobody knows (None); a call that there is is not touched."""
        agent, self._phones[login] = self.agents.get(login), reachable
        if agent and agent.reachable is not reachable:
            agent.reachable = reachable
            if reachable:  # a phone that is back is rung at once
                agent.held_off = False
                self._timers.stop(timer_owner(login), HOLD_OFF)
            self._next(agent, now)

    def resume(self, live: LiveAgent, now: datetime) -> None:
        """Go on with an agent as an engine before this one has left him; who has left the house is left alone."""
        agent, before = self.agents.get(live.agent.id), live.agent
        if agent is None:
            return
        agent.state, agent.since, agent.idle_since = before.state, before.since, before.idle_since
        agent.reason, agent.call, agent.wish = before.reason, before.call, before.wish
        agent.missed, agent.held_off = before.missed, before.held_off
        self._timers.resume(timer_owner(agent.id), live.due)
        self._keep(agent)

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
                agent.held_off = rest > 0 and agent.state is AgentState.READY
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

    def _keep(self, agent: Agent) -> None:
        self._journal.agent_stands(LiveAgent(agent, self._timers.of(timer_owner(agent.id))))
        self.board.stirred(agent.id)

    def _forget_if_gone(self, agent: Agent) -> None:
        if agent.id in self._leaving and agent.call is None:
            self._leaving.discard(agent.id)
            self.agents.pop(agent.id, None)
            self._timers.stop_all(timer_owner(agent.id))
            self.talked.gone(agent.id)
