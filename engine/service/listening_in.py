"""Listening in: owner of the live listenings, and who may begin one.

The rules of this file: one conversation has one listener at most, and a supervisor listens to one conversation. While
nobody listens this costs the calls nothing: `look` is asked for only while somebody does. What ends a conversation ends
its listening in the same step; a supervisor who becomes ready is rung when the phone is free, not before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from engine.acd.agents import Agent
from engine.call.events import Remarked
from engine.call.state import Call
from engine.call.state import State as CallState
from engine.law.listening import MayListen
from engine.listening import commands as c
from engine.listening import events as e
from engine.listening.machine import Impossible, step
from engine.listening.state import TOLD, Listening, ListeningId, State, listening_id
from engine.listening.steps import begin
from engine.ports import Clock, Timers
from engine.ports.listening import ListeningSwitch
from engine.ports.supervision import Listener, NotDone, Refusal
from engine.service.exchange import Exchange
from engine.terms import AgentId, AgentState, CallId

log = structlog.get_logger()
AT_REST = frozenset({AgentState.PAUSED, AgentState.OFFLINE})
"""Whom no caller is sent to."""
_FORBIDDEN = {MayListen.NOT_AGREED: Refusal.CUSTOMER_FORBIDS, MayListen.PER_MINUTE: Refusal.LAW_FORBIDS}


class Settings(Protocol):
    """What the installation says to it."""

    @property
    def listening_in(self) -> bool: ...
    @property
    def ring_time(self) -> float: ...


class ListeningIn:
    """Live listenings beside the exchange's calls. `reachable()`: whether the switch takes orders now."""

    def __init__(
        self,
        exchange: Exchange,
        switch: ListeningSwitch,
        timers: Timers,
        clock: Clock,
        settings: Settings,
        reachable: Callable[[], bool],
    ) -> None:
        """Nobody listens. `timers` must be its own: they fire into `timer_fired`."""
        self.live: dict[ListeningId, Listening] = {}
        self._exchange, self._switch, self._timers, self._clock = exchange, switch, timers, clock
        self._settings, self._reachable = settings, reachable
        self._watches: dict[ListeningId, asyncio.Task[None]] = {}

    # --- orders (see engine.ports.supervision)

    async def listen(self, supervisor: AgentId, agent: AgentId, by: str) -> None:
        """See Supervision. Raises NotDone."""
        call = self._conversation(supervisor, agent)
        assert call.leg is not None
        self._supervisor(supervisor).engaged = True
        n = int(self._clock.now().timestamp() * 1000)
        new = Listening(listening_id(call.id, n), call.id, agent, call.leg, supervisor, by)
        self.live[new.id] = new
        self._watches[new.id] = asyncio.create_task(self._watch(new))
        self._carry_out(*begin(new, self._settings.ring_time))

    def stop_listening(self, supervisor: AgentId) -> None:
        """See Supervision."""
        for one in self._of(supervisor):
            self.tell(one.id, e.Stopped("stopped"))

    def listeners(self) -> Sequence[Listener]:
        """See Supervision. Until the supervisor's phone is free again."""
        return [Listener(one.supervisor, one.agent, one.call, one.since) for one in self.live.values()]

    def heard_by(self, agent: AgentId) -> AgentId | None:
        """Who listens to this agent's conversation, once the agent has been told or is being told."""
        return next((one.supervisor for one in self.live.values() if one.agent == agent and one.state in TOLD), None)

    # --- what happens

    def tell(self, listening: ListeningId, event: e.Event) -> None:
        """Something has happened to a listening; late words of one that is over change nothing."""
        found = self.live.get(listening)
        if found is None:
            return
        try:
            after, orders = step(found, event, self._clock.now())
        except Impossible as problem:
            log.error("impossible_event", listening=listening, problem=str(problem))
            return
        self._carry_out(after, orders)

    def timer_fired(self, owner: str, name: str) -> None:
        """A timer that was started through the Timers port has run out."""
        self.tell(ListeningId(owner), e.TimerFired(c.Timer(name)))

    def look(self) -> None:
        """Calls or agents may have changed: whose conversation is over, or who is at rest no longer, stops."""
        for one in list(self.live.values()):
            if one.state is State.CLEARING:
                continue
            call = self._exchange.calls.get(one.call)
            if call is None or call.state is not CallState.TALKING or call.leg != one.agent_leg:
                self.tell(one.id, e.TalkOver())
            elif not _is_at_rest(self._agent(one.supervisor)):
                self.tell(one.id, e.Stopped("supervisor no longer paused"))

    def switch_lost(self) -> None:
        """The switch cannot be reached. What is left there is ended when it can be (`pbx.reconcile`)."""
        for listening in list(self.live):
            self.tell(listening, e.LinkLost())

    def left_behind(self, call: CallId) -> None:
        """Something of an earlier listening to this call was found on the switch, and is ended."""
        self._exchange.tell(call, Remarked("listening_over", "after a fault"))

    def end_all(self) -> None:
        """The engine is about to stop."""
        for listening in list(self.live):
            self.tell(listening, e.Stopped("shutdown"))

    # --- inside

    def _conversation(self, supervisor: AgentId, agent: AgentId) -> Call:
        """The call that may be listened to. Raises NotDone."""
        if not self._settings.listening_in:
            raise NotDone(Refusal.NOT_ALLOWED)
        if not self._reachable():
            raise NotDone(Refusal.NO_SWITCH)
        self._supervisor(supervisor)
        talking = self._agent(agent)
        if talking is None:
            raise NotDone(Refusal.NO_SUCH_AGENT)
        call = self._exchange.calls.get(talking.call) if talking.call else None
        if call is None or call.state is not CallState.TALKING or call.answered_at is None:
            raise NotDone(Refusal.NOT_TALKING)
        if call.settings.may_listen is not MayListen.YES:
            raise NotDone(_FORBIDDEN[call.settings.may_listen])
        if any(one.call == call.id for one in self.live.values()):
            raise NotDone(Refusal.ALREADY)
        return call

    def _supervisor(self, supervisor: AgentId) -> Agent:
        """Whose phone may be rung. Raises NotDone."""
        found = self._agent(supervisor)
        if found is None:
            raise NotDone(Refusal.NO_PHONE)
        if self._of(supervisor):
            raise NotDone(Refusal.ALREADY)
        if not _is_at_rest(found) or found.call is not None or found.engaged:
            raise NotDone(Refusal.BUSY)
        if found.reachable is False:
            raise NotDone(Refusal.UNREACHABLE)
        return found

    def _of(self, supervisor: AgentId) -> list[Listening]:
        return [one for one in self.live.values() if one.supervisor == supervisor]

    def _agent(self, login: AgentId) -> Agent | None:
        return self._exchange.floor.agents.get(login)

    def _carry_out(self, after: Listening, orders: Sequence[c.Command]) -> None:
        before, self.live[after.id] = self.live[after.id], after
        commands = [order for order in orders if isinstance(order, c.SwitchCommand)]
        if commands:
            agent = self._agent(after.agent)
            self._switch.perform(after, agent.name if agent else after.agent, commands)
        for order in orders:
            match order:
                case c.Note(what, detail) if after.call in self._exchange.calls:
                    self._exchange.tell(after.call, Remarked(what, detail))
                case c.Note(what, detail):
                    log.info(what, call=after.call, detail=detail)
                case c.StartTimer(name, seconds):
                    self._timers.start(after.id, name, seconds)
                case c.StopTimer(name):
                    self._timers.stop(after.id, name)
        if after.state is State.ENDED:
            self._close(after)
        if before.state is not after.state:
            for login in (after.agent, after.supervisor):
                self._exchange.floor.board.stirred(login)

    def _close(self, over: Listening) -> None:
        del self.live[over.id]
        self._watches.pop(over.id).cancel()
        agent = self._agent(over.supervisor)
        if agent:
            agent.engaged = False
            if agent.state is AgentState.READY:  # said while the phone was in use: now callers may come
                self._exchange.set_agent(agent.id, AgentState.READY)

    async def _watch(self, listening: Listening) -> None:
        """What no call tells: the supervisor becomes ready, or works here no longer."""
        board, seen = self._exchange.floor.board, self._exchange.floor.board.seen(listening.supervisor)
        self.look()
        while True:
            seen = await board.changed(listening.supervisor, seen)
            self.look()


def _is_at_rest(agent: Agent | None) -> bool:
    return agent is not None and agent.state in AT_REST
