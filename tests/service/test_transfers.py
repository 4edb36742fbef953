"""To whom a caller can be put through at a moment, and the order for it: by law, by right, within limits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

from engine.directory.presence import Why
from engine.entries import CustomerEntry
from engine.entries.put_through import PutThroughEntry
from engine.law.shown import Shows
from engine.ports import Trunk
from engine.service.outbound import Dialling, Outbound
from engine.service.transfers import NotPutThrough, OfferedTarget, Transfers
from engine.store.customers import StoredCustomers
from engine.store.database import Database
from engine.terms import E164, CustomerId
from engine.transfer import ways
from engine.transfer.limits import Allowance, Refused
from engine.transfer.plan import Kind, Order, Route, Target
from engine.transfer.ways import Headers, Identity, Writing
from tests.accounts import TurnedClock
from tests.catalogue import CLASSES, RULES
from tests.customers import MUSTER, SUPPORT, two_customers

NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
EVA, OWN, OTHER = "Eva Brandt", "+493023125100", "+493023125101"
MOBILE, OFFICE, HOME = E164("+491713920099"), E164("+493023125044"), E164("+493023125045")
LINE, ACCESS = E164("+493023125001"), E164("+4930123450")
CALLER = E164("+491713920001")
PLAIN = ways.Outbound(2, "sip:plain.example", identity=Identity.FROM)
RICH = ways.Outbound(1, "sip:rich.example", Writing.NATIONAL, diversion=True, foreign_numbers=True)


class House:
    """Muster's callers, two trunks that dial out, and a clock."""

    def __init__(self, database: Database, editing: Any) -> None:
        self.editing, self.clock = editing, TurnedClock(NOON)
        self.outbound = Outbound(
            lambda: Dialling(RULES.classes, RULES.country, RULES.transfer_countries), self.clock.now, Allowance(10, 600)
        )
        self.outbound.trunks(
            [Trunk("plain", outbound=PLAIN), Trunk("rich", outbound=RICH), Trunk("in", ("192.0.2.1",))]
        )
        numbers = StoredCustomers(database, CLASSES)
        self.transfers = Transfers(editing, numbers, self.outbound, self.clock.now, CLASSES, ring_time=25.0)

    async def agrees(self, **changes: Any) -> None:
        """Support writes down what was agreed."""
        paths = {name.replace("__", "/"): value for name, value in changes.items()}
        await self.editing.save(MUSTER, paths, {}, SUPPORT)

    async def has_targets(self, *targets: Any, **transfer: Any) -> None:
        """Eva Brandt's numbers."""
        await self.editing.save(
            MUSTER, {f"contacts/{EVA}/transfer": {"targets": list(targets), **transfer}}, {}, SUPPORT
        )

    async def order(self, contact: str = EVA, **more: Any) -> Order:
        who = {"caller": "+491713920001", "line": None, "kind": Kind.BLIND, "by": "anna", **more}
        return await self.transfers.order(MUSTER, contact=contact, **who)

    async def why_not(self, contact: str = EVA, **more: Any) -> Refused:
        with pytest.raises(NotPutThrough) as raised:
            await self.order(contact, **more)
        return raised.value.why


@pytest_asyncio.fixture
async def house(database: Database) -> House:
    house = House(database, await two_customers(database, NOON))
    await house.has_targets({"number": MOBILE, "ring_time": 15}, {"number": OFFICE, "use": False}, HOME)
    await house.agrees(shown_numbers=[{"number": OWN, "right": "contract"}, {"number": OTHER, "right": "contract"}])
    return house


async def test_the_list_is_tried_in_its_order_each_by_every_way_in_its(house: House) -> None:
    rich = Headers("03023125100", "03023125100", Identity.ASSERTED, "030123450", "rich.example")
    plain = Headers(OWN, None, Identity.FROM, None, "plain.example")

    def routes(number: str, written: str) -> tuple[Route, ...]:
        return (
            Route("rich", written, E164(OWN), ACCESS, rich),
            Route("plain", number, E164(OWN), None, plain),
        )

    assert await house.order() == Order(
        Kind.BLIND,
        (
            Target(EVA, MOBILE, 15.0, routes(MOBILE, "01713920099"), place=1),
            Target(EVA, HOME, 25.0, routes(HOME, "03023125045"), place=2),
        ),
        "anna",
        longest=600 * 60.0,
        allowance=Allowance(10, 600, 10),
    )


async def test_one_target_is_picked_by_its_place_among_those_in_use(house: House) -> None:
    assert [one.number for one in (await house.order(only=2)).targets] == [HOME]
    assert await house.why_not(only=3) is Refused.NO_TARGETS
    assert await house.why_not(only=0) is Refused.NO_TARGETS


async def test_l7_the_callers_number_is_shown_by_the_carrier_that_allows_it(house: House) -> None:
    await house.agrees(put_through={"shows": "caller", "number": OTHER})
    (rich, plain) = (await house.order(line="030 23125001", only=1)).targets[0].routes
    assert (rich.shown, rich.diversion) == (CALLER, LINE)
    assert rich.headers == Headers("01713920001", "03023125101", Identity.ASSERTED, "03023125001", "rich.example")
    assert (plain.shown, plain.diversion) == (OTHER, None)


