"""Who leads the agents sees the whole floor and orders of it, and nobody else. The day's figures, by the German day."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from engine.accounts import Identity, Role
from engine.main.supervision import RunningSupervision
from engine.ports.floor_days import Counted
from engine.ports.supervision import NotDone, Refusal
from engine.service.floor_day import EVERY, Today, Totals, hours_of
from engine.service.supervision import Leading, NotALeader
from engine.terms import AgentId, AgentState, CallId, CustomerId
from tests.accounts import TurnedClock
from tests.customers import OWNER, SUPPORT, somebody
from tests.service.supervised import House as Supervised
from tests.service.test_desks import House as EngineHouse
from tests.web.desks import a_call, an_agent
from tests.web.floor import FakeSupervision, a_caller

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
ANNA, SVEN = AgentId("anna"), AgentId("sven")
LEAD, ADMIN = somebody(Role.SUPERVISOR, agent=SVEN), somebody(Role.ADMIN)
C1, C9 = CallId("c1"), CallId("c9")


class Days:
    """A store that counts one call an hour, and how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[Sequence[datetime]] = []

    async def counted(self, moments: Sequence[datetime]) -> Sequence[Counted]:
        self.asked.append(moments)
        return [Counted(3, 2, 1, 40_000, 30_000, 90_000, 1)] * (len(moments) - 1)


class House:
    """Anna is ready, Sven leads; Frau Korn's caller waits."""

    def __init__(self) -> None:
        self.clock, self.days, self.floor = TurnedClock(NOON), Days(), FakeSupervision()
        self.leading = Leading(self.floor, self.days, self.clock.now)
        self.floor.works(an_agent("anna", "Anna Lindner"))
        self.floor.works(an_agent("sven", "Sven Sommer", AgentState.PAUSED))
        self.floor.queue_is(a_caller("c1", CustomerId(1), NOON), a_caller("c2", CustomerId(1), NOON))


@pytest.mark.parametrize("by", [OWNER, SUPPORT, somebody(Role.AGENT, agent=ANNA)], ids=lambda by: by.role)
async def test_nobody_but_supervisors_and_administrators_sees_or_orders_anything(by: Identity) -> None:
    house = House()
    lead = house.leading
    for asked in (
        lambda: lead.look(by), lambda: lead.own(by), lambda: lead.seen(by), lambda: lead.choice(by, C1),
        lambda: lead.to_front(by, C1), lambda: lead.assign(by, C1, ANNA), lambda: lead.pick_up(by, C1),
        lambda: lead.set_state(by, ANNA, AgentState.OFFLINE), lambda: lead.stop_listening(by),
    ):  # fmt: skip
        with pytest.raises(NotALeader):
            asked()
    for waited in (lead.listen(by, ANNA), lead.figures(by), lead.changed(by, house.floor.seen(ANNA))):
        with pytest.raises(NotALeader):
            await waited
    assert (house.floor.orders, house.floor.wishes, house.days.asked) == ([], [], [])


async def test_what_is_ordered_goes_by_the_login_of_who_ordered_it() -> None:
    house = House()
    house.leading.to_front(LEAD, CallId("c2"))
    assert [one.call.id for one in house.leading.look(LEAD).waiting] == ["c2", "c1"]
    house.leading.assign(ADMIN, C1, ANNA)
    house.leading.pick_up(LEAD, CallId("c2"))
    house.floor.rings("anna", a_call("c3", CustomerId(1), NOON))
    house.floor.picks_up("anna", NOON)
    await house.leading.listen(LEAD, ANNA)
    house.leading.stop_listening(LEAD)
    assert house.floor.orders == [
        ("to_front", "c2", LEAD.login), ("assign", "c1", "anna", ADMIN.login), ("pick_up", "c2", "sven", LEAD.login),
        ("listen", "sven", "anna", LEAD.login), ("stop_listening", "sven"),
    ]  # fmt: skip


async def test_who_has_no_phone_can_neither_pick_up_nor_listen_and_nothing_happens() -> None:
    house = House()
    with pytest.raises(NotDone) as refused:
        house.leading.pick_up(ADMIN, C1)
    assert refused.value.why is Refusal.NO_PHONE
    with pytest.raises(NotDone) as refused:
        await house.leading.listen(ADMIN, ANNA)
    assert (refused.value.why, house.floor.orders) == (Refusal.NO_PHONE, [])
    assert house.leading.own(ADMIN) is None
    own = house.leading.own(LEAD)
    assert own is not None
    assert own.login == "sven"


def test_a_state_ordered_in_a_call_is_a_wish_and_said_as_one() -> None:
    house = House()
    assert house.leading.set_state(LEAD, ANNA, AgentState.PAUSED, "lunch") is True
    assert house.leading.set_state(LEAD, ANNA, AgentState.READY) is True
    house.floor.rings("anna", a_call("c3", CustomerId(1), NOON))
    assert house.leading.set_state(LEAD, ANNA, AgentState.OFFLINE) is False
    with pytest.raises(NotDone) as refused:
        house.leading.set_state(LEAD, AgentId("nobody"), AgentState.READY)
    assert refused.value.why is Refusal.NO_SUCH_AGENT


