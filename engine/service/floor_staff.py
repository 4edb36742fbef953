"""The floor as agents come to it: who works here, in which state, and whether their phones are there.

Rule of this file: whoever becomes free is given the next caller before anything else. The other half is `floor.py`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import datetime

from engine.acd.agents import Agent, UnknownAgent
from engine.ports import AgentProfile, Journal, LiveAgent
from engine.service.deadlines import HOLD_OFF, WRAP_UP, Deadlines, timer_owner
from engine.service.noticeboard import Noticeboard
from engine.service.talked import Talked
from engine.terms import AgentId, AgentState, PhoneKind


class Staff(ABC):
    """Everybody who answers."""

    def __init__(self, timers: Deadlines, journal: Journal) -> None:
        """Nobody works here yet."""
        self.agents: dict[AgentId, Agent] = {}
        self.board = Noticeboard()
        self.talked = Talked()
        self._timers, self._journal = timers, journal
        self._leaving: set[AgentId] = set()
        self._phones: dict[AgentId, bool | None] = {}
        self.at_browsers: frozenset[AgentId] = frozenset()
        """Whose phone is a page that can be closed."""

    @abstractmethod
    def _next(self, agent: Agent, now: datetime) -> None:
        """The agent is not as he was: keep that, and give him a caller if he is free."""

    @abstractmethod
    def _serve_all(self, now: datetime) -> None:
        """Give every caller an agent for whom there is one."""

    def staff(self, profiles: Iterable[AgentProfile], now: datetime) -> None:
        """Take over who works here: the new come in the state last written down, the gone leave after their call."""
        known = {profile.id: profile for profile in profiles}
        for profile in known.values():
            self._employ(profile, now)
        self.at_browsers = frozenset(one.id for one in known.values() if one.phone is PhoneKind.BROWSER)
        self._leaving = set(self.agents) - set(known)
        for login in list(self._leaving):
            self.agents[login].wishes(AgentState.OFFLINE, None, now)
            self._keep(self.agents[login])
            self._forget_if_gone(self.agents[login])
        self.board.stirred()  # names, too, may be others
        self._serve_all(now)

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

    def leaves(self, login: AgentId, why: str, now: datetime) -> None:
        """An agent is gone without having said so (see Agent.leaves); of who is unknown nothing is to be done."""
        agent = self.agents.get(login)
        if agent is None or login in self._leaving:
            return
        if not agent.leaves(why, now):
            return
        if agent.state is AgentState.OFFLINE:
            self._timers.stop_all(timer_owner(login))
        self._journal.agent_state(login, AgentState.OFFLINE, why)
        self._next(agent, now)

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

    def wrap_up_until(self, login: AgentId) -> datetime | None:
        """When it ends by itself; None = there is none."""
        return self._timers.of(timer_owner(login)).get(WRAP_UP)

    def held_off_until(self, login: AgentId) -> datetime | None:
        """Until when an agent is left alone after a call that he did not take; None = he is not."""
        agent = self.agents.get(login)
        return self._timers.of(timer_owner(login)).get(HOLD_OFF) if agent and agent.held_off else None

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
        agent.missed, agent.held_off, agent.why_held_off = before.missed, before.held_off, before.why_held_off
        self._timers.resume(timer_owner(agent.id), live.due)
        self._keep(agent)

    def _keep(self, agent: Agent) -> None:
        self._journal.agent_stands(LiveAgent(agent, self._timers.of(timer_owner(agent.id))))
        self.board.stirred(agent.id)

    def _forget_if_gone(self, agent: Agent) -> None:
        if agent.id in self._leaving and agent.call is None:
            self._leaving.discard(agent.id)
            self.agents.pop(agent.id, None)
            self._timers.stop_all(timer_owner(agent.id))
            self.talked.gone(agent.id)
