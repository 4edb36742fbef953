"""Which numbers a customer can have: none that leads back to us, none that costs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.service.customer_judging import Refused
from engine.service.customers import CustomerService
from engine.store.customer_store import StoredCustomerEntries
from engine.store.database import Database
from tests.catalogue import RULES, service_on
from tests.customers import MUSTER, NOW, OWNER, SUPPORT, said, two_customers


@pytest.mark.parametrize("number", ["030 123450", "030 123460"])
async def test_no_call_is_led_back_to_us(database: Database, number: str) -> None:
    service = await two_customers(database)
    targets = {"contacts/Eva Brandt/transfer": {"targets": ["030 23125013", {"number": number, "use": False}]}}
    with pytest.raises(Refused) as refused:
        await service.save(MUSTER, {"lines": ["030 23125001", number], **targets}, {}, OWNER)
    assert said(refused.value) == [
        ("lines/1/number", "loop.line"),
        ("contacts/Eva Brandt/transfer/targets/1/number", "loop.target"),
    ]


async def test_no_line_becomes_an_access_number(database: Database) -> None:
    await two_customers(database)
    text = "customers: [{number: K1002, name: Next GmbH, access_numbers: [030 23125001], tariff: always}]"
    assert [str(one) for one in await service_on(database).check(text)] == [
        "line 1: customers[K1002].access_numbers: +493023125001 is a number of customer 'K1001' that callers dial or "
        "are put through to: it cannot be an access number"
    ]


def put_through(*numbers: str) -> dict[str, Any]:
    """A change of the targets of one contact."""
    return {"contacts/Eva Brandt/transfer": {"targets": list(numbers)}}


async def test_no_number_of_a_customer_is_dear(database: Database) -> None:
    service = await two_customers(database)
    targets = put_through(
        "0180 5123456", "+881 6 12345678", "+43 900 123456", "0900 1123456", "030 112", "030 23125013"
    )
    shown = [{"number": number, "right": "Ours"} for number in ("0180 5123456", "030 23125001", "+881 6 12345678")]
    fax = {"contacts/Eva Brandt/notify": {"fax": "0700 12345678"}}
    with pytest.raises(Refused) as refused:
        await service.save(MUSTER, {**targets, **fax, "shown_numbers": shown}, {}, SUPPORT)
    at = "contacts/Eva Brandt"
    assert sorted(said(refused.value)) == [
        (f"{at}/notify/fax", "number.dear"),
        (f"{at}/transfer/targets/0/number", "number.dear"),
        (f"{at}/transfer/targets/1/number", "number.dear"),
        (f"{at}/transfer/targets/2/number", "number.dear"),
        (f"{at}/transfer/targets/3/number", "L7.dialled"),
        (f"{at}/transfer/targets/4/number", "L7.dialled"),
        ("shown_numbers/2/number", "number.dear"),
    ]


async def test_callers_are_put_through_to_the_countries_of_the_installation(database: Database) -> None:
    service = await two_customers(database)
    targets = put_through("030 23125013", "+43 1 5330000", "+800 12345678")
    with pytest.raises(Refused) as refused:
        await service.save(MUSTER, targets, {}, OWNER)
    assert said(refused.value) == [("contacts/Eva Brandt/transfer/targets/1/number", "number.country")]
    wider = replace(RULES, transfer_countries=frozenset({"43"}))
    service = CustomerService(StoredCustomerEntries(database), lambda: wider, lambda: NOW)
    assert (await service.save(MUSTER, targets, {}, OWNER)).changed


async def test_l7_the_callers_number_is_shown_beside_one_of_the_customers_alone(database: Database) -> None:
    """Carriers are told the customer's in any case: without one the caller's would be vouched for by nobody."""
    service, callers = await two_customers(database), {"put_through": {"shows": "caller"}}
    with pytest.raises(Refused) as refused:
        await service.save(MUSTER, callers, {}, SUPPORT)
    assert said(refused.value) == [("put_through/shows", "shows.alone")]
    await service.save(MUSTER, {**callers, "shown_numbers": [{"number": "030 23125001", "right": "Ours"}]}, {}, SUPPORT)
    with pytest.raises(Refused) as refused:
        await service.save(MUSTER, {"shown_numbers": []}, {}, SUPPORT)
    assert said(refused.value) == [("put_through/shows", "shows.alone")]
