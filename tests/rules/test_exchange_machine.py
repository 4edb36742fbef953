"""The exchange under random orders of events, duplicates and losses: whatever the switch says, the invariants hold.

The switch here is a list of what was ordered; what it answers is drawn at random from all that it could ever say.
"""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from engine.acd.agents import AcdSettings
from engine.acd.match import may_answer
from engine.acd.need import Circle, Need
from engine.call import commands as c
from engine.call import events as e
from engine.call.limits import Limits
from engine.call.plan import Plan, WaitPlan
from engine.call.state import State
from engine.ports import AgentProfile, Trunk
from engine.service import gate
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
from tests.rules.calls import NUMBER
from tests.rules.world import BUSY, World

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
MOST = 3
"""Calls at once that a customer or the narrow trunk may have."""


class ExchangeMachine(RuleBasedStateMachine):
    """Callers, agents and the switch do what they like."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.admitted: list[CallId] = []
        self.exchange = self.engine()
        self.staff = {profile.id for profile in STAFF}
        self.count = 0
        self.lost = False

    def engine(self) -> Exchange:
        world = self.world
        exchange = Exchange(
            world, world, world, world, AcdSettings(wrap_up=10.0), lambda call, *_: self.admitted.append(call)
        )
        exchange.staff(STAFF)
        exchange.gate.trunks([Trunk("narrow", limits=Limits(MOST, 200.0)), Trunk("wide")])
        return exchange

    def any_leg(self, data: st.DataObject) -> tuple[CallId, LegId]:
        leg = data.draw(st.sampled_from(list(self.world.legs)[-6:]))
        return self.world.legs[leg], leg

    @rule(trunk=st.sampled_from(["narrow", "wide"]))
    def a_call_arrives(self, trunk: str) -> None:
        self.count += 1
        call = CallId(f"c{self.count}")
        for _ in range(2):  # the second word of the same call is ignored
            self.exchange.offered(e.Offered(call, "030123450", "+49171", None, self.world.now(), self.count, trunk))

    @precondition(lambda self: self.admitted)
    @rule(
        treatment=st.sampled_from(Treatment),
        circles=st.tuples(st.sampled_from(CIRCLES), st.sampled_from(CIRCLES)),
        then=st.sampled_from(AfterMaxWait),
        is_open=st.booleans(),
        notice=st.sampled_from([None, "fixed-price"]),
        greeting=st.sampled_from([None, "welcome"]),
        free=st.sampled_from([None, 30.0]),
    )
    def it_is_admitted(
        self,
        treatment: Treatment,
        circles: tuple[Circle, Circle],
        then: AfterMaxWait,
        is_open: bool,
        notice: str | None,
        greeting: str | None,
        free: float | None,
    ) -> None:
        wait = WaitPlan(treatment, greeting=greeting, announce_every=20.0, max_wait=120.0, then=then, notice=notice)
        wait = wait.within(120.0, free)
        plan = Plan(CustomerId(1), "K1", "Muster", wait, Need(circles[0], 60.0, circles[1]), limits=Limits(MOST))
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

    @rule(login=st.sampled_from([a.id for a in STAFF]))
    def an_agent_ends_wrap_up(self, login: AgentId) -> None:
        if login in self.staff:
            self.exchange.end_wrap_up(login)
            assert self.exchange.floor.agents[login].state is not AgentState.WRAP_UP
        else:
            with pytest.raises(UnknownAgent):
                self.exchange.end_wrap_up(login)

    @rule(lost=st.booleans())
    def the_switch_comes_and_goes(self, lost: bool) -> None:
        self.lost = lost
        (self.exchange.switch_lost if lost else self.exchange.switch_back)()

    @precondition(lambda self: len(self.staff) == len(STAFF))
    @rule()
    def the_engine_is_killed(self) -> None:
        """Another one goes on with what the file says; look-ups under way are lost."""
        self.admitted.clear()
        before = dict(self.exchange.calls)
        states = {agent.id: (agent.state, agent.reason, agent.wish) for agent in self.exchange.floor.agents.values()}
        timers = set(self.world.timers)
        calls, agents = self.world.forgets_all_but_the_file()
        self.exchange = self.engine()
        self.exchange.are_over(self.world.closed_calls)
        self.exchange.resume(calls, agents, self.world.time)
        self.lost = True
        assert self.exchange.calls == before
        assert {a.id: (a.state, a.reason, a.wish) for a in self.exchange.floor.agents.values()} == states
        assert self.world.timers == {}, "nothing could be ordered yet"
        self.exchange.switch_back(hold=True)
        assert {key for key in timers if key[0] != gate.OWNER} == set(self.world.timers)
        self.the_switch_comes_and_goes(lost=False)

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
    def nobody_has_more_than_was_agreed(self) -> None:
        live = [call for call in self.exchange.calls.values() if call.state is not State.CLEARING]
        assert sum(call.trunk == "narrow" for call in live) <= MOST
        assert sum(call.plan is not None for call in live) <= MOST

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
    def wrap_up_ends_by_itself_and_no_ring_shows_another_call(self) -> None:
        floor = self.exchange.floor
        for agent in floor.agents.values():
            assert (agent.state is AgentState.WRAP_UP) == (floor.wrap_up_until(agent.id) is not None)
            assert not (agent.call and floor.talked.last(agent.id))

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
