"""An agent's telephone puts its caller through (REFER): to the customer's own targets, by the rules of the desk."""

from __future__ import annotations

import pytest
import pytest_asyncio

from engine.call import commands as c
from engine.call import events as e
from engine.call.state import State
from engine.service.referring import Referring
from engine.store.database import Database, StoreError
from engine.terms import CallId, LegId
from tests.customers import MUSTER, SUPPORT
from tests.service.put_through import EVA, MOBILE, OFFICE, House, house_on


class Telephone:
    """Anna's, in a call."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.answers: list[str] = []
        perform = house.world.perform

        def told(call: CallId, commands: list[c.SwitchCommand]) -> None:
            self.answers += [type(one).__name__ for one in commands if isinstance(one, c.AcceptRefer | c.RefuseRefer)]
            perform(call, commands)

        house.world.perform = told  # type: ignore[method-assign, assignment]
        self.referring = Referring(house.exchange, lambda: house.transfers)

    async def refers(self, call: CallId, to: str | None) -> None:
        """As the switch tells it, and until it has its answer."""
        event = e.ReferAsked(LegId(f"{call}-leg-1"), to)
        self.house.exchange.tell(call, event)
        await self.referring.asked(call, event)

    async def is_refused(self, call: CallId, to: str | None, why: str) -> None:
        """They talk on, and the trail says why."""
        await self.refers(call, to)
        assert (self.answers, self.house.state(call)) == (["RefuseRefer"], State.TALKING)
        assert self.house.noted(call, "put_through_refused") == [why]


@pytest_asyncio.fixture
async def phone(database: Database) -> Telephone:
    return Telephone(await house_on(database))


@pytest.mark.parametrize("written", ["0171 3920099", "+491713920099", "00491713920099", "sip:01713920099@192.0.2.1"])
async def test_to_a_listed_number_however_it_is_dialled_and_to_that_one_alone(phone: Telephone, written: str) -> None:
    call = phone.house.talks()
    await phone.refers(call, written)
    assert (phone.answers, phone.house.state(call)) == (["AcceptRefer"], State.FORWARDING)
    assert phone.house.noted(call, "put_through") == ["agent1: blind, 1 targets"]
    assert phone.house.exchange.calls[call].attempts[0].number == MOBILE


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("+491713920000", "no target of this customer's"), ("110", "no target of this customer's"),
        ("ben", "no target of this customer's"), (None, "to another call"),
    ],
)  # fmt: skip
async def test_to_anybody_else_it_is_refused(phone: Telephone, to: str | None, why: str) -> None:
    await phone.is_refused(phone.house.talks(), to, why)


async def test_a_number_that_is_not_in_use_is_none(phone: Telephone) -> None:
    targets = {"targets": [{"number": MOBILE, "use": False}, {"number": OFFICE}]}
    await phone.house.editing.save(MUSTER, {f"contacts/{EVA}/transfer": targets}, {}, SUPPORT)
    await phone.is_refused(phone.house.talks(), MOBILE, "no target of this customer's")


async def test_l3_who_would_pay_for_the_wait_is_not_put_through_by_a_phone_either(phone: Telephone) -> None:
    await phone.is_refused(phone.house.talks(may_hold=False), MOBILE, "by_law")


async def test_a_store_that_is_away_refuses(phone: Telephone, monkeypatch: pytest.MonkeyPatch) -> None:
    call = phone.house.talks()

    async def away(*_: object) -> None:
        raise StoreError("away")

    monkeypatch.setattr(phone.house.transfers, "listed", away)
    await phone.is_refused(call, MOBILE, "no answer")


async def test_before_everything_is_loaded_it_is_refused(phone: Telephone) -> None:
    phone.referring = Referring(phone.house.exchange, lambda: None)
    await phone.is_refused(phone.house.talks(), MOBILE, "no answer")


async def test_who_is_put_through_already_is_not_put_through_again(phone: Telephone) -> None:
    call = phone.house.talks()
    await phone.refers(call, MOBILE)
    phone.house.target(call, answers=True)
    await phone.refers(call, OFFICE)
    assert phone.answers == ["AcceptRefer"], "the phone has left the call"
    assert phone.house.state(call) is State.PUT_THROUGH


async def test_a_caller_who_hangs_up_meanwhile_is_not_put_through(phone: Telephone) -> None:
    call = phone.house.talks()
    event = e.ReferAsked(LegId(f"{call}-leg-1"), MOBILE)
    phone.house.exchange.tell(call, event)
    phone.house.exchange.tell(call, e.CallerGone())
    await phone.referring.asked(call, event)
    assert (phone.answers, phone.house.noted(call, "target_dialled")) == ([], [])
    assert phone.house.exchange.figures.impossible == 0