async def test_l7_who_hides_his_number_stays_hidden_or_is_the_customer(house: House) -> None:
    assert {route.shown for route in (await house.order(caller=None)).targets[0].routes} == {OWN}
    await house.agrees(put_through={"shows": "caller"})
    assert {route.shown for route in (await house.order(caller=None)).targets[0].routes} == {None}


@pytest.mark.parametrize("shows", list(Shows))
async def test_l7_without_a_number_on_record_nothing_is_shown_nor_asserted(
    house: House, shows: Shows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also for a customer who was saved with the caller's number alone, before that was refused."""
    await house.agrees(shown_numbers=[])
    load = house.editing.load

    async def as_before(customer: CustomerId) -> CustomerEntry:
        entry: CustomerEntry = await load(customer)
        return entry.model_copy(update={"put_through": PutThroughEntry(shows=shows)})

    monkeypatch.setattr(house.editing, "load", as_before)
    routes = (await house.order()).targets[0].routes
    assert [(route.shown, route.headers and route.headers.asserted) for route in routes] == [(None, None)] * 2


@pytest.mark.parametrize(("number", "forbids"), [("0180 5 123456", True), ("0180 7 123456", True), (LINE, False)])
async def test_l3_the_law_keeps_put_through_off(house: House, number: str, forbids: bool) -> None:
    await house.has_targets()
    await house.agrees(lines=[{"number": number}], wait={"treatment": "delayed_connect", "max_wait": 30})
    offers = await house.transfers.offers(MUSTER)
    assert offers.why_not is (Refused.BY_LAW if forbids else None)
    assert await house.why_not() is (Refused.BY_LAW if forbids else Refused.NO_TARGETS)


async def test_whom_there_is_not_nobody_is_put_through_to(house: House) -> None:
    assert await house.why_not("Frida Falsch") is Refused.NO_CONTACT
    assert await house.why_not("Jan/Ida ~ Kern") is Refused.NO_TARGETS


async def test_without_a_line_that_goes_out_nobody_is_put_through(house: House) -> None:
    house.outbound.trunks([Trunk("in", ("192.0.2.1",))])
    assert await house.why_not() is Refused.NO_TRUNK
    assert (await house.transfers.offers(MUSTER)).why_not is Refused.NO_TRUNK


async def test_a_number_that_leads_back_to_us_is_left_out(house: House) -> None:
    await house.has_targets(LINE, MOBILE)
    order = await house.order()
    assert ([one.number for one in order.targets], order.places) == ([MOBILE], (2,)), "as the card numbers them"
    assert await house.why_not(only=1) is Refused.OWN_NUMBER
    await house.has_targets(LINE)
    assert await house.why_not() is Refused.OWN_NUMBER


async def test_a_number_that_has_become_anothers_access_number_is_left_out(house: House) -> None:
    """As after a restored backup: the rules of saving would not let it come to this."""
    stored = house.transfers._numbers

    class Numbers:
        async def by_access_number(self, number: E164) -> Any:
            return await stored.by_access_number(E164("+4930123460") if number == MOBILE else number)

    house.transfers._numbers = Numbers()
    assert [one.number for one in (await house.order()).targets] == [HOME]


async def test_who_has_used_up_his_minutes_is_told_at_once(house: House) -> None:
    await house.agrees(put_through={"legs_per_minute": 1})
    assert (await house.order()).targets
    leg, number = (await house.order()).targets[0].contact, MOBILE
    assert house.outbound.dials(leg, MUSTER, number, "rich") is None  # type: ignore[arg-type]
    assert await house.why_not() is Refused.LEGS_PER_MINUTE


async def test_an_agent_sees_of_a_number_what_is_released(house: House) -> None:
    await house.agrees(company={"phone": HOME})
    (eva,) = (await house.transfers.offers(MUSTER)).contacts
    assert eva.targets == (OfferedTarget(1, True, None, 15.0), OfferedTarget(2, False, HOME, 25.0))
    await house.editing.save(MUSTER, {f"contacts/{EVA}/phone": MOBILE}, {}, SUPPORT)
    (eva,) = (await house.transfers.offers(MUSTER)).contacts
    assert [one.number for one in eva.targets] == [MOBILE, HOME]
    await house.editing.save(MUSTER, {f"contacts/{EVA}/hidden": ["phone"]}, {}, SUPPORT)
    (eva,) = (await house.transfers.offers(MUSTER)).contacts
    assert [one.number for one in eva.targets] == [None, HOME]


async def test_an_agent_sees_who_is_there_and_who_stands_in(house: House) -> None:
    await house.has_targets(MOBILE, restrictions="Not before ten", accept=True)
    away = {"reason": "holiday", "deputy": "Jan/Ida ~ Kern"}
    await house.editing.save(
        MUSTER, {f"contacts/{EVA}/absence": away, "contacts/Jan~1Ida ~0 Kern/absence": None}, {}, SUPPORT
    )
    offers = await house.transfers.offers(MUSTER)
    (eva,) = offers.contacts
    assert (offers.why_not, eva.restrictions, eva.accept) == (None, "Not before ten", True)
    assert (eva.presence.why, eva.presence.deputy) == (Why.ABSENT, "Jan/Ida ~ Kern")
    assert (await house.order()).targets[0].accept is True, "who is away may be tried all the same"
