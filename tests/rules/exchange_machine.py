"""All that can happen to an exchange, to be drawn at random.

The switch here is a list of what was ordered; what it answers is drawn at random from all that it could ever say.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from engine.acd.agents import UnknownAgent
from engine.acd.need import Circle, Need
from engine.call import commands as c
from engine.call import events as e
from engine.call.limits import Limits
from engine.call.plan import Plan, WaitPlan
from engine.call.state import State
from engine.ports.supervision import NotDone
from engine.service import gate
from engine.service.supervising import Supervising
from engine.terms import (
    AfterMaxWait,
    AgentId,
    AgentState,
    CallId,
    CustomerId,
    HangupCause,
    PlayId,
    Treatment,
)
from tests.rules.calls import NUMBER
from tests.rules.exchange_house import CIRCLES, MOST, STAFF
from tests.rules.transfer_happenings import Transfers
from tests.rules.world import BUSY

TALKS = frozenset({State.TALKING, State.DIALLING, State.CONSULTING, State.SWAPPED, State.CONFERENCE})
ORDERS = ["to_front", "assign", "pick_up"]


class Happenings(Transfers):
    """Callers, agents and the switch do what they like."""

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
        lawful=st.sampled_from([True, True, False]),
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
        lawful: bool,
    ) -> None:
        wait = WaitPlan(treatment, greeting=greeting, announce_every=20.0, max_wait=120.0, then=then, notice=notice)
        wait = wait.within(120.0, free)
        need = Need(circles[0], 60.0, circles[1])
        plan = Plan(CustomerId(1), "K1", "Muster", wait, need, limits=Limits(MOST), may_hold=lawful)
        self.exchange.tell(self.admitted.pop(0), e.CustomerFound(NUMBER, plan, is_open))

    @precondition(lambda self: not self.lost)
    @rule(treatment=st.sampled_from(Treatment))
    def a_caller_talks_to_an_agent(self, treatment: Treatment) -> None:
        """The usual way, as far as it goes just now; by chance alone few get so far."""
        self.a_call_arrives("wide")
        call = CallId(f"c{self.count}")
        if call in self.admitted:
            self.admitted.remove(call)
            plan = Plan(CustomerId(1), "K1", "Muster", WaitPlan(treatment, max_wait=120.0), Need(), limits=Limits(MOST))
            self.exchange.tell(call, e.CustomerFound(NUMBER, plan, open=True))
        self.somebody_picks_up()

    @precondition(lambda self: self.in_state(State.RINGING))
    @rule()
    def somebody_picks_up(self) -> None:
        for call in self.in_state(State.RINGING):
            assert call.leg
            self.exchange.tell(call.id, e.LegAnswered(call.leg))
            self.exchange.tell(call.id, e.CallerAnswered())

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
        self.world.heard[call].gone(leg)
        self.exchange.tell(call, e.LegEnded(leg, cause))

    @precondition(lambda self: self.world.legs)
    @rule(data=st.data(), silent=st.sampled_from([0.0, 60.0]))
    def a_leg_falls_silent(self, data: st.DataObject, silent: float) -> None:
        call, leg = self.any_leg(data)
        self.exchange.tell(call, e.LegLost(leg, silent))

    @rule(login=st.sampled_from([a.id for a in STAFF]))
    def a_phone_is_lost(self, login: AgentId) -> None:
        agent = self.exchange.floor.agents.get(login)
        talked = agent is not None and agent.state is AgentState.TALKING and agent.call in self.exchange.calls
        call = self.exchange.calls[agent.call] if agent and agent.call and talked else None
        self.exchange.phone_lost(login)
        if call and agent and call.state in TALKS and not self.lost:
            assert agent.call != call.id

    @rule(login=st.sampled_from([a.id for a in STAFF]), reachable=st.sampled_from([True, False, None]))
    def a_phone_comes_and_goes(self, login: AgentId, reachable: bool | None) -> None:
        self.exchange.phone_reachable(login, reachable)

    @precondition(lambda self: self.count)
    @rule(data=st.data(), login=st.sampled_from([a.id for a in STAFF]), order=st.sampled_from(ORDERS))
    def a_supervisor_orders(self, data: st.DataObject, login: AgentId, order: str) -> None:
        """Carried out at once, or refused and nothing is changed."""
        call = CallId(f"c{data.draw(st.integers(max(1, self.count - 5), self.count))}")
        supervising, before, line = Supervising(self.exchange, self.world), self.standing(), self.exchange.floor.line
        try:
            if order == "to_front":
                supervising.to_front(call, "chief")
            else:
                (supervising.assign if order == "assign" else supervising.pick_up)(call, login, "chief")
        except NotDone:
            assert self.standing() == before
            return
        agent, entry = self.exchange.floor.agents.get(login), line.get(call)
        assert entry
        if order == "to_front":
            assert next(iter(line)) is entry
            return
        assert agent
        if order == "pick_up":
            assert agent.call == call
            assert agent.state in BUSY
        else:
            assert entry.kept_for == login
            assert entry.offered == (agent.call == call)

    def standing(self) -> object:
        """Every call, agent and place."""
        floor = self.exchange.floor
        agents = [replace(agent) for agent in floor.agents.values()]
        return dict(self.exchange.calls), agents, [replace(entry) for entry in floor.line]

    @precondition(lambda self: self.count)
    @rule(data=st.data())
    def the_switch_says_something(self, data: st.DataObject) -> None:
        call = self.any_call(data)
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
        line = [replace(entry) for entry in self.exchange.floor.line]
        kept = [entry.kept_for for entry in line]
        states = {agent.id: (agent.state, agent.reason, agent.wish) for agent in self.exchange.floor.agents.values()}
        timers = set(self.world.timers)
        calls, agents = self.world.forgets_all_but_the_file()
        self.exchange = self.engine()
        self.exchange.are_over(self.world.closed_calls)
        self.exchange.resume(calls, agents, self.world.time)
        self.lost = True
        assert self.exchange.calls == before
        assert list(self.exchange.floor.line) == line
        assert [entry.kept_for for entry in self.exchange.floor.line] == kept
        assert {a.id: (a.state, a.reason, a.wish) for a in self.exchange.floor.agents.values()} == states
        assert self.world.timers == {}, "nothing could be ordered yet"
        self.exchange.switch_back(hold=True)
        assert {key for key in timers if key[0] != gate.OWNER} == set(self.world.timers)
        self.the_switch_comes_and_goes(lost=False)

    @rule(gone=st.sampled_from([0, 1, 2]))
    def the_staff_changes(self, gone: int) -> None:
        self.staff = {profile.id for profile in STAFF[gone:]}
        self.exchange.staff(STAFF[gone:])
