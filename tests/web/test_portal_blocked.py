"""A customer blocks callers: whom agents have marked, or by hand; and lets them through again (portal, support)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.web.grouping import grouped
from tests.web.asking import Asker
from tests.web.marks import marked
from tests.web.office import Office
from tests.web.portal import Shown, client

pytestmark = pytest.mark.asyncio(loop_scope="session")
SALES, ROBOT, OTHER = "+493099881", "+493099882", "+493099883"
HERE = "/notes/blocked"


def listed(page: Shown, section: str) -> list[str]:
    """The rows of a list as they are read, without its buttons."""
    return page.texts(f".//section[@aria-labelledby='{section}']//li/span")


async def callers(office: Office, customer: str = "K1001") -> list[tuple[str, str | None, str | None]]:
    return [(one.number, one.note, one.by) for one in (await office.entry(customer)).blocked_callers]


async def test_whom_agents_have_marked_is_suggested_and_blocked_with_one_button(office: Office) -> None:
    await marked(office, SALES, 3)
    await marked(office, "030 99881", 1)
    await marked(office, ROBOT, 2)
    await marked(office, ROBOT, 91)
    await marked(office, OTHER, 1, "K1002")
    await marked(office, None, 1)
    async with client(office) as petra:
        page = await petra.opens("/notes")
        assert "0 gesperrt. 2 von unseren Agenten als unerwünscht gemeldet" in page.texts(".//main")[0]
        page = await petra.opens(HERE)
        at = [office.clock.now() - timedelta(days=days) for days in (1, 2)]
        times = [f"{moment.astimezone():%d.%m.%y}" for moment in at]
        shown = listed(page, "suggested-title")
        assert [one.split(",")[0] for one in shown] == [
            f"{grouped(SALES)} 2 × gemeldet",
            f"{grouped(ROBOT)} 1 × gemeldet",
        ]
        assert all(
            day in one and one.endswith("von Anna Lindner: Werbeanruf") for day, one in zip(times, shown, strict=True)
        )
        page = await petra.posts(HERE, {"number": SALES})
        assert page.told == "Der Anrufer ist ab dem nächsten Anruf gesperrt."
        assert [one.split(" 1 ×")[0] for one in listed(page, "suggested-title")] == [grouped(ROBOT)]
        assert listed(page, "blocked-title")[0].startswith(grouped(SALES))
        page = await petra.posts(f"{HERE}/dismiss", {"number": ROBOT})
        assert listed(page, "suggested-title") == []
        await marked(office, ROBOT, -0.001)
        assert listed(await petra.opens(HERE), "suggested-title")[0].startswith(f"{grouped(ROBOT)} 1 × gemeldet")
    assert await callers(office) == [(SALES, None, "petra@korn.example")]


async def test_who_is_let_through_again_is_not_suggested_until_marked_anew(office: Office) -> None:
    await marked(office, SALES, 1)
    async with client(office) as petra:
        await petra.posts(HERE, {"number": "030 99881", "note": "Werbung"})
        assert await callers(office) == [(SALES, "Werbung", "petra@korn.example")]
        page = await petra.posts(f"{HERE}/unblock", {"number": SALES})
        assert page.told == "Der Anrufer kommt ab dem nächsten Anruf wieder durch."
        assert (listed(page, "suggested-title"), await callers(office)) == ([], [])
        assert (await petra.posts(f"{HERE}/unblock", {"number": SALES})).status == 200


async def test_by_hand_with_the_mistakes_at_the_field(office: Office) -> None:
    await office.set("K1001", {"lines": ["030 23125001"], "blocked_callers": [{"number": SALES}]})
    async with client(office) as petra:
        page = await petra.opens(f"{HERE}?caller=%2B493099882")
        assert page.fields["number"] == ROBOT
        for number, mistake in (
            ("", "Bitte ausfüllen."),
            ("keine", "keine ist keine Rufnummer: Bitte schreiben Sie sie als 030 123456 oder +49 30 123456."),
            (SALES, "Diese Nummer ist schon gesperrt."),
            ("030 23125001", f"{grouped('+493023125001')} gehört zu Ihren eigenen Nummern"),
            ("110", "+110 ist eine Nummer von Rettungsdiensten"),
        ):
            page = await petra.sends(page, number=number)
            assert page.status == 422
            assert len(page.mistakes) == 1 and page.mistakes[0].startswith(f"Rufnummer: {mistake}"), page.mistakes
        page = await petra.sends(page, number="030 / 99883", note="ruft täglich an")
        assert page.status == 200
    assert await callers(office) == [(SALES, None, "support"), (OTHER, "ruft täglich an", "petra@korn.example")]


async def test_a_call_leads_to_the_block_and_a_refused_one_says_why(office: Office) -> None:
    now = office.clock.now()
    told = {"caller": "030 99881", "outcome": "caller_blocked"}
    await office.had_call("K1001", "c1", now - timedelta(minutes=5), **told)
    await office.happened("c1", 1, now, "arrived", "")
    await office.happened("c1", 2, now, "caller_blocked", f"{SALES} 2026-11-20 08:00 petra@korn.example Werbung")
    await office.had_call("K1001", "c2", now - timedelta(minutes=4), caller=None)
    async with client(office) as petra:
        page = await petra.opens("/calls")
        assert [one for one in page.texts(".//tbody/tr/td") if one == "gesperrt"] == ["gesperrt"]
        page = await petra.opens("/calls/c1")
        why = (
            f"Der Anrufer ist gesperrt: Der Anruf wird abgewiesen. {SALES} 2026-11-20 08:00 petra@korn.example Werbung"
        )
        assert why in page.texts(".//ol/li/span")
        assert page.tree.find(".//a[@href='/notes/blocked?caller=%2B493099881']") is not None
        page = await petra.opens("/calls/c2")
        assert page.tree.find(".//a[@href='/notes/blocked?caller=']") is None
        start = " ".join((await petra.opens("/")).texts(".//section[@aria-labelledby='today-title']"))
        assert "verpasst1 gesperrt1" in start


async def test_support_sees_who_was_marked_at_many_customers_and_blocks_at_each(office: Office, ines: Asker) -> None:
    for caller, customer, days in ((SALES, "K1001", 1), (SALES, "K1002", 2), (ROBOT, "K1001", 1), (ROBOT, "K1001", 2)):
        await marked(office, caller, days, customer)
    await marked(office, "+49301000002", 1)
    await marked(office, "110", 1)
    await office.set("K1002", {"blocked_callers": [SALES]})
    found = await office.blocking.everywhere()
    assert [(one.number, one.times, [(of.number, of.times, of.blocked) for of in one.customers]) for one in found] == [
        (SALES, 2, [("K1001", 1, False), ("K1002", 1, True)]),
        (ROBOT, 2, [("K1001", 2, False)]),
    ]
    _, _, page = await ines.gets("/support/marked")
    assert page.index(grouped(SALES).split()[-1]) < page.index(grouped(ROBOT).split()[-1])
    place = "/support/customers/K1001/blocked"
    assert f'href="{place}?caller=%2B493099881"' in page
    assert 'value="+493099881"' in (await ines.gets(place, caller=SALES))[2]
    assert (await ines.sends(place, number=SALES, note="bei vielen"))[:2] == (303, place)
    assert await callers(office) == [(SALES, "bei vielen", "support")]
    assert (await ines.sends(f"{place}/dismiss", number=ROBOT))[0] == 303
    assert (await ines.sends(f"{place}/unblock", number=SALES))[0] == 303
    assert await callers(office) == []
    left = await office.blocking.everywhere()
    assert [(one.number, [of.number for of in one.customers]) for one in left] == [(SALES, ["K1002"])]
    assert (await ines.sends(f"{place}/unblock", number="keine"))[0] == 422
