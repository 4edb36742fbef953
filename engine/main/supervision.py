"""The running engine as supervisors see and order it (`engine.ports.supervision.Supervision`).

Rule of this file: the floor knows who waits and for whom; nothing is kept here.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.acd.match import could_ever_answer
from engine.acd.waiting import Waiting
from engine.main.desks import RunningDesks, shown
from engine.ports import Clock
from engine.ports.desk import DeskAgent
from engine.ports.supervision import Listener, ListeningIn, NotDone, Refusal, WaitingCall
from engine.service.exchange import Exchange
from engine.service.supervising import Supervising
from engine.terms import AgentId, AgentState, CallId

_AT_WORK = frozenset({AgentState.READY, AgentState.RINGING, AgentState.TALKING, AgentState.WRAP_UP})


class RunningSupervision(RunningDesks):
    """Fills `Supervision`."""

    def __init__(self, exchange: Exchange, clock: Clock, listening: ListeningIn | None = None) -> None:
        """`listening`: None = nobody may listen in here."""
        super().__init__(exchange, listening.heard_by if listening else lambda _: None)
        self._orders, self._listening = Supervising(exchange, clock), listening

    def staff(self) -> Sequence[DeskAgent]:
        """See Supervision."""
        return [self._agent(one, self._call(one)) for one in self._staff()]

    def waiting(self) -> Sequence[WaitingCall]:
        """See Supervision."""
        return [self._waiting(entry) for entry in self._floor.line]

    def to_front(self, call: CallId, by: str) -> None:
        """See Supervision."""
        self._orders.to_front(call, by)

    def assign(self, call: CallId, agent: AgentId, by: str) -> None:
        """See Supervision."""
        self._orders.assign(call, agent, by)

    def pick_up(self, call: CallId, agent: AgentId, by: str) -> None:
        """See Supervision. Who listens in has a phone that is in use."""
        if any(one.supervisor == agent for one in self.listeners()):
            raise NotDone(Refusal.BUSY)
        self._orders.pick_up(call, agent, by)

    async def listen(self, supervisor: AgentId, agent: AgentId, by: str) -> None:
        """See Supervision."""
        if self._listening is None:
            raise NotDone(Refusal.NOT_ALLOWED)
        await self._listening.listen(supervisor, agent, by)

    def stop_listening(self, supervisor: AgentId) -> None:
        """See Supervision."""
        if self._listening is not None:
            self._listening.stop_listening(supervisor)

    def listeners(self) -> Sequence[Listener]:
        """See Supervision."""
        return self._listening.listeners() if self._listening is not None else ()

    def _listens_to(self, login: AgentId) -> str | None:
        heard = next((one.agent for one in self.listeners() if one.supervisor == login), None)
        found = self._floor.agents.get(heard) if heard else None
        return found.name if found else heard

    def _waiting(self, entry: Waiting) -> WaitingCall:
        call = self._exchange.calls[entry.call]
        return WaitingCall(
            call=shown(call, None, None),
            treatment=call.settings.wait.treatment,
            max_wait=self._max_wait(entry.call),
            to_front=entry.rank < 0,
            rings_at=call.agent if entry.offered else None,
            kept_for=None if entry.offered else entry.kept_for,
            could_answer=self._could_answer(entry),
        )

    def _max_wait(self, call_id: CallId) -> float | None:
        call, until = self._exchange.calls[call_id], self._floor.waits_until(call_id)
        wait = call.settings.wait
        if wait.waits_on or call.picked_up_at is None or until is None:
            return None if wait.waits_on else wait.max_wait
        return round((until - call.arrived_at).total_seconds(), 3)

    def _could_answer(self, entry: Waiting) -> int:
        at_work = (one for one in self._floor.agents.values() if one.state in _AT_WORK and one.reachable is not False)
        return sum(could_ever_answer(agent, entry) for agent in at_work)
