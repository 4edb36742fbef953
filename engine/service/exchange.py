"""The exchange: sole owner of the live calls.

The rules of this file: one event at a time, in the order in which they happened; decide first, then order, then write
down. Nothing here waits: the store is written in the background, the switch answers by events. An event that the rules
call impossible is logged once and changes nothing.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

import structlog

from engine.acd.agents import AcdSettings, Agent
from engine.call import commands as c
from engine.call import events as e
from engine.call.machine import Impossible, kind_of, step
from engine.call.state import Call, State
from engine.ports import AgentProfile, Clock, Journal, Switch, Timers, TrailEntry
from engine.service.floor import Floor
from engine.service.records import record
from engine.terms import AgentId, AgentState, CallId

log = structlog.get_logger()
_REMEMBERED = 10_000
"""Ended calls whose ids are still known, so that none is taken for a new one."""


class Exchange:
    """Live calls, the line and the agents. `admit` is told of every new call and answers with an event."""

    def __init__(
        self,
        switch: Switch,
        timers: Timers,
        journal: Journal,
        clock: Clock,
        settings: AcdSettings,
        admit: Callable[[CallId, str], None],
    ) -> None:
        """No calls, no agents."""
        self.calls: dict[CallId, Call] = {}
        self.floor = Floor(settings, timers, journal, self._chosen)
        self._switch, self._timers, self._journal, self._clock = switch, timers, journal, clock
        self._admit = admit
        self._entries: dict[CallId, int] = {}
        self._events: deque[tuple[CallId, e.Event]] = deque()
        self._choices: deque[tuple[CallId, e.Event]] = deque()
        self._busy = False
        self._lost_at: datetime | None = None
        self._ended: OrderedDict[CallId, None] = OrderedDict()
        self._said: set[tuple[State, object]] = set()

    def offered(self, offer: e.Offered) -> None:
        """A call has arrived. Another word of the same call is ignored, also while its channel is on the way out."""
        if offer.call in self.calls or offer.call in self._ended:
            return
        if not self.calls:
            self._clock.set()
        call = Call(offer.call, offer.dialled, offer.caller, offer.line, offer.arrived_at, offer.order)
        self.calls[call.id] = call
        self._journal.opened(record(call))
        self._note(call, c.Note("arrived", f"{offer.caller or 'anonymous'} for {offer.dialled}"))
        self._admit(call.id, call.dialled)

    def trails_go_on(self, entries: Mapping[CallId, int]) -> None:
        """How many trail entries calls of an earlier engine have, should their callers still be there."""
        self._entries.update(entries)

    def is_over(self, call: CallId) -> bool:
        """Whether the call has ended here, so that nothing of it may be left on the switch."""
        return call in self._ended

    def tell(self, call: CallId, event: e.Event) -> None:
        """Something has happened to a call. Events told while another is being judged wait their turn."""
        self._events.append((call, event))
        self._drain()

    def timer_fired(self, owner: str, name: str) -> None:
        """A timer that was started through the Timers port has run out."""
        if owner.startswith("agent:"):
            self.floor.timer_fired(owner, name, self._clock.now())
            self._drain()
        else:
            self.tell(CallId(owner), e.TimerFired(c.Timer(name)))

    def staff(self, profiles: Iterable[AgentProfile]) -> None:
        """Take over who works here (see Floor.staff)."""
        self.floor.staff(profiles, self._clock.now())
        self._drain()

    def switch_lost(self) -> None:
        """The switch cannot be reached: nobody is rung until `switch_back`; calls stay as they are.

        A call that turns out to have ended meanwhile ended now: nobody pays for time that nobody has measured.
        """
        self._lost_at = self._lost_at or self._clock.now()
        self.floor.close()

    def switch_back(self) -> None:
        """The switch is there again and has been asked what was missed."""
        self._lost_at = None
        self.floor.open(self._clock.now())
        self._drain()

    def set_agent(self, login: AgentId, state: AgentState, reason: str | None = None) -> Agent:
        """An agent becomes ready, paused or offline. Raises UnknownAgent, ValueError (see Floor.set_state)."""
        agent = self.floor.set_state(login, state, reason, self._clock.now())
        self._drain()
        return agent

    def _chosen(self, call: CallId, agent: AgentId) -> None:
        self._choices.append((call, e.AgentChosen(agent)))

    def _drain(self) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            while self._choices or self._events:
                # A pair that was made is told before anything else: nobody may leave in between.
                self._judge(*(self._choices or self._events).popleft())
        finally:
            self._busy = False

    def _judge(self, call_id: CallId, event: e.Event) -> None:
        call = self.calls.get(call_id)
        if call is None:
            self._orphan(call_id, event)
            return
        try:
            after, orders = step(call, event, self._moment(event))
        except Impossible as problem:
            self._say_once(call, event, problem)
            return
        self.calls[call_id] = after
        self._carry_out(after, orders)
        if after.state is State.ENDED:
            self._close(after)

    def _moment(self, event: e.Event) -> datetime:
        """When it happened; an end that was missed counts from the moment in which the switch was lost."""
        missed = self._lost_at if isinstance(event, e.CallerGone | e.LegEnded) else None
        return missed or self._clock.now()

    def _carry_out(self, call: Call, orders: Sequence[c.Command]) -> None:
        commands = [order for order in orders if isinstance(order, c.SwitchCommand)]
        if commands:
            self._switch.perform(call.id, commands)
        for order in orders:
            if isinstance(order, c.Note):
                self._note(call, order)
            elif isinstance(order, c.StartTimer):
                self._timers.start(call.id, order.name, order.seconds)
            elif isinstance(order, c.StopTimer):
                self._timers.stop(call.id, order.name)
            elif isinstance(order, c.AcdCommand):
                self.floor.apply(call, order, self._clock.now())

    def _close(self, call: Call) -> None:
        del self.calls[call.id]
        self._ended[call.id] = None
        if len(self._ended) > _REMEMBERED:
            self._ended.popitem(last=False)
        self._timers.stop_all(call.id)
        final = record(call)
        self._note(call, c.Note("charged", f"{final.charged_minutes} min ({final.charged_seconds} s)"))
        self._entries.pop(call.id)
        self._journal.closed(final)

    def _note(self, call: Call, note: c.Note) -> None:
        n = self._entries[call.id] = self._entries.get(call.id, 0) + 1
        self._journal.noted(TrailEntry(call.id, n, self._clock.now(), note.what, note.detail))

    def _orphan(self, call: CallId, event: e.Event) -> None:
        """The call is over. A phone that was picked up after all is told again to hang up."""
        if isinstance(event, e.LegAnswered):
            self._switch.perform(call, [c.DropLeg(event.leg)])

    def _say_once(self, call: Call, event: e.Event, problem: Impossible) -> None:
        key = (call.state, kind_of(event))
        if key not in self._said:
            self._said.add(key)
            log.error("impossible_event", call=call.id, problem=str(problem))
