"""A customer takes its own data away, and sees month by month what was charged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from engine.service.catalogue import Summary
from engine.web.portal.own_data import month_begins
from tests.catalogue import service_on
from tests.web.asking import Asker
from tests.web.office import Office
from tests.web.portal import client

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_5_the_own_data_is_a_file_that_can_be_imported(office: Office, petra: Asker) -> None:
    await office.set("K1001", {"instructions": "Bitte siezen."})
    async with petra.client.get(f"{office.url}/account/export") as answer:
        text = await answer.text()
        assert answer.headers["Content-Disposition"] == 'attachment; filename="vorzimmer.yaml"'
    assert "Bitte siezen." in text and "K1001" in text and "K1002" not in text
    assert await service_on(office.database).import_text(text) == Summary(unchanged=(("customers", "K1001"),))


async def test_5_each_month_is_told_with_what_was_charged(office: Office) -> None:
    this, earlier = (month_begins(office.clock.now(), 24)[n] for n in (-2, -5))
    for n, begin in enumerate((this, this + timedelta(seconds=1), earlier)):
        answered = {"outcome": "answered", "charged_minutes": 600}
        await office.had_call("K1001", f"vz-{n}", begin, **answered)
    await office.had_call("K1001", "vz-missed", earlier)
    await office.had_call("K1001", "vz-closed", earlier, outcome="closed")
    await office.had_call("K1001", "vz-before", this - timedelta(days=800))
    await office.had_call("K1002", "vz-theirs", this)
    async with client(office) as petra:
        page = await petra.opens("/account/statements")
    assert [row.partition(" ")[2].split(" ", 1)[1] for row in page.texts(".//tbody/tr")] == ["2 2 0 1.200", "3 1 1 600"]


async def test_5_who_had_no_call_is_told_so(office: Office) -> None:
    async with client(office) as petra:
        assert "Bei uns ist noch kein Anruf angekommen." in (await petra.opens("/account/statements")).text


async def test_support_without_a_customer_has_no_such_data(office: Office, ines: Asker) -> None:
    for path in ("/account/export", "/account/statements"):
        assert (await ines.gets(path))[0] == 403
    assert "/account/export" not in (await ines.gets("/account"))[2]
    await ines.sends("/support/customers/K1002/act")
    assert "number: K1002" in (await ines.gets("/account/export"))[2]


async def test_strangers_are_led_to_the_sign_in(office: Office) -> None:
    async with aiohttp.ClientSession() as session:
        for path in ("/account/export", "/account/statements"):
            async with session.get(office.url + path, allow_redirects=False) as answer:
                assert (answer.status, answer.headers["Location"]) == (303, f"/sign-in?next={path}")


async def test_months_begin_in_german_time() -> None:
    begins = month_begins(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), 3)
    assert [one.isoformat() for one in begins] == [
        "2026-11-01T00:00:00+01:00",
        "2026-12-01T00:00:00+01:00",
        "2027-01-01T00:00:00+01:00",
        "2027-02-01T00:00:00+01:00",
    ]
    summer = month_begins(datetime(2026, 7, 1, tzinfo=UTC), 1)
    assert [one.isoformat() for one in summer] == ["2026-07-01T00:00:00+02:00", "2026-08-01T00:00:00+02:00"]
