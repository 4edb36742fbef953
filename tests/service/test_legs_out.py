"""Every leg to a transfer target passes the limits before it is dialled; what is refused goes on by the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.acd.agents import AcdSettings
from engine.call import commands as c
from engine.call import events as e
from engine.call.limits import Limits
from engine.call.state import Call, State
from engine.ports import AgentProfile, Trunk
from engine.service.exchange import Exchange
from engine.service.legs_out import LegsOut
from engine.service.outbound import Dialling, Outbound
from engine.terms import AgentId, AgentState, CallId, CustomerId, LegId
from engine.transfer.limits import Allowance, Refused
from engine.transfer.plan import Kind, Result, Target
from engine.transfer.ways import Outbound as WayOut
from tests.catalogue import RULES
from tests.rules.calls import found, order, target
from tests.rules.world import World

MUSTER = CustomerId(1)


class House:
    """A caller talks to an agent; two carriers dial out, the first has room for one call."""

    def __init__(self, legs: int = 10) -> None:
        self.world = World()
        rules = Dialling(RULES.classes, countries=frozenset())
        self.outbound = Outbound(lambda: rules, self.world.now, Allowance(legs, 10))
        way = WayOut(1, "sip:carrier.example")
        self.outbound.trunks([Trunk("first", outbound=way, limits=Limits(max_calls=1)), Trunk("second", outbound=way)])
        self.out = LegsOut(self.world, self.outbound)
        self.exchange = Exchange(self.out, self.world, self.world, self.world, AcdSettings(), lambda *_: None)
        self.out.tell, self.outbound.coming = self.exchange.tell, self.exchange.come_by
        agents = (AgentProfile(AgentId(f"a{n}"), "Anna", frozenset(), frozenset(), AgentState.READY) for n in (1, 2))
        self.exchange.staff(agents)

    def talks(self, n: int) -> Call:
        call = CallId(f"c{n}")
        self.exchange.offered(e.Offered(call, "030123450", "+49171", None, self.world.now(), n))
        self.exchange.tell(call, found())
        self.exchange.tell(call, e.LegAnswered(LegId(f"{call}-leg-1")))
        self.exchange.tell(call, e.CallerAnswered())
        return self.exchange.calls[call]

    def puts_through(self, n: int, *targets: Target) -> Call:
        call = self.talks(n)
        self.exchange.tell(call.id, order(Kind.ANNOUNCED, *targets))
        return self.exchange.calls[call.id]

    def says(self, event: e.TargetAnswered | e.TargetEnded, call: str = "c1") -> None:
        self.out.heard(event)
        self.exchange.tell(CallId(call), event)

    def dialled(self) -> list[str]:
        return list(self.world.targets)


class Asked:
    """Questions of calls' own."""

    def __init__(self) -> None:
        self.live: dict[CallId, str] = {}
        self.begun: list[tuple[CallId, str, str | None]] = []
        self.is_ready = False

    def begin(self, call: CallId, customer: str, caller: str | None) -> None:
        self.begun.append((call, customer, caller))
        self.live[call] = "ask-1"

    def ready(self, call: CallId) -> str | None:
        return self.live.get(call) if self.is_ready else None

    def over(self, call: CallId) -> None:
        self.live.pop(call, None)


BOTH = target("+4930123456", trunks=("first", "second"))


def test_a_full_trunk_gives_way_to_the_next_and_has_room_again() -> None:
    house = House()
    house.puts_through(1, BOTH)
    second = house.puts_through(2, BOTH)
    assert [(one.trunk, one.result) for one in second.attempts] == [
        ("first", Result.LIMITED), ("second", Result.OPEN),
    ], "our own line was full: the carrier has not failed"  # fmt: skip
    assert house.dialled() == ["c1-out-1", "c2-out-2"], "what is refused is not dialled"
    house.exchange.tell(CallId("c1"), e.TakenBack())
    house.exchange.tell(CallId("c1"), order(Kind.ANNOUNCED, BOTH))
    assert house.dialled()[-1] == "c1-out-2"
    assert house.exchange.calls[CallId("c1")].attempts[-1].trunk == "first"


