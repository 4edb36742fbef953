"""Which numbers a customer can have: none that leads back to us, none that costs."""

from __future__ import annotations

import pytest

from engine.service.customer_judging import Refused
from engine.store.database import Database
from tests.catalogue import service_on
from tests.customers import MUSTER, OWNER, said, two_customers


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
