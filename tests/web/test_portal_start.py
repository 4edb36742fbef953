"""The start page: is the line forwarded, what came in today, what is wrong, what is still to do (F, §2.2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.web.office import Office
from tests.web.portal import client

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_new_customer_is_told_what_to_do_and_how_to_forward(office: Office) -> None:
    async with client(office) as petra:
        page = await petra.opens("/")
    assert page.texts(".//section[@class='notice bad']//li") == [
        "Bei uns ist noch kein Anruf angekommen: Ihr Anschluss ist anscheinend noch nicht weitergeleitet.",
        "Sie haben noch keinen Ansprechpartner; so bekommt niemand Nachrichten.",
    ]
    assert page.texts(".//ol[@class='list']/li") == [
        "Begrüßungsformel schreiben Zu tun",
        "Ansprechpartner eintragen, der Ihre Nachrichten bekommt Zu tun",
        "Weitergeleitete Anschlüsse eintragen und wählen, was Anrufer hören Zu tun",
        "Ihren Anschluss an uns weiterleiten Zu tun",
        "Testanruf machen Zu tun",
    ]
    assert page.texts(".//caption") == [
        "Bei Ihrem Telefonanbieter",
        "An einer eigenen Telefonanlage, die für das Amt eine 0 verlangt",
    ]
    assert page.texts(".//td") == [
        "*21*0301000001#", "#21#", "*61*0301000001#", "#61#", "*67*0301000001#", "#67#",
        "*21*00301000001#", "#21#", "*61*00301000001#", "#61#", "*67*00301000001#", "#67#",
    ]  # fmt: skip


async def test_the_first_day_is_ticked_off_step_by_step_until_it_is_gone(office: Office) -> None:
    steps: tuple[dict[str, Any], ...] = (
        {"greeting": "Bäckerei Korn, {agent}."},
        {"contacts": [{"name": "Eva Brandt", "notify": {"sms": "+491713920001"}}]},
        {"lines": ["+493099887700"]},
    )
    async with client(office) as petra:
        page = await petra.opens("/")
        ways = [one.get("href") for one in page.tree.findall(".//ol[@class='list']//a")]
        assert ways == ["/greeting", "/contacts", "/technical", "#forwarding", "/test-call"]
        for done, changes in enumerate(steps, 1):
            await office.set("K1001", changes)
            page = await petra.opens("/")
            ticks = [text.rpartition(" ")[2] for text in page.texts(".//ol[@class='list']/li")]
            assert ticks == ["Erledigt"] * done + ["tun"] * (5 - done)
        await office.had_call("K1001", "vz-1", office.clock.now(), line="+493099887700")
        page = await petra.opens("/")
    assert page.texts(".//ol") == []
    assert page.texts(".//section[@class='notice bad']") == []


async def test_what_came_in_today_and_over_which_line(office: Office) -> None:
    now = office.clock.now()
    today: tuple[dict[str, Any], ...] = (
        {"outcome": "answered", "talked_ms": 90_000, "line": "030 99887700"},
        {"outcome": "answered", "talked_ms": 60_000},
        {"outcome": "abandoned"},
        {"outcome": "max_wait"},
        {"outcome": "closed"},
    )
    for n, told in enumerate(today):
        await office.had_call("K1001", f"vz-{n}", now + timedelta(milliseconds=n), **told)
    await office.had_call("K1001", "vz-old", now - timedelta(days=2), outcome="answered", talked_ms=600_000)
    await office.had_call("K1002", "vz-other", now, outcome="answered", talked_ms=600_000)
    await office.set("K1001", {"lines": ["+493099887700"]})
    async with client(office) as petra:
        page = await petra.opens("/")
    assert page.texts(".//dd") == ["0", "0", "2", "2", "2,5"]
    assert [text.split(":")[0] for text in page.texts(".//ul[@class='plain']/li")] == ["über 030 99887700"]
    assert page.texts(".//section[@class='notice bad']//li") == [
        "Sie haben noch keinen Ansprechpartner; so bekommt niemand Nachrichten."
    ]


async def test_lines_that_nobody_told_of_and_absences_without_deputy_are_warned_of(office: Office) -> None:
    notify = {"mail": ["eva@korn.example"]}
    contacts = [
        {"name": "Eva Brandt", "notify": notify, "absence": {"reason": "Urlaub"}},
        {"name": "Jan Kern", "notify": notify, "absence": {"deputy": "Eva Brandt"}},
        {"name": "Ida Korn", "notify": notify, "absence": {"until": "2020-01-01 00:00"}},
    ]
    await office.set("K1001", {"lines": ["+493099887700"], "contacts": contacts})
    now = office.clock.now()
    for n, line in enumerate(("+493099887701", "0180 5 123456", "anonymous", "+493099887700")):
        await office.had_call("K1001", f"vz-{n}", now - timedelta(minutes=n), line=line)
    async with client(office) as petra:
        page = await petra.opens("/")
    untold, stricter, absent = sorted(page.texts(".//section[@class='notice bad']//li"))
    assert untold.startswith("Anrufe kamen über +49 180 5 123456. Dort zahlen Anrufer anders")
    assert stricter.startswith("Anrufe kamen über +49 30 99887701. Dieser Anschluss steht nicht")
    assert absent == "Eva Brandt ist abwesend, und niemand vertritt."
