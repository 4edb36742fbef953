"""The exchange: sole owner of the live calls.

The rules of this file: one event at a time, in the order in which they happened; decide first, then order, then write
down. Nothing here waits: the store is written in the background, the switch answers by events. An event that the rules
call impossible is logged once and changes nothing. After every step the journal is told how the call stands, so that an
engine that comes after this one goes on with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from engine.acd.agents import AcdSettings
from engine.call import commands as c
from engine.call import events as e
from engine.call.machine import Impossible, step
from engine.call.state import Call, State
from engine.call.talks import known
from engine.ports import Clock, Journal, LiveAgent, LiveCall, Switch, Timers
from engine.service import gate
from engine.service.attendance import Attendance
from engine.service.deadlines import Deadlines
from engine.service.ended import Ended
from engine.service.figures import Figures
from engine.service.floor import Floor
from engine.service.gate import Gate
from engine.service.records import attempts, last_talk, record
from engine.service.trail import Surprises, Trail
from engine.terms import AgentId, CallId, HangupCause

_FREED = (c.AgentDone, c.AgentSpared)


class Exchange(Attendance):
    """Live calls, the line and the agents. `admit` is told of every new call and answers with an event."""

    def __init__(
        self,
        switch: Switch,
        timers: Timers,
        journal: Journal,
        clock: Clock,
        settings: AcdSettings,
        admit: Callable[[CallId, str, str | None], None],
        trunk_rate: float | None = None,
    ) -> None:
        """No calls, no agents."""
        self.figures = Figures()
        self.calls: dict[CallId, Call] = {}
        self._switch, self._journal, self._clock = switch, journal, clock
        self._timers = Deadlines(timers, clock)
        self.floor = Floor(settings, self._timers, journal, self._chosen, self._lapsed)
        self.gate = Gate(self._timers, trunk_rate)
        self._admit = admit
        self._trail = Trail(journal, clock)
        self._sip_call_ids: set[str] = set()
        """Of the live calls: the same one again is the same call by another way."""
        self._events: deque[tuple[CallId, e.Event]] = deque()
        self._choices: deque[tuple[CallId, e.Event]] = deque()
        self._busy = False
        self._lost_at: datetime | None = None
        self._ended = Ended()
        self._surprises = Surprises()

    def offered(self, offer: e.Offered) -> None:
        """A call has arrived. Another word of the same call is ignored, also while its channel is on the way out."""
        if offer.call in self.calls or offer.call in self._ended:
            return
        if offer.sip_call_id in self._sip_call_ids:
            self._switch.perform(offer.call, [c.Merge()])
            self._ended.add(offer.call)
            return
        if not self.calls:
            self._clock.set()
        refused = self.gate.arrives(offer.trunk, self.calls.values(), self._clock.now())
        if refused and not self.gate.is_recorded(self._clock.now()):
            self._switch.perform(offer.call, [c.Release(HangupCause.CONGESTION)])
            self._ended.add(offer.call)
            return
        facts = (offer.call, offer.dialled, offer.caller, offer.line, offer.arrived_at, offer.order)
        call = Call(*facts, trunk=offer.trunk, sip_call_id=offer.sip_call_id)
        self._take(call)
        self._journal.opened(record(call))
        self._trail.note(call, c.Note("arrived", f"{offer.caller or 'anonymous'} for {offer.dialled}"))
        if refused:
            self.tell(call.id, refused)
            return
        self._stands(call)
        self._admit(call.id, call.dialled, call.caller)

    def resume(self, calls: Iterable[LiveCall], agents: Iterable[LiveAgent], alive_at: datetime | None) -> None:
        """Go on with what an engine before this one has left, killed at `alive_at`; after `staff`, before the switch.

        Whether the callers are still there is asked of the switch later (`switch_back`); until then nobody is rung,
        and no timer runs: what it would order could not be done.
        """
        now = self._clock.now()
        self._lost_at = min(alive_at or now, now)
        self.floor.close()
        for agent in agents:
            self.floor.resume(agent, now)
        for live in sorted(calls, key=lambda live: (live.call.arrived_at, live.call.order)):
            call = known(live.call)
            self._take(call)
            self._talked(call)
            self._trail.goes_on({call.id: live.entries})
            self._timers.resume(call.id, live.due)
            self.floor.take_in(call, live.wide, live.kept_for)
            self._trail.note(call, c.Note("taken_over", str(call.state)))
            self._stands(call)
            if call.state is State.ARRIVING:
                self._admit(call.id, call.dialled, call.caller)
        self.floor.release_strays(self.calls, now)

    def trails_go_on(self, entries: Mapping[CallId, int]) -> None:
        """How many trail entries calls of an earlier engine have, should their callers still be there."""
        self._trail.goes_on(entries)

    def are_over(self, calls: Iterable[CallId]) -> None:
        """Calls that an earlier engine has ended: should a channel still be there, it is on the way out."""
        for call in calls:
            self._ended.add(call)

    def has_placed(self, call: CallId) -> bool:
        """Whether the call is known and looked up, so that it has its place if it is to have one; or is over."""
        found = self.calls.get(call)
        return call in self._ended or (found is not None and found.state is not State.ARRIVING)

    def is_over(self, call: CallId) -> bool:
        """Whether the call has ended here, so that nothing of it may be left on the switch."""
        return call in self._ended

    def come_by(self, trunk: str) -> int:
        """How many calls this trunk has brought that are there now."""
        return sum(call.trunk == trunk for call in self.calls.values())

    def tell(self, call: CallId, event: e.Event) -> None:
        """Something has happened to a call. Events told while another is being judged wait their turn."""
        self._events.append((call, event))
        self._drain()

    def timer_fired(self, owner: str, name: str) -> None:
        """A timer that was started through the Timers port has run out."""
        self._timers.fired(owner, name)
        if owner == gate.OWNER:
            self.gate.timer_fired()
        elif owner.startswith("agent:"):
            self.floor.timer_fired(owner, name, self._clock.now())
            self._drain()
        else:
            if name == c.Timer.MAX_WAIT:  # rather by anybody than by nobody
                self.floor.let_go(CallId(owner), self._clock.now())
            self.tell(CallId(owner), e.TimerFired(c.Timer(name)))

    def switch_lost(self) -> None:
        """The switch cannot be reached: nobody is rung until `switch_back`; calls stay as they are.

        A call that turns out to have ended meanwhile ended now: nobody pays for time that nobody has measured.
        """
        self._lost_at = self._lost_at or self._clock.now()
        self.floor.close()

    def switch_back(self, *, hold: bool = False) -> None:
        """The switch is there again and has been asked what was missed; `hold`: nobody is rung before `serve`."""
        self._lost_at = None
        self._timers.arm()
        if not hold:
            self.serve()

    def serve(self) -> None:
        """Ring the agents' phones, the callers in the order of arrival."""
        self.floor.open(self._clock.now())
        self._drain()

    def switch_died(self) -> None:
        """The switch has ended, and with it every channel."""
        self.switch_lost()
        for call in list(self.calls.values()):
            self.tell(call.id, e.CallerGone(HangupCause.NETWORK_FAILURE))
            if call.leg:
                self.tell(call.id, e.LegEnded(call.leg, HangupCause.NETWORK_FAILURE))

    def _chosen(self, call: CallId, agent: AgentId) -> None:
        self.figures.chosen(call, within=self._busy)
        self._choices.append((call, e.AgentChosen(agent)))

    def _lapsed(self, call: CallId, agent: AgentId) -> None:
        self._choices.append((call, e.AssignmentLapsed(agent)))

    def _drain(self) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            while self._choices or self._events:
                # A pair that was made, or is none, is told before anything else: nobody may leave in between.
                self._judge(*(self._choices or self._events).popleft())
        finally:
            self._busy = False

    def _judge(self, call_id: CallId, event: e.Event) -> None:
        call = self.calls.get(call_id)
        if call is None:
            self._orphan(call_id, event)
            return
        self.figures.begin(call_id)
        if isinstance(event, e.CustomerFound) and call.state is State.ARRIVING:
            event = self.gate.found(event, self.calls.values(), self._clock.now()) or event
        try:
            after, orders = step(call, *self._dated(event))
        except Impossible as problem:
            self.figures.impossible += 1
            self._surprises.say(call, event, problem)
            if isinstance(event, e.AgentChosen):  # nobody stays reserved for a call that does not take him
                self.floor.apply(call, c.AgentSpared(event.agent), self._clock.now())
            return
        self.calls[call_id] = after
        self._carry_out(after, orders)
        if after.talks is not call.talks:
            self._talked(after)
        if after.attempts and call.agent:
            self.floor.talked.goes_on(call.agent, after)
            self.floor.board.stirred(call.agent)
        if after.state is State.ENDED:
            self._close(after)
        elif orders or after is not call:
            self._stands(after)

    def _dated(self, event: e.Event) -> tuple[e.Event, datetime]:
        """With when it happened; an end that was missed counts from the moment in which the switch was lost."""
        now, lost = self._clock.now(), self._lost_at
        if lost and isinstance(event, e.LegEnded | e.LegLost | e.TargetEnded):
            return replace(event, late=(now - lost).total_seconds()), lost
        return event, lost if lost and isinstance(event, e.CallerGone) else now

    def _carry_out(self, call: Call, orders: Sequence[c.Command]) -> None:
        freed = [order for order in orders if isinstance(order, _FREED)]
        if freed and not any(isinstance(order, c.DropLeg) for order in orders):
            # The agent's phone is free: it rings for the next caller before the switch clears this call up.
            for free in freed:
                self.floor.apply(call, free, self._clock.now())
            orders = [order for order in orders if not isinstance(order, _FREED)]
            while self._choices:
                self._judge(*self._choices.popleft())
        commands = [order for order in orders if isinstance(order, c.SwitchCommand)]
        if commands:
            self._switch.perform(call.id, commands)
            self.figures.ordered(call.id)
        for order in orders:
            if isinstance(order, c.Note):
                self._trail.note(call, order)
            elif isinstance(order, c.StartTimer):
                self._timers.start(call.id, order.name, order.seconds)
            elif isinstance(order, c.StopTimer):
                self._timers.stop(call.id, order.name)
            elif isinstance(order, c.AcdCommand):
                self.floor.apply(call, order, self._clock.now())

    def _take(self, call: Call) -> None:
        self.calls[call.id] = call
        if call.sip_call_id:
            self._sip_call_ids.add(call.sip_call_id)

    def _close(self, call: Call) -> None:
        del self.calls[call.id]
        self._sip_call_ids.discard(call.sip_call_id)
        self._ended.add(call.id)
        self._timers.stop_all(call.id)
        final = record(call)
        self._trail.note(call, c.Note("charged", f"{final.charged_minutes} min ({final.charged_seconds} s)"))
        self._trail.ends(call.id)
        for attempt in attempts(call):
            self._journal.tried(attempt)
        self._journal.closed(final)
        self.figures.closed(final)

    def _talked(self, call: Call) -> None:
        """Before the file says that it is over: who goes on after this engine says it once more, and nobody never."""
        if talk := last_talk(call):
            self._journal.talked(talk)

    def _stands(self, call: Call) -> None:
        waiting = self.floor.line.get(call.id)
        wide, kept_for = (waiting.wide, waiting.kept_for) if waiting else (False, None)
        self._journal.call_stands(LiveCall(call, self._timers.of(call.id), self._trail.of(call.id), wide, kept_for))

    def _orphan(self, call: CallId, event: e.Event) -> None:
        """The call is over. A phone that was picked up after all is told again to hang up."""
        if isinstance(event, e.LegAnswered):
            self._switch.perform(call, [c.DropLeg(event.leg)])
