"""An agent's time is over in a talk: for what that talk and its message do not need one signs in anew.

Rule of this file: nothing that was typed is taken away meanwhile.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from engine.acd.agents import SESSION_OVER
from engine.store.desk import StoredDesk
from engine.terms import AgentId, AgentState, CallId
from tests.web.asking import asking
from tests.web.desk_scenes import AtWork, at_work, hire
from tests.web.desks import a_call
from tests.web.office import Office
from tests.web.test_overtime import SHIFT, is_old, looks_often

__all__ = ["looks_often"]
pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_next_call_is_for_who_signs_in_anew(office: Office) -> None:
    await hire(office)
    AtWork(None, office).talks()  # type: ignore[arg-type]
    async with asking(office, "anna") as anna:
        await is_old(office, SHIFT)
        AtWork(None, office).ends(wrap_up=60)  # type: ignore[arg-type]
        status, _, page = await anna.sends("/desk/state", state="ready")
        assert (status, "auch für den nächsten Anruf, melden Sie sich bitte neu an" in page) == (423, True)
        assert office.desks.wishes == []
        assert office.phone_line.left == []
        assert (await anna.sends("/desk/wrap-up/end"))[0] == 303
        assert office.phone_line.left == [("anna", SESSION_OVER)], "before the next call can come"
        assert (await anna.sends("/desk/state", state="paused", reason="lunch"))[0] == 303
        async with asking(office, "anna") as anew:
            assert (await anew.sends("/desk/state", state="ready"))[0] == 303
    assert [state for _, state, _ in office.desks.wishes] == [AgentState.PAUSED, AgentState.READY]


async def test_the_key_for_ready_says_so_at_the_desk(office: Office, browser: Browser) -> None:
    await hire(office)
    async with at_work(office, browser) as anna:
        anna.talks()
        await anna.visitor.fills(text="Eine Torte")
        await is_old(office, SHIFT)
        anna.ends(wrap_up=60)
        await anna.presses("Escape", "b")
        lost = anna.page.locator("#lost")
        await expect(lost).to_contain_text("Für den nächsten Anruf")
        assert office.desks.wishes == []
        await anna.presses("p")
        await expect(anna.part("state").locator(".big")).to_contain_text("Pause")
        await expect(lost).to_be_hidden()
        await anna.presses("Control+Enter")
        await expect(anna.note.locator("[data-told] p")).to_have_text("Gespeichert")
    assert [slip.text for slip in await anna.slips()] == ["Eine Torte"]


async def test_a_call_that_rang_as_the_time_was_over_is_brought_to_its_end(office: Office) -> None:
    await hire(office)
    at_desk = AtWork(None, office)  # type: ignore[arg-type]
    at_desk.rings()
    async with asking(office, "anna") as anna:
        await is_old(office, SHIFT)
        assert (await anna.gets("/desk/form"))[0] == 200, "it rings yet"
        office.desks.picks_up("anna", office.clock.now() + timedelta(seconds=3))
        assert (await anna.gets("/desk/calls/vz-1/form"))[0] == 200
        at_desk.ends()
        later = office.clock.now() + timedelta(seconds=9)
        office.desks.rings("anna", a_call("vz-2", office.customers["K1001"], later))
        assert (await anna.gets("/desk/form"))[0] == 303, "the next one is for who signs in anew"


async def test_one_that_comes_afterwards_is_not(office: Office) -> None:
    await hire(office)
    async with asking(office, "anna") as anna:
        await is_old(office, SHIFT + timedelta(minutes=1))
        AtWork(None, office).talks()  # type: ignore[arg-type]
        assert (await anna.gets("/desk/form"))[0] == 303


async def test_an_engine_that_was_started_anew_still_lets_the_message_be_written(office: Office) -> None:
    """It knows nothing of the talk; the store does."""
    await hire(office)
    begun = office.clock.now() - timedelta(minutes=6)
    told = {"agent": "anna", "outcome": "answered", "talked_ms": 120_000}
    await office.had_call("K1001", "vz-1", begun, picked_up_at=begun, **told)
    await office.had_call(
        "K1001", "vz-0", begun - timedelta(minutes=30), picked_up_at=begun - timedelta(minutes=30), **told
    )
    async with asking(office, "anna") as anna:
        await is_old(office, SHIFT)
        assert (await anna.gets("/desk/calls/vz-0/form"))[0] == 303, "long before"
        assert (await anna.gets("/desk/calls/vz-1/form"))[0] == 200
        assert (await anna.sends("/desk/calls/vz-1/message", key="k1", urgency="normal", text="Eine Torte."))[0] == 200
        assert (await anna.gets("/desk/form"))[0] == 303, "all is said"


async def test_another_call_is_not_read_by_whichever_address(office: Office) -> None:
    await hire(office)
    at_desk = AtWork(None, office)  # type: ignore[arg-type]
    begun = office.clock.now() - timedelta(minutes=30)
    told = {"agent": "anna", "outcome": "answered", "talked_ms": 60_000, "caller": "+491709876543"}
    await office.had_call("K1001", "vz-0", begun, picked_up_at=begun, **told)
    at_desk.talks()
    async with asking(office, "anna") as anna:
        assert "9876543" in "".join((await anna.gets("/desk"))[2].split())
        await is_old(office, SHIFT)
        assert (await anna.gets("/desk", call="vz-0"))[0] == 303
        assert (await anna.gets("/desk", call="vz-1"))[0] == 200
        _, _, page = await anna.gets("/desk")
        assert ("/desk/calls/vz-0/form" in page, "9876543" in page, "noch abzuschließen" in page) == (
            False,
            False,
            True,
        )
        async with anna.client.get(office.url + "/desk/calls/vz-0/form", headers={"HX-Request": "true"}) as answer:
            assert answer.status == 423


async def test_a_form_whose_text_cannot_be_kept_stays(office: Office, browser: Browser) -> None:
    """Where Anna has written for an earlier call as the next one came; by key, by button, and after a save in vain."""
    await hire(office)
    async with at_work(office, browser) as anna:
        anna.talks()
        await anna.visitor.fills(text="Eine Torte")
        await expect(anna.note.locator("[data-kept]")).to_have_text("Entwurf gesichert")
        anna.ends()
        anna.talks("vz-2")
        await expect(anna.note.locator("[data-other]")).to_be_visible()
        await anna.page.route("**/desk/calls/**", lambda route: route.fulfill(status=409))
        await anna.visitor.fills(text="Eine Torte mit Nüssen")
        text, lost = anna.note.locator("[name=text]"), anna.page.locator("#lost")
        await anna.presses("Escape", "m")
        await expect(lost).to_contain_text("Von Ihren Eingaben ist nichts verloren")
        await expect(text).to_have_value("Eine Torte mit Nüssen")
        await anna.presses("Control+Enter", "Escape", "m")
        await anna.note.get_by_role("button", name="Werbeanruf").click()
        await expect(text).to_have_value("Eine Torte mit Nüssen")
        await anna.page.unroute("**/desk/calls/**")
        await anna.presses("Escape", "m")
        await expect(text).to_have_value("")
        await expect(lost).to_be_hidden()
        assert await anna.slips() == []
    kept = await StoredDesk(office.database).draft(AgentId("anna"), CallId("vz-1"))
    assert kept["text"] == "Eine Torte mit Nüssen"


async def test_what_was_written_for_the_call_before_is_saved_in_overtime_too(office: Office, browser: Browser) -> None:
    await hire(office)
    begun = office.clock.now() - timedelta(minutes=4)
    async with at_work(office, browser) as anna:
        told = {"agent": "anna", "outcome": "answered", "talked_ms": 60_000}
        await office.had_call("K1001", "vz-0", begun, picked_up_at=begun, **told)
        await anna.had("vz-old")
        anna.talks()
        await expect(anna.part("calls").locator("a[data-form*=vz-old]")).to_be_visible()
        await anna.part("calls").locator("a[data-form*=vz-0]").click()
        await expect(anna.note).to_have_attribute("data-call", "vz-0")
        await anna.page.mouse.move(0, 0)  # nobody points at the list
        await is_old(office, SHIFT)
        await anna.visitor.fills(text="Erste Nachricht")
        await expect(anna.note.locator("[data-kept]")).to_have_text("Entwurf gesichert")
        await anna.presses("Control+Enter")
        await expect(anna.note.locator("[data-told] p")).to_have_text("Gespeichert")
        await anna.presses("Escape", "m")
        await expect(anna.note).to_have_attribute("data-call", "vz-1")
        await anna.visitor.fills(text="Zweite Nachricht")
        await expect(anna.part("calls").locator("a[data-form*=vz-old]")).to_have_count(0)
        anna.ends()
        await anna.presses("Control+Enter")
        await expect(anna.note.locator("[data-told] p")).to_have_text("Gespeichert")
    assert [slip.text for slip in await anna.slips()] == ["Zweite Nachricht", "Erste Nachricht"]
