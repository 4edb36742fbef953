"""The exchange under random orders of events, duplicates and losses: whatever the switch says, the invariants hold.

The switch here is a list of what was ordered; what it answers is drawn at random from all that it could ever say.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from engine.acd.agents import AcdSettings
from engine.acd.match import may_answer
from engine.acd.need import Circle, Need
from engine.call import commands as c
from engine.call import events as e
from engine.call.plan import Plan, WaitPlan
from engine.call.state import State
from engine.ports import AgentProfile, CallRecord, TrailEntry
from engine.service.exchange import Exchange
from engine.service.floor import UnknownAgent
from engine.terms import (
    AfterMaxWait,
    AgentId,
    AgentState,
    CallId,
    CustomerId,
    Group,
    HangupCause,
    LegId,
    PlayId,
    Skill,
    Treatment,
)
from tests.rules.calls import NOON, NUMBER

GERMAN, ENGLISH, TEAM = Skill("german"), Skill("english"), Group("team1")
STAFF = [
    AgentProfile(AgentId("anna"), "Anna", frozenset({GERMAN}), frozenset({TEAM}), AgentState.READY),
    AgentProfile(AgentId("ben"), "Ben", frozenset({GERMAN, ENGLISH}), frozenset(), AgentState.READY),
    AgentProfile(AgentId("cem"), "Cem", frozenset(), frozenset({TEAM}), AgentState.READY),
]
CIRCLES = [
    Circle(),
    Circle(frozenset({GERMAN})),
    Circle(frozenset({ENGLISH})),
    Circle(groups=frozenset({TEAM})),
]
BUSY = frozenset({AgentState.RINGING, AgentState.TALKING})


class World:
    """Switch, timers, journal and clock in memory: what was ordered and written."""

    def __init__(self) -> None:
        self.time = NOON
        self.legs: dict[LegId, CallId] = {}
        self.plays: dict[PlayId, CallId] = {}
        self.timers: dict[tuple[str, str], float] = {}
        self.opened_calls: list[CallId] = []
        self.closed_calls: dict[CallId, CallRecord] = {}
        self.trail: list[TrailEntry] = []
        self.released: set[CallId] = set()

    def now(self) -> datetime:
        self.time += timedelta(milliseconds=1)
        return self.time

    def set(self) -> None:
        assert set(self.opened_calls) == set(self.closed_calls), "nothing is being measured"

    def perform(self, call: CallId, commands: Sequence[c.SwitchCommand]) -> None:
        for command in commands:
            if isinstance(command, c.DialAgent):
                assert command.leg not in self.legs, "a leg's id is never used again"
                self.legs[command.leg] = call
            elif isinstance(command, c.Announce):
                self.plays[command.play] = call
            elif isinstance(command, c.Release):
                self.released.add(call)

    def start(self, owner: str, name: str, seconds: float) -> None:
        assert seconds > 0
        self.timers[owner, name] = seconds

    def stop(self, owner: str, name: str) -> None:
        self.timers.pop((owner, name), None)

    def stop_all(self, owner: str) -> None:
        for key in [key for key in self.timers if key[0] == owner]:
            del self.timers[key]

    def opened(self, record: CallRecord) -> None:
        self.opened_calls.append(record.id)

    def noted(self, entry: TrailEntry) -> None:
        self.trail.append(entry)

    def closed(self, record: CallRecord) -> None:
        assert record.id not in self.closed_calls, "exactly one record"
        self.closed_calls[record.id] = record

    def agent_state(self, agent: AgentId, state: AgentState, reason: str | None) -> None:
        assert state not in BUSY


class ExchangeMachine(RuleBasedStateMachine):
    """Callers, agents and the switch do what they like."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.admitted: list[CallId] = []
        world = self.world
        self.exchange = Exchange(
            world, world, world, world, AcdSettings(wrap_up=10.0), lambda call, _: self.admitted.append(call)
        )
        self.exchange.staff(STAFF)
        self.staff = {profile.id for profile in STAFF}
        self.count = 0
        self.lost = False

    def any_leg(self, data: st.DataObject) -> tuple[CallId, LegId]:
        leg = data.draw(st.sampled_from(list(self.world.legs)[-6:]))
        return self.world.legs[leg], leg

    @rule()
    def a_call_arrives(self) -> None:
        self.count += 1
        call = CallId(f"c{self.count}")
        for _ in range(2):  # the second word of the same call is ignored
            self.exchange.offered(e.Offered(call, "030123450", "+49171", None, self.world.now(), self.count))

    @precondition(lambda self: self.admitted)
    @rule(
        treatment=st.sampled_from(Treatment),
        circles=st.tuples(st.sampled_from(CIRCLES), st.sampled_from(CIRCLES)),
        then=st.sampled_from(AfterMaxWait),
        is_open=st.booleans(),
        greeting=st.sampled_from([None, "welcome"]),
    )
    def it_is_admitted(
        self,
        treatment: Treatment,
        circles: tuple[Circle, Circle],
        then: AfterMaxWait,
        is_open: bool,
        greeting: str | None,
    ) -> None:
        wait = WaitPlan(treatment, greeting=greeting, announce_every=20.0, max_wait=120.0, then=then)
        plan = Plan(CustomerId(1), "K1", "Muster", wait, Need(circles[0], 60.0, circles[1]))
        self.exchange.tell(self.admitted.pop(0), e.CustomerFound(NUMBER, plan, is_open))

    @precondition(lambda self: self.admitted)
    @rule(event=st.sampled_from([e.NumberUnknown(), e.LookupFailed()]))
    def it_is_refused(self, event: e.Event) -> None:
        self.exchange.tell(self.admitted.pop(0), event)

    @precondition(lambda self: self.world.legs)
    @rule(
        data=st.data(),
        cause=st.sampled_from(HangupCause),
        kind=st.sampled_from([e.LegRinging, e.LegAnswered]),
    )
    def a_phone_says_something(self, data: st.DataObject, cause: HangupCause, kind: type[e.LegRinging]) -> None:
        call, leg = self.any_leg(data)
        self.exchange.tell(call, kind(leg))

    @precondition(lambda self: self.world.legs)
    @rule(data=st.data(), cause=st.sampled_from(HangupCause))
    def a_leg_ends(self, data: st.DataObject, cause: HangupCause) -> None:
        call, leg = self.any_leg(data)
        self.exchange.tell(call, e.LegEnded(leg, cause))

    @precondition(lambda self: self.count)
    @rule(data=st.data())
    def the_switch_says_something(self, data: st.DataObject) -> None:
        call = CallId(f"c{data.draw(st.integers(max(1, self.count - 8), self.count))}")
        said: list[e.Event] = [e.RingingSent(), e.ProgressSent(), e.CallerAnswered(), e.CallerGone(), e.LinkBack()]
        self.exchange.tell(call, data.draw(st.sampled_from(said)))

    @precondition(lambda self: self.world.plays)
    @rule(data=st.data())
    def an_announcement_ends(self, data: st.DataObject) -> None:
        play = data.draw(st.sampled_from(list(self.world.plays)))
        self.exchange.tell(self.world.plays[play], e.AnnouncementEnded(play))

    @precondition(lambda self: self.world.legs)
    @rule(data=st.data())
    def the_switch_refuses(self, data: st.DataObject) -> None:
        call, leg = self.any_leg(data)
        play = PlayId(f"{call}-play-1")
        orders: list[c.SwitchCommand] = [
            c.Answer(),
            c.Bridge(leg),
            c.PlayMusic("default"),
            c.Announce(play, "welcome"),
        ]
        self.exchange.tell(call, e.OrderRefused(data.draw(st.sampled_from(orders)), "500"))

    @precondition(lambda self: self.world.timers)
    @rule(data=st.data())
    def a_timer_runs_out(self, data: st.DataObject) -> None:
        self.fire(*data.draw(st.sampled_from(sorted(self.world.timers))))

    def fire(self, owner: str, name: str) -> None:
        self.world.stop(owner, name)
        self.exchange.timer_fired(owner, name)

    @rule(login=st.sampled_from([a.id for a in STAFF]), state=st.sampled_from(["ready", "paused", "offline"]))
    def an_agent_changes(self, login: AgentId, state: str) -> None:
        if login in self.staff:
            self.exchange.set_agent(login, AgentState(state), "lunch")
        else:
            with pytest.raises(UnknownAgent):
                self.exchange.set_agent(login, AgentState(state), "lunch")

    @rule(lost=st.booleans())
    def the_switch_comes_and_goes(self, lost: bool) -> None:
        self.lost = lost
        (self.exchange.switch_lost if lost else self.exchange.switch_back)()

    @rule(gone=st.sampled_from([0, 1, 2]))
    def the_staff_changes(self, gone: int) -> None:
        self.staff = {profile.id for profile in STAFF[gone:]}
        self.exchange.staff(STAFF[gone:])

    @invariant()
    def no_agent_in_two_calls(self) -> None:
        reserved = [
            call.agent
            for call in self.exchange.calls.values()
            if call.state in (State.RINGING, State.TALKING) or (call.state is State.CLEARING and call.leg)
        ]
        assert len(reserved) == len(set(reserved))
        busy = {a.id: a.call for a in self.exchange.floor.agents.values() if a.state in BUSY}
        assert sorted(busy) == sorted(login for login in reserved if login)
        assert all(self.exchange.calls[call].agent == login for login, call in busy.items() if call)

    @invariant()
    def no_caller_lost(self) -> None:
        line = self.exchange.floor.line
        waiting = {c.id for c in self.exchange.calls.values() if c.state in (State.WAITING, State.RINGING)}
        assert {entry.call for entry in line} == waiting
        assert [entry.place for entry in line] == sorted(entry.place for entry in line)
        offered = {entry.call for entry in line if entry.offered}
        assert offered == {c.id for c in self.exchange.calls.values() if c.state is State.RINGING}

    @invariant()
    def no_free_agent_beside_a_caller_who_could_be_taken(self) -> None:
        for agent in self.exchange.floor.agents.values():
            if agent.free and not self.lost:
                assert not [w for w in self.exchange.floor.line if not w.offered and may_answer(agent, w)]

    @invariant()
    def charged_is_never_more_than_connected(self) -> None:
        for record in self.world.closed_calls.values():
            left = record.agent_left_at
            if record.picked_up_at and record.answered_at and left and record.answered_at <= left:
                connected = (left - record.picked_up_at).total_seconds()
                assert 0 <= record.charged_seconds - connected < 1 or record.outcome == "failed"
            else:
                assert (record.charged_seconds, record.charged_minutes, record.talked_ms) == (0, 0, 0)

    @invariant()
    def every_call_has_one_record(self) -> None:
        live = list(self.exchange.calls)
        assert sorted([*live, *self.world.closed_calls]) == sorted(self.world.opened_calls)
        numbers: dict[CallId, int] = {}
        for entry in self.world.trail:
            assert entry.n == numbers.get(entry.call, 0) + 1
            numbers[entry.call] = entry.n

    def teardown(self) -> None:
        """Callers hang up, the words of half the legs are lost, timers run out: nothing may be left."""
        for n, call in enumerate(list(self.exchange.calls.values())):
            self.exchange.tell(call.id, e.CallerGone())
            if call.leg and n % 2:
                self.exchange.tell(call.id, e.LegEnded(call.leg))
        for _ in range(3):
            for owner, name in sorted(self.world.timers):
                self.fire(owner, name)
        assert not self.exchange.calls
        assert not len(self.exchange.floor.line)
        assert not self.world.timers
        assert {agent.state for agent in self.exchange.floor.agents.values()} <= {
            AgentState.READY,
            AgentState.PAUSED,
            AgentState.OFFLINE,
        }


TestExchange = ExchangeMachine.TestCase
TestExchange.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)
