"""A telephone system as desks see it, that only says what it has been told; who waits for changes really waits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.ports.desk import DeskAgent, DeskCall, LineNow, NoSuchAgent, Seen
from engine.ports.putting_through import DeskTransfer, NotNow, Wish
from engine.service.noticeboard import Noticeboard
from engine.terms import AgentId, AgentState, CallId, CustomerId
from engine.transfer.limits import Refused
from engine.transfer.plan import Order

BUSY = (AgentState.RINGING, AgentState.TALKING)


def an_agent(login: str, name: str, state: AgentState = AgentState.READY, **more: Any) -> DeskAgent:
    """An agent whose phone is there."""
    told = {"since": None, "reason": None, "wish": None, "reachable": True, "call": None, "wrap_up_until": None, **more}
    return DeskAgent(AgentId(login), name, state, **told)


def a_call(call: str, customer: CustomerId, arrived_at: datetime, **more: Any) -> DeskCall:
    """A call for Bäckerei Korn that rings."""
    told = {"caller": "+4930555", "line": None, "picked_up_at": None, "ended_at": None, **more}
    names = {"number": told.pop("number", "K1001"), "name": told.pop("name", "Bäckerei Korn")}
    return DeskCall(CallId(call), customer, **names, arrived_at=arrived_at, **told)


@dataclass
class FakeDesks:
    """Fills `Desks`. What a test does to it wakes who is looking, as in the engine."""

    agents: dict[AgentId, DeskAgent] = field(default_factory=dict)
    line_now: LineNow = field(default_factory=lambda: LineNow(0, None))
    wishes: list[tuple[str, AgentState, str | None]] = field(default_factory=list)
    """What agents have asked for."""
    board: Noticeboard = field(default_factory=Noticeboard)
    talked: dict[AgentId, list[DeskCall]] = field(default_factory=dict)

    put_throughs: list[Order] = field(default_factory=list)
    """To put callers through."""
    changes: list[tuple[Wish, int]] = field(default_factory=list)
    refusals: list[tuple[AgentId, CallId, Refused]] = field(default_factory=list)

    # --- what a test does

    def is_put_through(self, login: str, transfer: DeskTransfer | None) -> None:
        """This is how it stands with the caller at this agent's phone."""
        agent = self.agents[AgentId(login)]
        assert agent.call
        self.works(replace(agent, call=replace(agent.call, transfer=transfer)))

    def works(self, agent: DeskAgent) -> None:
        """The agent is there, and as told from now on."""
        self.agents[agent.login] = agent
        self.board.stirred(agent.login)

    def rings(self, login: str, call: DeskCall) -> None:
        """The agent's phone rings for this call."""
        self._becomes(login, AgentState.RINGING, call.arrived_at, call=call, wrap_up_until=None)

    def picks_up(self, login: str, at: datetime) -> None:
        """The agent takes the call."""
        call = self.agents[AgentId(login)].call
        assert call
        self._becomes(login, AgentState.TALKING, at, call=replace(call, picked_up_at=at))

    def hangs_up(self, login: str, at: datetime, wrap_up_until: datetime | None = None) -> None:
        """The agent is free of the call: in wrap-up, or as wished for."""
        agent = self.agents[AgentId(login)]
        assert agent.call
        over = replace(agent.call, ended_at=at)
        self.talked.setdefault(agent.login, []).append(over)
        state = AgentState.WRAP_UP if wrap_up_until else agent.wish or AgentState.READY
        self._becomes(login, state, at, call=over, wish=None, wrap_up_until=wrap_up_until)

    def line_is(self, waiting: int, first_since: datetime | None = None) -> None:
        """So many wait."""
        self.line_now = LineNow(waiting, first_since)
        self.board.stirred()

    def _becomes(self, login: str, state: AgentState, since: datetime | None, **more: Any) -> None:
        self.works(replace(self.agents[AgentId(login)], state=state, since=since, **more))

    # --- what desks ask

    def agent(self, login: AgentId) -> DeskAgent | None:
        return self.agents.get(login)

    def team(self) -> Sequence[DeskAgent]:
        return [replace(one, call=None) for one in self.staff()]

    def staff(self) -> Sequence[DeskAgent]:
        """With their calls."""
        return sorted(self.agents.values(), key=lambda one: (one.name, one.login))

    def line(self) -> LineNow:
        return self.line_now

    def call(self, login: AgentId, call: CallId) -> DeskCall | None:
        agent = self.agents.get(login)
        there = [agent.call] if agent and agent.call else []
        return next((one for one in (*there, *self.talked.get(login, ())) if one.id == call), None)

    def beside(self, login: AgentId, call: CallId) -> Sequence[AgentId]:
        return [one for one in self.agents if one != login and self.call(one, call)]

    def wish(self, login: AgentId, state: AgentState, reason: str | None = None) -> None:
        agent = self._known(login)
        self.wishes.append((login, state, reason))
        if agent.state in BUSY:
            self.works(replace(agent, wish=state))
            return
        reason = reason if state is AgentState.PAUSED else None
        self._becomes(login, state, agent.since, reason=reason, wrap_up_until=None)

    def end_wrap_up(self, login: AgentId) -> None:
        if self._known(login).state is AgentState.WRAP_UP:
            self._becomes(login, AgentState.READY, None, wrap_up_until=None)

    def put_through(self, login: AgentId, call: CallId, order: Order) -> None:
        self._at(login, call)
        self.put_throughs.append(order)

    def change(self, login: AgentId, call: CallId, wish: Wish, place: int = 1) -> None:
        there = self._at(login, call)
        if there.transfer is None or wish not in there.transfer.can:
            raise NotNow
        self.changes.append((wish, place))

    def refused(self, login: AgentId, call: CallId, why: Refused) -> None:
        self.refusals.append((login, call, why))

    def _at(self, login: AgentId, call: CallId) -> DeskCall:
        there = self.call(login, call)
        if there is None or there.ended_at or there.picked_up_at is None:
            raise NotNow
        return there

    def seen(self, login: AgentId) -> Seen:
        return self.board.seen(login)

    async def changed(self, login: AgentId, seen: Seen) -> Seen:
        return await self.board.changed(login, seen)

    def _known(self, login: AgentId) -> DeskAgent:
        if login not in self.agents:
            raise NoSuchAgent(login)
        return self.agents[login]


