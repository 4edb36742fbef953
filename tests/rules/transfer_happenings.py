"""What can happen to callers who are put through, to be drawn at random."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from engine.call import events as e
from engine.call.hearing import TOGETHER
from engine.call.state import State
from engine.terms import HangupCause, LegId
from engine.transfer.plan import Kind
from tests.rules.calls import order, target
from tests.rules.exchange_house import House

TRANSFERS: list[e.Event] = [
    order(),
    order(Kind.BLIND),
    order(Kind.BLIND, target("+49301", trunks=("first", "second")), target("+49302", accept=True)),
]
WISHES: list[e.Event] = [
    *TRANSFERS,
    e.TakenBack(), e.Skipped(), e.Picked(0), e.Picked(2), e.Swapped(), e.Conferred(), e.HandedOver(),
    e.AgentHolds(LegId("c1-leg-1")),
]  # fmt: skip
_WITH_AGENT = (State.DIALLING, State.CONSULTING, State.SWAPPED, State.CONFERENCE)


class Transfers(House):
    """Agents want what they like, and targets do."""

    @precondition(lambda self: self.in_state(State.TALKING))
    @rule(data=st.data(), wish=st.sampled_from(TRANSFERS))
    def a_caller_is_put_through(self, data: st.DataObject, wish: e.Event) -> None:
        call = data.draw(st.sampled_from(self.in_state(State.TALKING)))
        self.exchange.tell(call.id, wish)

    @precondition(lambda self: self.in_state(State.DIALLING, State.FORWARDING))
    @rule(data=st.data(), event=st.sampled_from([e.TargetAnswered, e.TargetEnded]), cause=st.sampled_from(HangupCause))
    def the_target_answers_or_not(self, data: st.DataObject, event: type[e.Event], cause: HangupCause) -> None:
        call = data.draw(st.sampled_from(self.in_state(State.DIALLING, State.FORWARDING)))
        assert call.target
        if event is e.TargetAnswered:
            self.exchange.tell(call.id, e.TargetAnswered(call.target))
        else:
            self.exchange.tell(call.id, e.TargetEnded(call.target, cause))

    @precondition(lambda self: self.count)
    @rule(data=st.data(), wish=st.sampled_from(WISHES))
    def an_agent_wants_something(self, data: st.DataObject, wish: e.Event) -> None:
        talking = [call.id for call in self.exchange.calls.values() if call.state in TOGETHER]
        call = data.draw(st.sampled_from(talking or [self.any_call(data)]))
        self.exchange.tell(call, wish)

    @precondition(lambda self: self.in_state(*TOGETHER))
    @rule(data=st.data(), begins=st.sampled_from([True, True, False]))
    def somebody_holds(self, data: st.DataObject, begins: bool) -> None:
        """Anybody who talks: the caller, the agent or the target."""
        call = data.draw(st.sampled_from(self.in_state(*TOGETHER)))
        heard = self.world.heard[call.id]
        if not call.answered_at or not heard.together:
            return
        who = data.draw(st.sampled_from(sorted(heard.together, key=str)))
        heard.holds(who, begins=begins)
        if who and who == call.leg and begins:
            self.exchange.tell(call.id, e.AgentHolds(who))

    @precondition(lambda self: self.lost and bool(self.in_state(*_WITH_AGENT)))
    @rule(data=st.data())
    def agent_and_target_have_left_unheard(self, data: st.DataObject) -> None:
        """Nobody is told to talk to a leg that is gone, and who waited for them is not cut off."""
        call = data.draw(st.sampled_from(self.in_state(*_WITH_AGENT)))
        assert call.leg
        assert call.target
        for leg in (call.leg, call.target):
            self.world.heard[call.id].gone(leg)
        for event in (e.LegEnded(call.leg, with_target=True), e.TargetEnded(call.target)):
            self.exchange.tell(call.id, event)
        after = self.exchange.calls[call.id]
        assert after.state is not State.PUT_THROUGH
        assert call.state is State.CONFERENCE or after.state in (State.WAITING, State.FORWARDING)

    @precondition(lambda self: self.world.targets)
    @rule(data=st.data(), cause=st.sampled_from(HangupCause), what=st.integers(0, 3))
    def a_target_does_something(self, data: st.DataObject, cause: HangupCause, what: int) -> None:
        leg = data.draw(st.sampled_from(list(self.world.targets)[-6:]))
        ended = e.TargetEnded(leg, cause, silent=data.draw(st.sampled_from([0.0, 0.0, 60.0])))
        said = (e.TargetRinging(leg), e.TargetAnswered(leg), e.TargetPressed(leg, "1"), ended)
        if isinstance(said[what], e.TargetEnded):
            self.world.heard[self.world.targets[leg]].gone(leg)
        self.exchange.tell(self.world.targets[leg], said[what])
