"""An agent signs out, or the session ends: no call comes any more, and no caller is lost by one click."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from playwright.async_api import Browser, expect
from sqlalchemy import delete
from structlog.testing import capture_logs

from engine.acd.agents import BROWSER_CLOSED, SESSION_OVER, SIGNED_OUT
from engine.store.tables import one_time_links
from engine.terms import AgentState
from engine.web import desk_phone, live
from engine.web.session import SESSION
from tests.web.asking import Asker, asking
from tests.web.desk_scenes import AtWork, at_work, hire
from tests.web.desks import an_agent
from tests.web.office import Office
from tests.web.phone_switch import LIMIT, Switch, phone
from tests.web.test_desk_live import Listener, token_of
from tests.web.test_overtime import SHIFT, is_old

OURS = {"Sec-Fetch-Site": "same-origin"}
pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_who_signs_out_takes_no_more_calls(office: Office, petra: Asker) -> None:
    await hire(office)
    async with asking(office, "anna") as anna:
        assert (await anna.sends("/sign-out"))[0] == 303
        assert (await anna.sends("/sign-out"))[0] == 303, "twice"
    assert (await petra.sends("/sign-out"))[0] == 303, "who is no agent"
    assert office.phone_line.left == [("anna", SIGNED_OUT)]


async def test_who_signs_out_while_the_store_is_locked_is_gone_all_the_same(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hire(office)
    monkeypatch.setattr(live, "PATIENCE", 0.1)
    async with asking(office, "anna") as anna:
        async with office.database.writing() as other:
            await other.execute(delete(one_time_links))
            with capture_logs() as logged:
                sent = anna.client.post(office.url + "/sign-out", headers=OURS, allow_redirects=False)
                async with sent as answer:
                    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in")
                    kept = {name: one.value for name, one in answer.cookies.items()}
            assert office.phone_line.left == [("anna", SIGNED_OUT)]
        assert [(one["event"], one["why"]) for one in logged] == [("session_not_ended", "too slow")]
    async with aiohttp.ClientSession(cookies=kept) as browser, browser.get(office.url + "/sign-in") as answer:
        assert "Sie sind in diesem Browser abgemeldet." in await answer.text()
    assert kept[SESSION] == "", "the browser forgets it"


async def test_in_a_call_signing_out_asks_at_the_desk(office: Office, browser: Browser) -> None:
    await hire(office)
    async with at_work(office, browser) as anna:
        anna.talks()
        await expect(anna.part("state").locator("[data-state=talking]")).to_be_visible()
        out = anna.page.locator(".who button")
        asked = anna.page.locator("#leaving")
        await out.click()
        await expect(asked).to_contain_text("Sie sind in einem Gespräch.")
        await expect(asked.locator("[data-leave=after]")).to_be_focused()
        assert await anna.visitor.violations() == []
        await anna.presses("Escape")
        await expect(asked).to_be_hidden()
        await expect(out).to_be_focused()
        await anna.presses("Enter")
        await asked.get_by_role("button", name="Nach dem Anruf abmelden").click()
        await expect(anna.part("state").locator(".after")).to_contain_text("nach dem Anruf: abgemeldet")
        await expect(asked).to_be_hidden()
        assert office.phone_line.left == []
        await out.click()
        await asked.get_by_role("button", name="Jetzt abmelden").click()
        await anna.page.wait_for_url("**/sign-in")
    assert office.phone_line.left == [("anna", SIGNED_OUT)]


async def test_in_a_call_signing_out_asks_without_a_script_too(office: Office) -> None:
    await hire(office)
    AtWork(None, office).talks()  # type: ignore[arg-type]
    async with asking(office, "anna") as anna:
        status, _, page = await anna.sends("/sign-out")
        assert (status, "danach sind Sie abgemeldet" in page) == (200, True)
        assert (await anna.gets("/desk"))[0] == 200
        assert (await anna.sends("/sign-out", sure="yes"))[0] == 303
    assert office.phone_line.left == [("anna", SIGNED_OUT)]


async def test_after_the_shift_too_where_the_talk_is_still_brought_to_its_end(office: Office) -> None:
    await hire(office)
    AtWork(None, office).talks()  # type: ignore[arg-type]
    async with asking(office, "anna") as anna:
        await is_old(office, SHIFT)
        assert (await anna.sends("/sign-out"))[0] == 200, "it asks"
        assert (await anna.gets("/desk"))[0] == 200
        assert (await anna.sends("/sign-out", sure="yes"))[0] == 303
        assert (await anna.gets("/desk"))[0] == 303
    assert office.phone_line.left == [("anna", SIGNED_OUT)]


async def test_who_signs_out_in_a_second_browser_works_on_at_the_first(office: Office) -> None:
    await hire(office)
    async with asking(office, "anna") as first, asking(office, "anna") as second:
        assert (await second.sends("/sign-out"))[0] == 303
        assert office.phone_line.left == []
        assert (await first.gets("/desk"))[0] == 200
        assert (await first.sends("/sign-out"))[0] == 303
    assert office.phone_line.left == [("anna", SIGNED_OUT)]


async def test_what_rings_as_one_signs_out_at_another_page_is_another_agents_at_once(
    office: Office, switch: Switch
) -> None:
    """Nobody waits for the next look at the session, which is made every five seconds."""
    office.desks.works(an_agent("anna", "Anna Lindner"))
    async with asking(office, "anna@ours.example") as anna, phone(office, token=anna.token) as socket:
        office.phone_line.states["anna"] = AgentState.RINGING
        async with asyncio.timeout(desk_phone.LOOK / 2):
            assert (await anna.sends("/sign-out", sure="yes"))[0] == 303
            await socket.receive()
        assert socket.close_code == 4401
    assert office.phone_line.left[0] == ("anna", SIGNED_OUT), "what the socket says then comes too late"
    assert office.phone_line.told[:3] == ["opened anna", "closed anna", "lost anna"]


async def test_whose_session_is_ended_takes_no_more_calls_if_it_was_the_last(office: Office) -> None:
    await hire(office)
    user = await office.accounts.user_of("anna")
    assert user
    tokens = [await token_of(office, "anna") for _ in range(2)]
    for n, token in enumerate(tokens):
        reading = Listener(office, token).reads()
        assert (await anext(reading))[0] == "look"
        await office.accounts.sign_out(token)
        assert [name async for name, _ in reading] == ["over"]
        assert office.phone_line.left == [("anna", SESSION_OVER)] * n


async def test_whose_phone_alone_is_open_takes_no_more_calls_either(
    office: Office, switch: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_phone, "LOOK", 0.05)
    anna = await office.accounts.user_of("anna@ours.example")
    assert anna
    async with phone(office):
        await office.accounts.sign_out_everywhere(anna.id)
        async with asyncio.timeout(LIMIT):
            await office.phone_line.left_one.wait()
    assert office.phone_line.left == [("anna", SESSION_OVER)]


async def test_who_is_back_reads_since_when_and_why_and_is_ready_by_one_key(office: Office, browser: Browser) -> None:
    since = office.clock.now()
    await hire(office)
    away = an_agent("anna", "Anna Lindner", AgentState.OFFLINE, since=since, reason=BROWSER_CLOSED, reachable=False)
    office.desks.works(away)
    async with at_work(office, browser) as anna:
        state = anna.part("state")
        await expect(state.locator(".big")).to_have_text("abgemeldet")
        await expect(state.locator(".after")).to_contain_text(": Browser geschlossen")
        await expect(state).to_contain_text("Kein Anruf, bis Sie wieder bereit sind.")
        await expect(anna.part("team")).to_contain_text("abgemeldet: Browser geschlossen")
        await anna.presses("b")
        await expect(state.locator(".big")).to_have_text("bereit")