@dataclass
class FakePhoneLine:
    """Fills `PhoneLine`: what it was told, and what the agents do."""

    states: dict[str, AgentState] = field(default_factory=dict)
    listeners: set[str] = field(default_factory=set)
    """Who listens in."""
    told: list[str] = field(default_factory=list)
    lost_one: asyncio.Event = field(default_factory=asyncio.Event)
    away_after: float = 60.0
    left: list[tuple[str, str]] = field(default_factory=list)
    """Who has gone without having said so, and why."""
    left_one: asyncio.Event = field(default_factory=asyncio.Event)
    calls: int = 1
    """How many there have been: whoever rings or talks has the last one."""

    def state(self, agent: AgentId) -> AgentState | None:
        return self.states.get(agent)

    def call(self, agent: AgentId) -> CallId | None:
        busy = self.states.get(agent) in (AgentState.RINGING, AgentState.TALKING)
        return CallId(f"c{self.calls}") if busy else None

    def opened(self, agent: AgentId) -> None:
        self.told.append(f"opened {agent}")

    def closed(self, agent: AgentId) -> None:
        self.told.append(f"closed {agent}")

    def listens(self, agent: AgentId) -> bool:
        return agent in self.listeners

    def leaves(self, agent: AgentId, why: str) -> None:
        self.left.append((agent, why))
        self.left_one.set()

    def lost(self, agent: AgentId) -> None:
        self.told.append(f"lost {agent}")
        self.listeners.discard(agent)
        self.states[agent] = AgentState.READY
        self.lost_one.set()
