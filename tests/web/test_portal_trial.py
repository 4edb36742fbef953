"""The test call: pressed, called, seen on the page while it goes on and when it is over (SPEC: Customer portal)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.async_api import expect

from tests.web.browsing import Visitor
from tests.web.office import LOGIN, PASSWORD, Office
from tests.web.portal import client

pytestmark = pytest.mark.asyncio(loop_scope="session")
FORWARDED = (
    "Ihr Anschluss ist weitergeleitet: Der Anruf von +49 30 555 über +49 30 99887700 kam um {time} Uhr bei uns an."
)


def german(office: Office, later: timedelta = timedelta()) -> str:
    """The time of day now, as pages write it."""
    return str(office.app.state.web.words["de"].format.time(office.clock.now() + later, "short"))


async def test_5_7_a_test_call_is_seen_on_the_page_as_it_goes_on(visitor: Visitor, office: Office) -> None:
    await visitor.signs_in(LOGIN, PASSWORD)
    before = german(office, timedelta(minutes=5))
    await visitor.presses("Testanruf")
    page, heard = visitor.page, visitor.page.locator("#heard")
    until = f"({before}|{german(office, timedelta(minutes=5))})"  # a minute may have begun meanwhile
    await expect(heard.locator(".state")).to_have_text(
        re.compile(rf"^\s*Bis {until} Uhr achten wir auf Ihren Anruf\. Er erscheint hier von selbst\.\s*$")
    )
    await page.evaluate("window.sameDocument = true")
    now = office.clock.now()
    call = office.a_call("K1001", "vz-1", now, outcome="open", line="+493099887700", treatment="delayed_connect")
    office.live.append(call)
    await expect(heard.locator("h2")).to_have_text(FORWARDED.format(time=german(office)))
    treated = ["Warteschleife nach TKG (verzögerter Connect)"]
    await expect(heard.locator("dd")).to_have_text([*treated, "wartet, bis jemand frei ist"])
    picked_up = replace(call, outcome="answered", picked_up_at=now + timedelta(seconds=7))
    office.live[:] = [picked_up]
    await expect(heard.locator("dd")).to_have_text([*treated, "von einem Menschen, nach 7 s", "im Gespräch"])
    office.live.clear()
    times = {"picked_up_at": picked_up.picked_up_at, "ended_at": now + timedelta(seconds=20)}
    await office.had_call("K1001", "vz-1", now, outcome="answered", treatment="delayed_connect", **times)
    await expect(heard.locator("dd")).to_have_text([*treated, "von einem Menschen, nach 7 s", "angenommen"])
    assert await page.evaluate("window.sameDocument")
    assert await visitor.violations() == []


async def test_5_7_nothing_is_sent_while_there_is_nothing_new(office: Office) -> None:
    now = office.clock.now()
    since = int(now.timestamp())
    call = office.a_call("K1001", "vz-1", now, outcome="open")
    async with client(office) as petra:
        page = await petra.opens(f"/test-call/heard?since={since}&known=0.0.0")
        assert page.status == 204
        office.live += [call, office.a_call("K1002", "vz-2", now), office.a_call("K1001", "vz-0", now - timedelta(1))]
        page = await petra.opens(f"/test-call/heard?since={since}&known=0.0.0")
        assert len(page.texts(".//h2")) == 1
        assert "known=1.0.0" in page.tree.findall(".//*[@id='heard']")[0].attrib["hx-get"]
        assert (await petra.opens(f"/test-call/heard?since={since}&known=1.0.0")).status == 204
        office.live.clear()  # over, and not written down yet
        assert (await petra.opens(f"/test-call/heard?since={since}&known=1.0.0")).status == 204
        for known in ("", "1", "a.b.c", "1.0.0.0", "..", f"{'9' * 5000}.0.0"):
            assert (await petra.opens(f"/test-call/heard?since={since}&known={known}")).status == 200, known
        for forged in ("", "x", "-1", "1e3", "9" * 30):
            assert (await petra.opens(f"/test-call?since={forged}")).status == 404, forged


async def test_5_7_a_test_call_that_does_not_come_says_what_to_look_after(office: Office) -> None:
    begun = office.clock.now() - timedelta(minutes=6)
    await office.had_call("K1001", "vz-late", begun + timedelta(minutes=5, seconds=30))
    async with client(office) as petra:
        page = await petra.opens(f"/test-call/heard?since={int(begun.timestamp())}&known=0.0.0")
        assert page.texts(".//h2") == ["In dieser Zeit ist kein Anruf bei uns angekommen"]
        assert page.texts(".//li") == [
            "Haben Sie von einem anderen Telefon angerufen als dem, dessen Anschluss weitergeleitet ist?",
            "Wenn nur Anrufe weitergeleitet werden, die Sie nicht annehmen: Lassen Sie es länger klingeln.",
            "Ist die Weiterleitung eingeschaltet, und zwar auf die richtige Nummer? Weiterleitung ein- und ausschalten",
            "Wenn das alles stimmt, hilft Ihnen Ihr Telefonanbieter oder unsere Kundenbetreuung.",
        ]
        assert page.tree.findall(".//*[@hx-get]") == []
        again = await petra.posts("/test-call", {})
        assert (again.path.partition("=")[0], again.texts(".//main//h2")) == ("/test-call?since", [])


async def test_5_7_a_call_that_lasts_longer_is_followed_to_its_end(office: Office) -> None:
    begun = office.clock.now() - timedelta(minutes=5, seconds=10)
    since = int(begun.timestamp())
    call = office.a_call("K1001", "vz-1", begun + timedelta(minutes=4), outcome="open", treatment="ringing")
    office.live.append(call)
    async with client(office) as petra:
        page = await petra.opens(f"/test-call/heard?since={since}&known=0.0.0")
        assert page.texts(".//dd") == ["Freizeichen", "wartet, bis jemand frei ist"]
        assert (page.texts(".//p/a"), len(page.tree.findall(".//*[@hx-get]"))) == ([], 1)
        left, picked_up = begun + timedelta(minutes=5), begun + timedelta(minutes=4, seconds=5)
        # They have talked, and the caller waits again: the agent's phone was lost.
        office.live[:] = [replace(call, picked_up_at=picked_up, agent_left_at=left)]
        page = await petra.opens(f"/test-call/heard?since={since}&known=1.0.0")
        assert page.texts(".//dd") == ["Freizeichen", "von einem Menschen, nach 5 s", "wartet, bis jemand frei ist"]
        office.live.clear()
        assert (await petra.opens(f"/test-call/heard?since={since}&known=1.0.0")).status == 204
        lost = await petra.opens(f"/test-call/heard?since={since - 60}&known=1.0.0")  # never written down
        assert (lost.status, lost.tree.findall(".//*[@hx-get]")) == (200, [])
        await office.had_call("K1001", "vz-1", call.arrived_at, treatment="ringing", ended_at=office.clock.now())
        page = await petra.opens(f"/test-call/heard?since={since}&known=1.0.0")
    assert page.texts(".//dd") == ["Freizeichen", "Anrufer hat beim Warten aufgelegt"]
    assert page.tree.findall(".//*[@hx-get]") == []


async def test_5_7_a_call_outside_the_hours_over_a_line_that_nobody_names(office: Office) -> None:
    begun = office.clock.now() - timedelta(minutes=6)
    facts = {"outcome": "closed", "treatment": "answered", "caller": None, "ended_at": begun + timedelta(seconds=9)}
    await office.had_call("K1001", "vz-1", begun + timedelta(seconds=1), **facts)
    async with client(office) as petra:
        page = await petra.opens(f"/test-call?since={int(begun.timestamp())}")
        assert page.texts(".//main//h2") == [
            f"Der Anruf von einer unbekannten Nummer kam um {german(office, -timedelta(minutes=6))} Uhr bei uns an."
        ]
        assert page.texts(".//dd") == ["außerhalb der Geschäftszeiten"]


async def test_who_has_no_number_yet_is_told_so(office: Office) -> None:
    await office.set("K1001", {"access_numbers": []})
    async with client(office) as petra:
        assert "Testanruf" not in (await petra.opens("/")).texts(".//main//button")
        page = await petra.opens("/test-call")
    assert page.of("notice") == [
        "Sie haben noch keine Zielrufnummer, an die Sie weiterleiten können. Bitte wenden Sie sich an unsere "
        "Kundenbetreuung."
    ]
