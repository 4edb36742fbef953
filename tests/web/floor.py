"""A telephone system as supervisors see it: says what it was told, notes what is ordered, refuses what it shall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.ports.supervision import Listener, NotDone, Refusal, WaitingCall
from engine.terms import AgentId, AgentState, CallId, CustomerId, Treatment
from tests.web.desks import FakeDesks, a_call


def a_caller(call: str, customer: CustomerId, arrived_at: datetime, **more: Any) -> WaitingCall:
    """Somebody in the line for Bäckerei Korn, whom one agent could answer; `of_call`: more of the call itself."""
    shown = a_call(call, customer, arrived_at, **more.pop("of_call", {}))
    told = {"treatment": Treatment.ANSWERED, "max_wait": None, "could_answer": 1, **more}
    calm = {"to_front": False, "rings_at": None, "kept_for": None}
    return WaitingCall(shown, **{**calm, **told})


@dataclass
class FakeSupervision(FakeDesks):
    """Fills `Supervision`."""

    queue: list[WaitingCall] = field(default_factory=list)
    heard: list[Listener] = field(default_factory=list)
    orders: list[tuple[str, ...]] = field(default_factory=list)
    """What was ordered: the method's name and its arguments."""
    refuses: Refusal | None = None
    """Why every order is refused from now on."""
    able: dict[CallId, frozenset[AgentId]] = field(default_factory=dict)
    """Who may answer; everybody where nothing is said."""
    is_there: bool = True
    """Whether calls can be taken."""
    looks: int = 0
    """How often somebody has asked who waits."""

    # --- what a test does

    def queue_is(self, *callers: WaitingCall) -> None:
        """These wait, in this order."""
        self.queue = list(callers)
        self.line_is(len(callers), min((one.call.arrived_at for one in callers), default=None))

    def listens(self, *listeners: Listener) -> None:
        """These listen in."""
        self.heard = list(listeners)
        self.board.stirred()

    # --- what the board asks

    def waiting(self) -> Sequence[WaitingCall]:
        self.looks += 1
        return tuple(self.queue)

    def may_answer(self, call: CallId) -> frozenset[AgentId]:
        return self.able.get(call, frozenset(self.agents))

    def listeners(self) -> Sequence[Listener]:
        return tuple(self.heard)

    def to_front(self, call: CallId, by: str) -> None:
        found = self._ordered("to_front", call, by)
        self.queue_is(replace(found, to_front=True), *(one for one in self.queue if one != found))

    def assign(self, call: CallId, agent: AgentId, by: str) -> None:
        found = self._ordered("assign", call, agent, by)
        if agent not in self.agents:
            raise NotDone(Refusal.NO_SUCH_AGENT)
        self._becomes_waiting(found, kept_for=agent)

    def pick_up(self, call: CallId, agent: AgentId, by: str) -> None:
        self._becomes_waiting(self._ordered("pick_up", call, agent, by), rings_at=agent)

    async def listen(self, supervisor: AgentId, agent: AgentId, by: str) -> None:
        self._order("listen", supervisor, agent, by)
        known = self.agents[agent]
        if known.state is not AgentState.TALKING or known.call is None:
            raise NotDone(Refusal.NOT_TALKING)
        self.listens(Listener(supervisor, agent, known.call.id, None))

    def stop_listening(self, supervisor: AgentId) -> None:
        self._order("stop_listening", supervisor)
        self.listens(*(one for one in self.heard if one.supervisor != supervisor))

    def _order(self, *order: str) -> None:
        if self.refuses:
            raise NotDone(self.refuses)
        self.orders.append(order)

    def _ordered(self, name: str, call: CallId, *more: str) -> WaitingCall:
        self._order(name, call, *more)
        found = next((one for one in self.queue if one.call.id == call), None)
        if found is None:
            raise NotDone(Refusal.NOT_WAITING)
        return found

    def _becomes_waiting(self, caller: WaitingCall, **more: Any) -> None:
        self.queue_is(*(replace(one, **more) if one == caller else one for one in self.queue))
