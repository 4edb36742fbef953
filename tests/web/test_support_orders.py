"""What customers cannot change themselves they order from support (§6.2), at once from the stand-by service (§6.3)."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime

import pytest

from engine.accounts import Role
from engine.service.customers import ZONE
from tests.web.asking import Asker, asking, mistakes, version
from tests.web.office import LOGIN, Office

pytestmark = pytest.mark.asyncio(loop_scope="session")
FRIDAY = datetime(2026, 10, 30, 14, 0, tzinfo=UTC)
"""Before All Saints' weekend; the Saturday is Reformation Day."""


async def due(office: Office, login: str = LOGIN) -> list[tuple[str, date]]:
    """The customer's orders."""
    user = await office.accounts.user_of(login)
    assert user
    found = await office.orders.of_customer(office.customers["K1001"], user.identity())
    return [(order.text, order.due) for order in found]


def shown(page: str) -> list[str]:
    """The states of the orders on the page."""
    return [
        html.unescape(re.sub("<[^>]*>", "", one)).strip()
        for one in re.findall(r'<span class="state.*?</span>', page, re.DOTALL)
    ]


async def test_6_2_a_change_is_due_one_working_day_later(
    office: Office, petra: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.orders, "_now", lambda: FRIDAY)
    assert (await petra.sends("/orders", text="Please change our hours."))[:2] == (303, "/orders")
    assert await due(office) == [("Please change our hours.", date(2026, 11, 2))]
    _, _, page = await petra.gets("/orders")
    assert shown(page) == ["fällig am 02.11.2026"]
    assert "Preis noch nicht genannt" in page


async def test_6_2_an_order_that_says_nothing_is_refused(office: Office, petra: Asker) -> None:
    status, _, page = await petra.sends("/orders", text=" ")
    assert (status, mistakes(page)) == (422, ["Was sollen wir ändern?: Bitte ausfüllen."])
    assert await due(office) == []


async def test_6_3_an_urgent_change_is_for_the_stand_by_service(
    office: Office, petra: Asker, ines: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.orders, "_now", lambda: FRIDAY)
    await petra.sends("/orders", text="Later.")
    await petra.sends("/orders", text="Now!", urgent="on")
    _, _, page = await ines.gets("/support/orders")
    assert re.findall(r'href="/support/orders/(\d+)"><strong>(.*?)</strong>', page) == [("2", "Now!"), ("1", "Later.")]
    status, _, page = await ines.sends("/support/orders/2", version=version((await ines.gets("/support/orders/2"))[2]),
                                       price="25", surcharge="49,90")  # fmt: skip
    assert status == 303
    _, _, page = await petra.gets("/orders")
    assert "Preis 25,00\xa0€, Zuschlag 49,90\xa0€" in page


async def test_6_2_support_does_an_order_and_the_customer_sees_it(office: Office, petra: Asker, ines: Asker) -> None:
    await petra.sends("/orders", text="Please.")
    assert (await ines.sends("/support/orders/1/done"))[:2] == (303, "/support/orders")
    assert "Kein Auftrag ist offen." in (await ines.gets("/support/orders"))[2]
    today = f"{office.clock.now().astimezone(ZONE):%d.%m.%Y}"
    assert shown((await petra.gets("/orders"))[2]) == [f"erledigt am {today}"]


async def test_6_2_two_of_support_who_name_a_price_lose_nothing(petra: Asker, ines: Asker) -> None:
    await petra.sends("/orders", text="Please.")
    seen = version((await ines.gets("/support/orders/1"))[2])
    assert (await ines.sends("/support/orders/1", version=seen, price="20"))[0] == 303
    status, _, page = await ines.sends("/support/orders/1", version=seen, price="30")
    assert status == 409 and 'value="30"' in page and "Preis 20,00\xa0€" in page
    assert (await ines.sends("/support/orders/1", version=version(page), price="30"))[0] == 303
    assert "Preis 30,00\xa0€" in (await ines.gets("/support/orders/1"))[2]


@pytest.mark.parametrize("price", ["-1", "0,001", "much", "nan", "100001"])
async def test_6_2_a_price_that_is_none_is_refused(petra: Asker, ines: Asker, price: str) -> None:
    await petra.sends("/orders", text="Please.")
    seen = version((await ines.gets("/support/orders/1"))[2])
    assert (await ines.sends("/support/orders/1", version=seen, price=price))[0] == 422


@pytest.mark.parametrize("order", ["2", "0", str(2**70), "x"])
async def test_6_2_an_order_that_is_not_there_is_not_found(ines: Asker, order: str) -> None:
    assert (await ines.gets(f"/support/orders/{order}"))[0] == 404


async def test_6_2_customers_see_their_own_orders_alone(office: Office, petra: Asker) -> None:
    await petra.sends("/orders", text="Please.")
    await office.sign_up("lea@lot.example", "Lea Lot", Role.CUSTOMER, "K1002")
    async with asking(office, "lea@lot.example") as lea:
        assert "Es gibt keine Aufträge." in (await lea.gets("/orders"))[2]
        assert (await lea.gets("/support/orders/1"))[0] == 403
