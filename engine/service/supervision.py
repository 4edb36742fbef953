"""What a supervisor sees of the whole floor and orders of it, for whoever leads the agents.

Rules of this file: supervisors and administrators alone, and every order asks anew. An order goes by the login of who
gave it; what needs a phone needs a supervisor who is an agent, too. Customers of calls are shown here, and nowhere else
to somebody who does not talk in them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from engine.accounts import Identity, Role
from engine.ports.desk import DeskAgent, NoSuchAgent, Seen
from engine.ports.floor_days import FloorDays
from engine.ports.supervision import NOBODY, Listener, NotDone, Refusal, Supervision, WaitingCall
from engine.service.floor_day import FloorDay, Today
from engine.terms import AgentId, AgentState, CallId

LEADERS = (Role.SUPERVISOR, Role.ADMIN)
_AT_WORK = frozenset({AgentState.READY, AgentState.RINGING, AgentState.TALKING, AgentState.WRAP_UP})
_IN_CALL = frozenset({AgentState.RINGING, AgentState.TALKING})
log = structlog.get_logger()


class NotALeader(Exception):
    """Who asks may not see the floor."""


@dataclass(frozen=True, slots=True)
class FloorNow:
    """Everybody at this moment."""

    waiting: tuple[WaitingCall, ...]
    """In the order in which they will be served."""
    team: tuple[DeskAgent, ...]
    """By name; a call that is over is not there any more."""
    listeners: tuple[Listener, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Who can be given this caller."""

    waiting: WaitingCall
    agents: tuple[tuple[DeskAgent, bool], ...]
    """Everybody at work, by name, and whether the agent has what the caller's customer asks for."""


class Leading:
    """Works for whoever signs in as a supervisor or administrator."""

    def __init__(self, floor: Supervision, days: FloorDays, now: Callable[[], datetime]) -> None:
        """`now`: this moment, in UTC."""
        self._floor, self._today = floor, Today(days, now)

    # --- what is there

    def look(self, by: Identity) -> FloorNow:
        """The floor at this moment. Raises NotALeader."""
        _leader(by)
        team = tuple(_without_past(one) for one in self._floor.staff())
        return FloorNow(tuple(self._floor.waiting()), team, tuple(self._floor.listeners()))

    def choice(self, by: Identity, call: CallId) -> Choice | None:
        """Whom this caller can be assigned to; None if the call does not wait. Raises NotALeader."""
        found = next((one for one in self.look(by).waiting if one.call.id == call), None)
        if found is None:
            return None
        able = self._floor.may_answer(call)
        there = [one for one in self._floor.staff() if is_at_work(one)]
        return Choice(found, tuple((one, one.login in able) for one in there))

    def own(self, by: Identity) -> DeskAgent | None:
        """The supervisor's own place in the team; None = no agent, or not known to the engine. Raises NotALeader."""
        _leader(by)
        return self._floor.agent(by.agent) if by.agent else None

    def seen(self, by: Identity) -> Seen:
        """What a look now has seen. Raises NotALeader."""
        _leader(by)
        return self._floor.seen(NOBODY)

    async def changed(self, by: Identity, seen: Seen) -> Seen:
        """Wait until something of the floor is not as it was. Raises NotALeader."""
        _leader(by)
        return await self._floor.changed(NOBODY, seen)

    async def figures(self, by: Identity) -> FloorDay:
        """Today's, some seconds old. Raises NotALeader, StoreError."""
        _leader(by)
        return await self._today.figures()

    # --- orders

    def to_front(self, by: Identity, call: CallId) -> None:
        """Serve this caller next. Raises NotALeader, NotDone."""
        self._floor.to_front(call, _leader(by))

    def assign(self, by: Identity, call: CallId, agent: AgentId) -> None:
        """This agent takes this caller, now or next, whatever the agent's skills. Raises NotALeader, NotDone."""
        self._floor.assign(call, agent, _leader(by))

    def pick_up(self, by: Identity, call: CallId) -> None:
        """The own phone rings for this caller. Raises NotALeader, NotDone."""
        self._floor.pick_up(call, _phone(by), by.login)

    def set_state(self, by: Identity, agent: AgentId, state: AgentState, reason: str | None = None) -> bool:
        """The agent becomes ready, paused or offline: True = at once, False = after the present call.

        Raises NotALeader, NotDone, ValueError for another state.
        """
        _leader(by)
        before = self._floor.agent(agent)
        try:
            self._floor.wish(agent, state, reason)
        except NoSuchAgent:
            raise NotDone(Refusal.NO_SUCH_AGENT) from None
        log.info("agent_state_ordered", agent=agent, state=state.value, by=by.login)
        # Not by the state that comes of it: who becomes ready while callers wait is rung at once.
        return before is None or before.state not in _IN_CALL

    async def listen(self, by: Identity, agent: AgentId) -> None:
        """The own phone rings, then the agent's conversation can be heard. Raises NotALeader, NotDone."""
        await self._floor.listen(_phone(by), agent, by.login)

    def stop_listening(self, by: Identity) -> None:
        """Nothing is heard any more. Raises NotALeader, NotDone for who has no phone."""
        self._floor.stop_listening(_phone(by))


def is_at_work(agent: DeskAgent) -> bool:
    """Whether a caller can be given to this agent: signed in, not paused, and the phone is not known to be gone."""
    return agent.state in _AT_WORK and agent.reachable is not False


def _leader(by: Identity) -> str:
    if by.role not in LEADERS:
        raise NotALeader(by.login)
    return by.login


def _phone(by: Identity) -> AgentId:
    _leader(by)
    if by.agent is None:
        raise NotDone(Refusal.NO_PHONE)
    return by.agent


def _without_past(agent: DeskAgent) -> DeskAgent:
    is_over = agent.call is not None and agent.call.ended_at is not None and agent.state is not AgentState.WRAP_UP
    return replace(agent, call=None) if is_over else agent