def test_what_must_not_be_dialled_is_said_to_the_agent_and_the_caller_is_back() -> None:
    house = House()
    call = house.puts_through(1, target("+88213123456", trunks=("second",)))
    assert (call.state, house.dialled()) == (State.TALKING, [])
    assert [one.result for one in call.attempts] == [Result.LIMITED]
    assert "target_refused dear_number" in [f"{one.what} {one.detail}" for one in house.world.trail]


def test_a_customer_who_has_used_up_his_legs_gets_no_more() -> None:
    house = House(legs=1)
    call = house.puts_through(1, BOTH, target("+4930123457", trunks=("second",)))
    house.says(e.TargetEnded(LegId("c1-out-1"), response=486))
    after = house.exchange.calls[call.id]
    assert [one.result for one in after.attempts] == [Result.BUSY, Result.LIMITED]
    assert house.outbound.refuses_customer(MUSTER) is Refused.LEGS_PER_MINUTE


def test_a_talk_of_an_engine_before_this_one_counts() -> None:
    house = House()
    house.puts_through(1, BOTH)
    house.says(e.TargetAnswered(LegId("c1-out-1")))
    next_one = House()
    next_one.out.resumes(house.exchange.calls.values())
    call = next_one.puts_through(2, BOTH)
    assert [one.trunk for one in call.attempts] == ["first", "second"]


def test_minutes_of_a_call_that_goes_on_are_not_forgotten_with_their_engine() -> None:
    """Legs that are over are in no record before the call is; what the customer agreed on counts on, too."""
    house = House()
    call = house.puts_through(1, BOTH, target("+4930123457", trunks=("second",))).id
    house.says(e.TargetAnswered(LegId("c1-out-1")))
    house.world.time += timedelta(seconds=300)
    house.exchange.tell(call, e.TakenBack())
    wanted = order(Kind.ANNOUNCED, BOTH, target("+4930123457", trunks=("second",))).order
    house.exchange.tell(call, e.TransferOrdered(replace(wanted, allowance=Allowance(10, 5))))
    next_one = House()
    next_one.world.time = house.world.time
    next_one.out.resumes(house.exchange.calls.values())
    assert next_one.outbound.refuses_customer(MUSTER) is Refused.MINUTES_PER_DAY


@pytest.mark.parametrize(("is_ready", "sound"), [(True, "ask-1"), (False, "press-1")])
def test_who_must_press_one_is_asked_by_name_if_that_is_ready_and_never_later_for_it(
    is_ready: bool, sound: str
) -> None:
    house, prompts = House(), Asked()
    house.out.prompts = prompts  # type: ignore[assignment]
    asked: list[str] = []
    perform = house.world.perform

    def heard(call: CallId, commands: Sequence[c.SwitchCommand]) -> None:
        asked.extend(one.sound for one in commands if isinstance(one, c.AskTarget))
        perform(call, commands)

    house.world.perform = heard  # type: ignore[method-assign]
    call = house.talks(1)
    wanted = order(Kind.BLIND, target(trunks=("first",), accept=True)).order
    house.exchange.tell(call.id, e.TransferOrdered(replace(wanted, caller_name="Jan Krüger")))
    assert prompts.begun == [(call.id, "Muster GmbH", "Jan Krüger")]
    prompts.is_ready = is_ready
    house.says(e.TargetAnswered(LegId("c1-out-1")))
    assert asked == [sound]
    house.exchange.tell(call.id, e.TargetPressed(LegId("c1-out-1"), "1"))
    house.exchange.tell(call.id, e.CallerGone())
    assert prompts.live == {}


def test_nobody_is_asked_where_nobody_must_press_one() -> None:
    house, prompts = House(), Asked()
    house.out.prompts = prompts  # type: ignore[assignment]
    house.puts_through(1, target(trunks=("first",)))
    assert house.dialled() == ["c1-out-1"]
    assert prompts.begun == []
