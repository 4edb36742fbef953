"""The exchange under random orders of events, duplicates and losses: whatever the switch says, the invariants hold."""

from __future__ import annotations

from hypothesis import settings
from hypothesis.stateful import invariant

from engine.acd.match import may_answer
from engine.call import events as e
from engine.call.hearing import MUSIC, TOGETHER, Party
from engine.call.state import Call, State
from engine.terms import AgentState, CallId, LegId
from engine.transfer.plan import Result
from tests.rules.exchange_house import MOST
from tests.rules.exchange_machine import Happenings
from tests.rules.world import BUSY


class ExchangeMachine(Happenings):
    """What is true after each of them."""

    @invariant()
    def no_agent_in_two_calls(self) -> None:
        reserved = [call.agent for call in self.exchange.calls.values() if call.leg]
        assert len(reserved) == len(set(reserved))
        busy = {a.id: a.call for a in self.exchange.floor.agents.values() if a.state in BUSY}
        assert sorted(busy) == sorted(login for login in reserved if login)
        assert all(self.exchange.calls[call].agent == login for login, call in busy.items() if call)

    @invariant()
    def everybody_hears_whom_he_should(self) -> None:
        for call in self.exchange.calls.values():
            if call.state not in TOGETHER:
                continue
            heard, legs = (
                self.world.heard[call.id],
                {Party.CALLER: None, Party.AGENT: call.leg, Party.TARGET: call.target},
            )
            assert heard.together - {None} <= {call.leg, call.target}
            there = {legs[party] for party in TOGETHER[call.state]}
            assert heard.together == there
            aside = {legs[MUSIC[call.state]]} if call.state in MUSIC else set()
            assert heard.music == aside
            talks = heard.together if call.state is not State.CONFERENCE else set()
            assert {*heard.held, *heard.held.values()} <= talks, "music because of somebody who is not there"
            assert heard.ring_tone == ({call.leg} if call.state is State.DIALLING else set())

    @invariant()
    def a_target_is_rung_for_one_caller_and_never_for_nobody(self) -> None:
        for call in self.exchange.calls.values():
            open_ones = [one for one in call.attempts if one.result is Result.OPEN]
            assert [one.leg for one in open_ones] == ([call.target] if call.target else [])
            assert bool(call.target) == (call.state in TOGETHER and call.state is not State.TALKING)
            assert not call.attempts or call.settings.may_hold

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
        assert list(line) == sorted(line)
        assert all(entry.rank == self.exchange.calls[entry.call].rank for entry in line)
        offered = {entry.call for entry in line if entry.offered}
        assert offered == {c.id for c in self.exchange.calls.values() if c.state is State.RINGING}

    @invariant()
    def no_free_agent_beside_a_caller_who_could_be_taken(self) -> None:
        for agent in self.exchange.floor.agents.values():
            if agent.free and not self.lost:
                assert not [w for w in self.exchange.floor.line if not w.offered and may_answer(agent, w)]

    @invariant()
    def nobody_is_kept_for_an_agent_who_does_not_come(self) -> None:
        agents = self.exchange.floor.agents
        kept = [entry.kept_for for entry in self.exchange.floor.line if entry.kept_for and not entry.offered]
        assert all(login in agents and agents[login].comes for login in kept)

    @invariant()
    def wrap_up_ends_by_itself_and_no_ring_shows_another_call(self) -> None:
        floor = self.exchange.floor
        for agent in floor.agents.values():
            assert (agent.state is AgentState.WRAP_UP) == (floor.wrap_up_until(agent.id) is not None)
            assert not (agent.call and floor.talked.last(agent.id))

    @invariant()
    def charged_is_never_more_than_connected(self) -> None:
        again = ("agent_lost", "list_over")
        back = {entry.call for entry in self.world.trail if entry.what in again}
        for record in self.world.closed_calls.values():
            left = record.agent_left_at
            if record.id in back:  # several talks, or the end of one was silence
                assert record.picked_up_at
                assert record.answered_at
                assert left
                assert record.charged_seconds <= max(0.0, (left - record.picked_up_at).total_seconds()) + 1
                continue
            if record.picked_up_at and record.answered_at and left and record.answered_at <= left:
                connected = (left - record.picked_up_at).total_seconds()
                assert 0 <= record.charged_seconds - connected < 1 or record.outcome == "failed"
            else:
                assert (record.charged_seconds, record.charged_minutes, record.talked_ms) == (0, 0, 0)

    @invariant()
    def a_target_is_paid_for_while_the_caller_hears_him(self) -> None:
        for call in self.exchange.calls.values():
            for one in call.attempts:
                hears = one.leg == call.target and Party.CALLER in TOGETHER[call.state] and one.leg in self.heard(call)
                assert bool(one.joined_at and not one.apart_since and not one.ended_at) == hears
                assert not (one.ended_at and one.apart_since), "every span is closed"
                whole = (one.ended_at - one.joined_at).total_seconds() if one.ended_at and one.joined_at else 0.0
                assert 0 <= one.talked_ms <= round(whole * 1000)

    def heard(self, call: Call) -> set[LegId | None]:
        """Who talks there, as it was ordered."""
        return self.world.heard[call.id].together

    @invariant()
    def the_talks_of_a_call_make_up_its_record(self) -> None:
        for record in self.world.closed_calls.values():
            talks = [talk for (call, _), talk in self.world.talks.items() if call == record.id]
            assert [talk.n for talk in talks] == list(range(1, len(talks) + 1))
            assert sum(talk.talked_ms for talk in talks) == record.talked_ms
            assert record.agent == (talks[-1].agent if talks else None)
            assert record.lost_again <= bool(talks)
            assert not talks or talks[0].waited_ms == record.waited_ms
            assert record.waited_again_ms >= max((talk.waited_ms for talk in talks[1:]), default=0)

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
