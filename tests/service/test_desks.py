"""What desks see of the running engine, and order of it: each agent his own call, and the last one until the next."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.acd.agents import AcdSettings
from engine.call import events as e
from engine.main.desks import RunningDesks
from engine.ports import AgentProfile
from engine.ports.desk import DeskCall, LineNow, NoSuchAgent
from engine.service.deadlines import WRAP_UP, timer_owner
from engine.service.exchange import Exchange
from engine.terms import AgentId, AgentState, CallId, CustomerId, LegId
from tests.rules.calls import NOON, NUMBER, found
from tests.rules.world import World

ANNA, BEN = AgentId("anna"), AgentId("ben")
STAFF = [
    AgentProfile(ANNA, "Zoe Anna", frozenset(), frozenset(), AgentState.READY),
    AgentProfile(BEN, "Ben", frozenset(), frozenset(), AgentState.PAUSED, "lunch"),
]


class House:
    """An engine with a switch in memory; Anna is ready, Ben is at lunch."""

    def __init__(self, wrap_up: float = 10.0) -> None:
        self.world = World()
        self.wrap_up = wrap_up
        self.begin()

    def begin(self) -> None:
        """Another engine."""
        world = self.world
        self.exchange = Exchange(world, world, world, world, AcdSettings(wrap_up=self.wrap_up), lambda *_: None)
        self.exchange.staff(STAFF)
        self.desks = RunningDesks(self.exchange)

    def arrives(self, n: int) -> CallId:
        """The n-th call, at n minutes past noon."""
        call = CallId(f"c{n}")
        at = NOON + timedelta(minutes=n)
        self.exchange.offered(e.Offered(call, "030123450", f"+4917{n}", "+493099887700", at, n))
        self.exchange.tell(call, found())
        return call

    def answered(self, call: CallId) -> None:
        """Picked up, and the caller hears it."""
        self.exchange.tell(call, e.LegAnswered(LegId(f"{call}-leg-1")))
        self.exchange.tell(call, e.CallerAnswered())

    def over(self, call: CallId) -> None:
        """The caller hangs up."""
        self.exchange.tell(call, e.CallerGone())
        self.exchange.tell(call, e.LegEnded(LegId(f"{call}-leg-1")))

    def seen(self, login: AgentId = ANNA) -> tuple[AgentState, CallId | None]:
        """State and call, as the desk shows them."""
        agent = self.desks.agent(login)
        assert agent
        return agent.state, agent.call.id if agent.call else None


def test_a_call_at_the_desk_from_its_ring_to_the_next_ones() -> None:
    house = House()
    first = house.arrives(1)
    ringing = DeskCall(
        first, CustomerId(1), "K1001", "Muster GmbH", "+49171", "+493099887700",
        NOON + timedelta(minutes=1), None, None, NUMBER,
    )  # fmt: skip
    agent = house.desks.agent(ANNA)
    assert agent
    assert (agent.state, agent.call, agent.wrap_up_until) == (AgentState.RINGING, ringing, None)
    house.answered(first)
    picked_up = house.exchange.calls[first].picked_up_at
    assert picked_up
    talking = house.desks.agent(ANNA)
    assert talking
    assert (talking.state, talking.call) == (AgentState.TALKING, replace(ringing, picked_up_at=picked_up))
    house.over(first)
    after = house.desks.agent(ANNA)
    assert after
    assert after.call
    assert (after.state, after.call.id, after.call.picked_up_at) == (AgentState.WRAP_UP, first, picked_up)
    assert after.call.ended_at is not None
    assert after.wrap_up_until is not None
    assert after.since is not None
    assert timedelta(seconds=10) <= after.wrap_up_until - after.since < timedelta(seconds=10.1)
    house.desks.end_wrap_up(ANNA)
    assert house.seen() == (AgentState.READY, first)
    second = house.arrives(2)
    assert house.seen() == (AgentState.RINGING, second)
    assert house.desks.call(ANNA, first) == after.call, "who still writes it down may do so"


def test_nobody_sees_another_agents_call() -> None:
    house = House()
    first = house.arrives(1)
    house.answered(first)
    assert house.seen(BEN) == (AgentState.PAUSED, None)
    assert house.desks.call(BEN, first) is None
    house.over(first)
    assert house.desks.call(BEN, first) is None
    assert house.desks.call(ANNA, CallId("c9")) is None
    assert house.desks.agent(AgentId("cem")) is None


def test_the_last_calls_of_an_agent_are_known_and_no_more() -> None:
    house = House(wrap_up=0)
    calls = [house.arrives(n) for n in range(1, 7)]
    for call in calls:
        house.answered(call)
        house.over(call)
    assert [call for call in calls if house.desks.call(ANNA, call)] == calls[-4:]
    house.exchange.staff(STAFF[1:])
    assert not any(house.desks.call(ANNA, call) for call in calls)


def test_wrap_up_ends_by_key_and_the_next_caller_rings() -> None:
    house = House()
    first = house.arrives(1)
    house.answered(first)
    house.over(first)
    second = house.arrives(2)
    assert house.seen() == (AgentState.WRAP_UP, first)
    house.desks.end_wrap_up(ANNA)
    assert house.seen() == (AgentState.RINGING, second)
    house.desks.end_wrap_up(ANNA)
    house.exchange.timer_fired(timer_owner(ANNA), WRAP_UP)
    assert house.seen() == (AgentState.RINGING, second), "outside wrap-up nothing happens"


def test_who_leaves_the_house_in_wrap_up_and_comes_back_has_none() -> None:
    house = House()
    call = house.arrives(1)
    house.answered(call)
    house.over(call)
    house.exchange.staff(STAFF[1:])
    house.exchange.staff(STAFF)
    assert house.seen() == (AgentState.READY, None)
    assert house.exchange.floor.wrap_up_until(ANNA) is None


@pytest.mark.parametrize("state", [AgentState.PAUSED, AgentState.OFFLINE])
def test_a_wish_in_wrap_up_ends_it_and_the_last_call_stays_on_the_desk(state: AgentState) -> None:
    house = House()
    first = house.arrives(1)
    house.answered(first)
    house.over(first)
    house.desks.wish(ANNA, state, "lunch")
    agent = house.desks.agent(ANNA)
    assert agent
    assert (house.seen(), agent.wrap_up_until) == ((state, first), None)
    assert not house.world.timers.keys() & {(timer_owner(ANNA), WRAP_UP)}
    house.desks.end_wrap_up(ANNA)
    assert house.seen() == (state, first)


def test_a_pause_wished_for_while_talking_is_shown_and_can_be_taken_back() -> None:
    house = House()
    first = house.arrives(1)
    house.answered(first)
    house.desks.wish(ANNA, AgentState.PAUSED, "lunch")
    agent = house.desks.agent(ANNA)
    assert agent
    assert (agent.state, agent.wish) == (AgentState.TALKING, AgentState.PAUSED)
    house.desks.wish(ANNA, AgentState.READY)
    house.over(first)
    assert house.seen() == (AgentState.WRAP_UP, first)


def test_who_is_not_known_cannot_wish() -> None:
    desks = House().desks
    with pytest.raises(NoSuchAgent):
        desks.wish(AgentId("cem"), AgentState.READY)
    with pytest.raises(NoSuchAgent):
        desks.end_wrap_up(AgentId("cem"))
    with pytest.raises(ValueError, match="not to talking"):
        desks.wish(ANNA, AgentState.TALKING)


def test_the_team_by_name_and_the_line() -> None:
    house = House()
    assert ([one.login for one in house.desks.team()], house.desks.line()) == ([BEN, ANNA], LineNow(0, None))
    house.arrives(3)
    house.arrives(1)
    assert house.desks.line() == LineNow(2, NOON + timedelta(minutes=1))


def test_the_next_engine_knows_the_call_at_the_desk() -> None:
    house = House()
    first = house.arrives(1)
    house.answered(first)
    before = house.desks.agent(ANNA)
    calls, agents = house.world.forgets_all_but_the_file()
    house.begin()
    house.exchange.resume(calls, agents, house.world.time)
    assert house.desks.agent(ANNA) == before
    assert house.desks.call(ANNA, first)


async def test_every_step_of_a_call_wakes_the_agents_desk() -> None:
    house = House()
    desks = house.desks
    steps = (
        lambda: house.arrives(1), lambda: house.answered(CallId("c1")), lambda: house.over(CallId("c1")),
        lambda: desks.end_wrap_up(ANNA), lambda: house.exchange.phone_reachable(ANNA, False),
        lambda: desks.wish(ANNA, AgentState.PAUSED), lambda: house.exchange.staff(STAFF[1:]),
    )  # fmt: skip
    for step in steps:
        told = asyncio.create_task(desks.changed(ANNA, desks.seen(ANNA)))
        await asyncio.sleep(0)
        step()
        assert (await asyncio.wait_for(told, 5.0)).own > 0


async def test_the_line_and_the_others_reach_every_desk_within_half_a_second() -> None:
    house = House()
    house.desks.wish(ANNA, AgentState.OFFLINE)
    waits = [asyncio.create_task(house.desks.changed(one, house.desks.seen(one))) for one in (ANNA, BEN) * 25]
    await asyncio.sleep(0)
    house.arrives(1)
    await asyncio.wait_for(asyncio.gather(*waits), 0.5)
    seen = house.desks.seen(BEN)
    house.exchange.tell(CallId("c1"), e.CallerGone())
    assert (await asyncio.wait_for(house.desks.changed(BEN, seen), 0.5)).others > seen.others
    assert house.desks.line().waiting == 0


def test_who_may_answer_a_caller_is_told_of_everybody_and_of_nobody_once_the_caller_is_gone() -> None:
    house = House()
    first, second = house.arrives(1), house.arrives(2)
    assert house.desks.may_answer(second) == {ANNA, BEN}
    house.answered(first)
    house.exchange.tell(second, e.CallerGone())
    assert house.desks.may_answer(second) == frozenset()
