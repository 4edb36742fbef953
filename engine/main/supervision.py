"""The running engine as supervisors see it and order of it (`engine.ports.supervision.Supervision`).

Rule of this file: nothing is kept here; what cannot be ordered is refused.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.acd.waiting import Waiting
from engine.main.desks import RunningDesks
from engine.ports import Clock
from engine.ports.desk import DeskCall
from engine.ports.supervision import Listener, NotDone, Refusal, WaitingCall
from engine.service.exchange import Exchange
from engine.terms import AgentId, AgentState, CallId

_AWAY = (AgentState.OFFLINE, AgentState.PAUSED)


class RunningSupervision(RunningDesks):
    """Fills `Supervision`."""

    def __init__(self, exchange: Exchange, clock: Clock) -> None:
        super().__init__(exchange)
        self._clock = clock

    def waiting(self) -> Sequence[WaitingCall]:
        """See Supervision."""
        return [self._waiting(one) for one in self._floor.line]

    def to_front(self, call: CallId, by: str) -> None:
        """See Supervision."""
        raise NotDone(Refusal.NO_SWITCH)

    def assign(self, call: CallId, agent: AgentId, by: str) -> None:
        """See Supervision."""
        raise NotDone(Refusal.NO_SWITCH)

    def pick_up(self, call: CallId, agent: AgentId, by: str) -> None:
        """See Supervision."""
        raise NotDone(Refusal.NO_SWITCH)

    async def listen(self, supervisor: AgentId, agent: AgentId, by: str) -> None:
        """See Supervision."""
        raise NotDone(Refusal.NOT_ALLOWED)

    def stop_listening(self, supervisor: AgentId) -> None:
        """See Supervision."""

    def listeners(self) -> Sequence[Listener]:
        """See Supervision."""
        return ()

    def _waiting(self, waiting: Waiting) -> WaitingCall:
        call = self._exchange.calls[waiting.call]
        plan, able = call.settings, self.may_answer(call.id)
        there = [one for one in self._floor.agents.values() if one.id in able and one.state not in _AWAY]
        told = (call.id, plan.customer, plan.number, plan.name, call.caller, call.line)
        shown = DeskCall(*told, call.arrived_at, call.picked_up_at, None)
        wait, rings_at = plan.wait, call.agent if waiting.offered else None
        return WaitingCall(shown, wait.treatment, wait.max_wait, False, rings_at, None, len(there))
