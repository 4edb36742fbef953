"""Why no call comes for a moment, and who listens in: seen and ended where it is, at the desk and on the board."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from engine.acd.agents import BROWSER_CLOSED, SESSION_OVER, HeldOff
from engine.ports.supervision import Listener
from engine.terms import AgentId, AgentState
from tests.web.asking import asking
from tests.web.board_scenes import leading, promote
from tests.web.desk_scenes import KORN, at_work, hire
from tests.web.desks import an_agent
from tests.web.office import Office

pytestmark = pytest.mark.asyncio(loop_scope="session")
ANNA = AgentId("anna")


async def test_who_has_missed_a_call_reads_why_none_comes_and_until_when(office: Office, browser: Browser) -> None:
    await hire(office)
    async with at_work(office, browser) as anna:
        until = office.clock.now() + timedelta(seconds=30)
        rests = replace(office.desks.agents[ANNA], held_off_until=until, why_held_off=HeldOff.MISSED)
        office.desks.works(rests)
        state = anna.part("state")
        await expect(state).to_contain_text("Ein Anruf wurde nicht angenommen. Der nächste kommt in 0:")
        assert await anna.visitor.violations() == []
        office.desks.works(replace(rests, held_off_until=None, why_held_off=None))
        await expect(state).not_to_contain_text("Der nächste kommt")


@pytest.mark.parametrize(
    "more",
    [
        {"state": AgentState.OFFLINE, "reason": SESSION_OVER},
        {"reachable": False},
        {"why_held_off": HeldOff.LOST},
        {"state": AgentState.TALKING, "heard_by": "Konstantin Freudenreich", "wish": AgentState.PAUSED},
    ],
    ids=lambda more: next(reversed(more)),
)
async def test_all_that_is_said_of_the_own_state_can_be_read(
    more: dict[str, Any], office: Office, browser: Browser
) -> None:
    until = office.clock.now() + timedelta(minutes=2) if "why_held_off" in more else None
    await hire(office, held_off_until=until, **more)
    async with at_work(office, browser) as anna:
        head = anna.part("state").locator(".head")
        await expect(head.locator(".state").nth(1)).to_be_visible()
        assert await head.evaluate("one => one.scrollHeight <= one.clientHeight"), await head.inner_text()


async def test_the_supervisor_reads_why_an_agent_gets_no_call(office: Office, browser: Browser) -> None:
    await promote(office)
    until = office.clock.now() + timedelta(seconds=30)
    office.desks.works(an_agent("anna", "Anna Lindner", held_off_until=until, why_held_off=HeldOff.REJECTED))
    office.desks.works(an_agent("ben", "Ben Otto", AgentState.OFFLINE, reason=BROWSER_CLOSED))
    async with leading(office, browser) as sven:
        await expect(sven.row("anna")).to_contain_text("Ein Anruf wurde abgelehnt. Der nächste kommt in 0:")
        await expect(sven.row("ben")).to_contain_text("abgemeldet: Browser geschlossen")
        assert await sven.visitor.violations() == []


async def test_listening_is_ended_at_the_row_of_who_is_heard_by_who_listens(office: Office, browser: Browser) -> None:
    await promote(office)
    await hire(office)
    async with leading(office, browser) as sven:
        sven.talks()
        await sven.row("anna").locator("[data-act=listen]").click()
        end = sven.row("anna").locator("[data-act=unlisten]")
        await expect(end).to_be_visible()
        assert await sven.visitor.violations() == []
        await end.click()
        await expect(sven.told).to_contain_text("Sie hören nicht mehr mit.")
        await expect(end).to_have_count(0)
        call = office.desks.agents[ANNA].call
        assert call
        office.desks.listens(Listener(AgentId("somebody"), ANNA, call.id, office.clock.now()))
        await expect(sven.row("anna")).to_contain_text("somebody hört mit")
        await expect(end).to_be_hidden()
    assert office.desks.orders[-1] == ("stop_listening", "sven")


async def test_who_listens_ends_it_at_the_own_desk_by_key(office: Office, browser: Browser) -> None:
    await promote(office, listens_to="Anna Lindner")
    async with at_work(office, browser, "sven") as sven:
        state = sven.part("state")
        await expect(state).to_contain_text("Sie hören bei Anna Lindner mit")
        assert await sven.visitor.violations() == []
        async with sven.page.expect_response("**/desk/listening/stop"):
            await sven.presses("e")
    assert office.desks.orders == [("stop_listening", "sven")]
    await hire(office)
    async with asking(office, "anna") as anna:
        assert (await anna.sends("/desk/listening/stop"))[0] == 403, "whoever leads nobody"
        assert ">mithören<" not in (await anna.gets("/desk"))[2]


async def test_what_comes_in_above_moves_neither_focus_nor_what_is_open(office: Office, browser: Browser) -> None:
    await hire(office)
    await office.set("K1001", KORN)
    async with at_work(office, browser) as anna:
        anna.talks()
        await anna.presses("2")
        parking = anna.page.locator("[data-panel='2'] details", has_text="Wo kann ich parken?")
        await parking.locator("summary").click()
        await expect(parking.locator("summary")).to_be_focused()
        await office.set("K1001", {**KORN, "faq": [{"heading": "Neu?", "text": "Ja."}, *KORN["faq"]]})
        details = anna.page.locator("[data-panel='2'] details")
        await expect(details).to_have_count(3)
        assert [await one.get_attribute("open") is not None for one in await details.all()] == [False, False, True]
        await expect(parking.locator("summary")).to_be_focused()
        await office.set("K1001", {**KORN, "faq": list(reversed(KORN["faq"]))})
        await expect(details).to_have_count(2)
        assert [await one.get_attribute("open") is not None for one in await details.all()] == [True, False]
        await expect(parking.locator("summary")).to_be_focused()
        await expect(details.locator("p").first).to_have_text("Im Hof.")


async def test_in_a_call_a_narrow_desk_begins_with_the_caller_and_the_message(office: Office, browser: Browser) -> None:
    await hire(office)
    await office.set("K1001", KORN)
    async with at_work(office, browser, size="phone") as anna:

        async def tops() -> list[str]:
            """The three columns as they are read."""
            places = {one: await anna.page.locator(f".{one}").bounding_box() for one in ("left", "middle", "right")}
            return sorted(places, key=lambda one: places[one]["y"])

        assert await tops() == ["left", "middle", "right"], "without a call first of all the own state"
        anna.rings()
        await expect(anna.part("call").locator(".greeting")).to_be_in_viewport()
        assert await tops() == ["middle", "right", "left"]
        anna.picks_up()
        await expect(anna.part("call").locator(".greeting")).to_be_in_viewport()
        assert await tops() == ["middle", "right", "left"]