def test_who_is_set_to_ready_while_a_caller_waits_is_rung_at_once_and_that_is_no_wish() -> None:
    house = Supervised()
    house.becomes(ANNA, AgentState.OFFLINE)
    house.arrives(1)
    leading = Leading(house.chief, Days(), TurnedClock(NOON).now)
    assert leading.set_state(LEAD, ANNA, AgentState.READY) is True
    rung = house.chief.agent(ANNA)
    assert rung is not None
    assert (rung.state, rung.wish) == (AgentState.RINGING, None)


def test_who_can_be_chosen_for_a_caller_works_and_who_lacks_the_skill_is_told_apart() -> None:
    house = House()
    house.floor.works(an_agent("ben", "Ben Kraus", AgentState.TALKING))
    house.floor.works(an_agent("ida", "Ida Roth", reachable=False))
    house.floor.able[C1] = frozenset({AgentId("ben"), SVEN})
    choice = house.leading.choice(LEAD, C1)
    assert choice is not None
    assert choice.waiting.call.id == "c1"
    assert [(one.login, fits) for one, fits in choice.agents] == [("anna", False), ("ben", True)]
    assert house.leading.choice(LEAD, C9) is None


def test_a_call_that_is_over_is_no_longer_beside_its_agent() -> None:
    house = House()
    house.floor.rings("anna", a_call("c3", CustomerId(1), NOON))
    house.floor.picks_up("anna", NOON)
    house.floor.hangs_up("anna", NOON, wrap_up_until=NOON + timedelta(seconds=9))
    (anna, _) = house.leading.look(LEAD).team
    assert anna.call is not None  # in wrap-up one sees what is wrapped up
    house.floor.end_wrap_up(ANNA)
    (anna, _) = house.leading.look(LEAD).team
    assert anna.call is None


async def test_the_store_is_asked_once_in_some_seconds_however_many_look() -> None:
    house = House()
    for by in (LEAD, ADMIN, LEAD):
        day = await house.leading.figures(by)
        assert day.totals == Totals(39, 13, 26 / 52, 30.0, 10.0, 30.0, 13)
        assert [hour.totals.answered for hour in day.hours] == [3] * 13
    assert len(house.days.asked) == 1
    house.clock.turn(seconds=EVERY.total_seconds())
    await house.leading.figures(LEAD)
    assert len(house.days.asked) == 2


async def test_a_day_on_which_nobody_called_has_no_service_level() -> None:
    class None_(Days):
        async def counted(self, moments: Sequence[datetime]) -> Sequence[Counted]:
            return [Counted()] * (len(moments) - 1)

    day = await Today(None_(), lambda: NOON).figures()
    assert day.totals == Totals(0, 0, None, None, None, None)


@pytest.mark.parametrize(
    ("now", "begin", "hours"),
    [
        (datetime(2026, 11, 23, 11, 0, tzinfo=UTC), datetime(2026, 11, 22, 23, tzinfo=UTC), 13),
        (datetime(2026, 11, 22, 23, 0, tzinfo=UTC), datetime(2026, 11, 22, 23, tzinfo=UTC), 1),
        (datetime(2026, 11, 23, 22, 59, 59, tzinfo=UTC), datetime(2026, 11, 22, 23, tzinfo=UTC), 24),
        (datetime(2026, 3, 29, 21, 30, tzinfo=UTC), datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        (datetime(2026, 10, 25, 22, 30, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
    ],
)
def test_a_day_is_the_german_one_also_when_the_clocks_change(now: datetime, begin: datetime, hours: int) -> None:
    moments = hours_of(now)
    assert (moments[0], len(moments) - 1) == (begin, hours)
    assert moments[-2] <= now < moments[-1]


async def test_what_happens_in_the_engine_is_seen_within_half_a_second_and_ordered_there() -> None:
    house = EngineHouse()
    lead = Leading(RunningSupervision(house.exchange, house.world), Days(), house.world.now)
    first = house.arrives(1)  # rings at Anna
    seen = lead.seen(ADMIN)
    second, third = house.arrives(2), house.arrives(3)
    async with asyncio.timeout(0.5):
        await lead.changed(ADMIN, seen)
    assert [(one.call.id, one.rings_at, one.could_answer) for one in lead.look(ADMIN).waiting] == [
        (first, "anna", 1), (second, None, 1), (third, None, 1),
    ]  # fmt: skip
    house.answered(first)
    lead.to_front(ADMIN, third)
    lead.assign(ADMIN, second, ANNA)
    assert [(one.call.id, one.to_front, one.kept_for) for one in lead.look(ADMIN).waiting] == [
        (third, True, None), (second, False, "anna"),
    ]  # fmt: skip
    choice = lead.choice(ADMIN, second)
    assert choice is not None
    assert [(one.login, fits) for one, fits in choice.agents] == [("anna", True)]  # Ben is at lunch
    with pytest.raises(NotDone) as refused:
        lead.assign(ADMIN, second, AgentId("ben"))
    assert refused.value.why is Refusal.AWAY
    assert [entry.what for entry in house.world.trail if ADMIN.login in entry.detail] == ["to_front", "assigned"]
