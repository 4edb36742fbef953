"""An agent puts callers through: what the desk shows of it, what can be wanted meanwhile, and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
import pytest_asyncio

from engine.accounts import Role
from engine.call import events as e
from engine.call.state import State
from engine.ports.desk import DeskCall
from engine.ports.putting_through import DeskTransfer, NotNow, Stage, Tried, Wish
from engine.service.desk import Desk
from engine.service.messages import Messages
from engine.service.transfers import NotPutThrough
from engine.store.customer_store import StoredCustomerEntries
from engine.store.database import Database
from engine.store.desk import StoredDesk
from engine.store.messages import StoredMessages
from engine.terms import AgentId, AgentState, CallId, HangupCause, LegId
from engine.transfer.limits import Refused
from engine.transfer.plan import Kind, Result
from tests.catalogue import CLASSES
from tests.customers import MUSTER, SUPPORT, somebody
from tests.service.put_through import ANNA, EVA, House, house_on

AGENT = somebody(Role.AGENT)
OTHER = somebody(Role.AGENT, login="ben", agent=AgentId("ben"))


class AtDesk(House):
    """Anna at her desk."""

    desk: Desk

    async def puts_through(self, call: CallId, kind: Kind = Kind.ANNOUNCED, contact: str = EVA) -> None:
        await self.desk.put_through(AGENT, call, contact, kind)

    def wants(self, call: CallId, *wishes: Wish) -> None:
        for wish in wishes:
            self.desk.change(AGENT, call, wish)

    def shown(self) -> DeskCall:
        agent = self.desk.agent(AGENT)
        assert agent
        assert agent.call
        return agent.call

    def transfer(self) -> DeskTransfer:
        transfer = self.shown().transfer
        assert transfer
        return transfer

    def stands(self) -> tuple[Stage, int, int, bool]:
        """Stage, place of how many, whether it rings."""
        now = self.transfer()
        return now.stage, now.place, len(now.places), now.rings

    def hangs_up(self, call: CallId) -> None:
        self.exchange.tell(call, e.LegEnded(LegId(f"{call}-leg-1")))


@pytest_asyncio.fixture
async def house(database: Database) -> AtDesk:
    made = await house_on(database)
    house = AtDesk.__new__(AtDesk)
    house.__dict__.update(made.__dict__)
    messages = Messages(StoredMessages(database), StoredCustomerEntries(database), house.world.now)
    house.desk = Desk(
        house.desks, house.editing, messages, StoredDesk(database), house.world.now, CLASSES, transfers=house.transfers
    )
    return house


async def test_the_list_is_tried_before_the_agents_eyes(house: AtDesk) -> None:
    call = house.talks()
    assert house.shown().transfer is None
    await house.puts_through(call)
    assert (house.stands(), house.transfer().contact, house.transfer().mobile) == (
        (Stage.DIALLING, 1, 2, False), EVA, True,
    )  # fmt: skip
    dialled = house.transfer().since
    house.target(call)
    assert house.stands() == (Stage.DIALLING, 1, 2, True)
    assert house.transfer().since > dialled, "counted from when it rings"
    house.target(call, ends=HangupCause.BUSY)
    assert (house.stands(), house.transfer().mobile) == ((Stage.DIALLING, 2, 2, False), False)
    assert house.transfer().tried == (Tried(EVA, True, Result.BUSY),)
    house.target(call, ends=HangupCause.NO_ANSWER)
    assert house.stands() == (Stage.BACK, 1, 0, False)
    assert [one.result for one in house.transfer().tried] == [Result.BUSY, Result.NO_ANSWER]


async def test_consulting_swapping_all_three_and_leaving_the_two_alone(house: AtDesk) -> None:
    call = house.talks()
    await house.puts_through(call)
    assert house.transfer().can == {Wish.TAKE_BACK, Wish.SKIP, Wish.PICK, Wish.HAND_OVER}
    house.target(call, answers=True)
    assert (house.transfer().stage, house.transfer().can) == (Stage.CONSULTING, frozenset(Wish))
    house.wants(call, Wish.SWAP)
    assert house.transfer().stage is Stage.SWAPPED
    house.wants(call, Wish.CONFERENCE)
    assert house.transfer().stage is Stage.CONFERENCE
    assert Wish.CONFERENCE not in house.transfer().can
    house.wants(call, Wish.HAND_OVER)
    assert (house.transfer().stage, house.transfer().can) == (Stage.PUT_THROUGH, frozenset())


async def test_the_last_calls_card_says_what_became_of_the_caller(house: AtDesk) -> None:
    call = house.talks()
    await house.puts_through(call, Kind.BLIND)
    house.hangs_up(call)
    assert (house.shown().ended_at is not None, house.stands()) == (True, (Stage.FORWARDING, 1, 2, False))
    house.target(call, answers=True)
    assert house.transfer().stage is Stage.PUT_THROUGH
    house.target(call, ends=HangupCause.NORMAL)
    house.exchange.tell(call, e.CallerGone())
    assert (house.transfer().stage, [one.result for one in house.transfer().tried]) == (
        Stage.OVER, [Result.PUT_THROUGH],
    )  # fmt: skip


async def test_a_caller_nobody_could_be_had_for_is_in_the_line_again(house: AtDesk) -> None:
    call = house.talks()
    await house.puts_through(call, Kind.BLIND)
    house.hangs_up(call)
    house.desks.wish(ANNA, AgentState.PAUSED, "lunch")
    left = house.shown()
    for _ in range(2):
        house.target(call, ends=HangupCause.BUSY)
    assert house.transfer().stage is Stage.IN_LINE
    assert replace(house.shown(), transfer=None) == replace(left, transfer=None), "the talk that was stays as it was"


async def test_who_gets_a_caller_back_sees_what_was_tried(house: AtDesk) -> None:
    call = house.talks()
    await house.puts_through(call, Kind.BLIND)
    house.hangs_up(call)
    for _ in range(2):
        house.target(call, ends=HangupCause.BUSY)
    assert house.shown().ended_at is None
    assert (house.transfer().stage, len(house.transfer().tried)) == (Stage.BACK, 2)


async def test_every_step_wakes_the_desk(house: AtDesk) -> None:
    call = house.talks()
    await house.puts_through(call)
    steps: tuple[Callable[[], None], ...] = (
        lambda: house.target(call), lambda: house.target(call, ends=HangupCause.BUSY),
        lambda: house.target(call, answers=True), lambda: house.wants(call, Wish.SWAP),
        lambda: house.wants(call, Wish.TAKE_BACK),
    )  # fmt: skip
    for step in steps:
        told = asyncio.create_task(house.desk.changed(AGENT, house.desk.seen(AGENT)))
        await asyncio.sleep(0)
        step()
        await asyncio.wait_for(told, 5.0)


async def test_what_cannot_be_now_is_refused(house: AtDesk) -> None:
    ringing = house.arrives()
    with pytest.raises(NotNow):
        await house.puts_through(ringing)
    with pytest.raises(NotNow):
        house.wants(ringing, Wish.SKIP)
    house.exchange.tell(ringing, e.LegAnswered(LegId(f"{ringing}-leg-1")))
    with pytest.raises(NotNow):
        await house.puts_through(ringing)  # the caller has not heard the answer yet
    house.exchange.tell(ringing, e.CallerAnswered())
    await house.puts_through(ringing)
    with pytest.raises(NotNow):
        await house.puts_through(ringing)
    with pytest.raises(NotNow):
        house.wants(ringing, Wish.SWAP)
    assert house.exchange.figures.impossible == 0


async def test_only_ones_own_present_call(house: AtDesk) -> None:
    call = house.talks()
    with pytest.raises(NotNow):
        await house.desk.put_through(OTHER, call, EVA, Kind.BLIND)
    await house.puts_through(call)
    with pytest.raises(NotNow):
        house.desk.change(OTHER, call, Wish.TAKE_BACK)
    house.wants(call, Wish.TAKE_BACK)
    house.exchange.tell(call, e.CallerGone())
    house.hangs_up(call)
    with pytest.raises(NotNow):
        await house.puts_through(call)


@pytest.mark.parametrize(
    ("contact", "may_hold", "why"),
    [("Frida Falsch", True, Refused.NO_CONTACT), (EVA, False, Refused.BY_LAW)],
)
async def test_contact_and_law_stand_against_it(house: AtDesk, contact: str, may_hold: bool, why: Refused) -> None:
    call = house.talks(may_hold=may_hold)
    with pytest.raises(NotPutThrough) as refused:
        await house.puts_through(call, contact=contact)
    assert (refused.value.why, house.state(call)) == (why, State.TALKING)
    assert house.noted(call, "put_through_refused") == [f"agent1: {why}"]


async def test_the_card_offers_who_can_be_had_and_no_number_that_is_not_released(house: AtDesk) -> None:
    call = house.talks()
    card = await house.desk.card(AGENT)
    assert card
    assert card.offers
    assert [(one.name, len(one.targets)) for one in card.offers.contacts] == [(EVA, 2)]
    assert [one.number for one in card.offers.contacts[0].targets] == [None, None]
    await house.editing.save(MUSTER, {f"contacts/{EVA}/transfer": {"targets": []}}, {}, SUPPORT)
    with pytest.raises(NotPutThrough) as refused:
        await house.puts_through(call)
    assert refused.value.why is Refused.NO_TARGETS
