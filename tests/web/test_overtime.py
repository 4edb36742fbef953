"""An agent's shift at the screen is over in the middle of a talk: the caller and the message are not lost by it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect
from sqlalchemy import update

from engine.acd.agents import SESSION_OVER
from engine.store.tables import sessions
from engine.terms import AgentState, UserId
from engine.web import desk_phone
from engine.web.desk import events
from engine.web.session import SESSION
from tests.web.asking import asking
from tests.web.desk_scenes import KORN, AtWork, at_work, hire
from tests.web.desks import an_agent
from tests.web.office import PASSWORD, Office
from tests.web.phone_switch import LIMIT, Switch, phone
from tests.web.test_desk_live import Listener

pytestmark = pytest.mark.asyncio(loop_scope="session")
SHIFT = timedelta(hours=12)
SOON = 0.2
"""Seconds between two looks at the session."""


async def is_old(office: Office, age: timedelta) -> None:
    """Every session of the house was begun so long ago."""
    async with office.database.writing() as connection:
        await connection.execute(update(sessions).values(created_at=office.clock.now() - age))


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits five seconds."""
    monkeypatch.setattr(events, "GUARD", SOON)
    monkeypatch.setattr(events, "BEAT", SOON)
    monkeypatch.setattr(desk_phone, "LOOK", SOON)


async def test_the_talk_in_which_the_shift_ends_is_brought_to_its_end_and_so_is_its_message(office: Office) -> None:
    await hire(office)
    AtWork(None, office).rings()  # type: ignore[arg-type]
    office.desks.picks_up("anna", office.clock.now() - timedelta(seconds=5))
    async with asking(office, "anna") as anna:
        await is_old(office, SHIFT + timedelta(seconds=1))
        reading = Listener(office, anna.token).reads()
        assert (await anext(reading))[0] == "look"
        async with asyncio.timeout(LIMIT):
            await office.phone_line.left_one.wait()
        assert set(office.phone_line.left) == {("anna", SESSION_OVER)}, "the next caller is another agent's"
        for path in ("/desk", "/desk/phone", "/desk/calls/vz-1/form"):
            assert (await anna.gets(path))[0] == 200, f"{path} may be loaded anew"
        for path in ("/desk/days", "/account", "/desk/calls/vz-0/form"):
            assert (await anna.gets(path))[:2] == (303, f"/sign-in?next={path}"), path
        AtWork(None, office).ends()  # type: ignore[arg-type]
        assert (await anna.gets("/desk/form"))[0] == 200
        assert (await anna.sends("/desk/calls/vz-1/message", key="k1", urgency="normal", text="Eine Torte."))[0] == 200
        async with asyncio.timeout(LIMIT):
            names = [name async for name, _ in reading]
        assert names[-1] == "over"
        assert (await anna.gets("/desk/form"))[0] == 303, "all is said"
    (slip,) = await AtWork(None, office).slips()  # type: ignore[arg-type]
    assert slip.text == "Eine Torte."


@pytest.mark.parametrize(
    ("age", "talks"), [(SHIFT, False), (SHIFT + timedelta(hours=2), True)], ids=["without a talk", "two hours later"]
)
async def test_a_session_holds_on_for_a_talk_alone_and_not_for_ever(
    office: Office, age: timedelta, talks: bool
) -> None:
    await hire(office)
    if talks:
        AtWork(None, office).talks()  # type: ignore[arg-type]
    async with asking(office, "anna") as anna:
        await is_old(office, age)
        assert (await anna.gets("/desk/form"))[0] == 303
        assert (await anna.sends("/desk/calls/vz-1/message", key="k1", urgency="normal", text="x"))[0] == 303


async def test_who_talked_long_before_and_never_closed_the_call_is_signed_out_in_time(office: Office) -> None:
    await hire(office)
    at_desk, now = AtWork(None, office), office.clock.now()  # type: ignore[arg-type]
    at_desk.rings()
    office.desks.picks_up("anna", now - timedelta(minutes=40))
    office.desks.hangs_up("anna", now - timedelta(minutes=30))
    async with asking(office, "anna") as anna:
        await is_old(office, SHIFT)
        assert (await anna.gets("/desk/form"))[0] == 303


async def test_what_is_ended_by_somebody_ends_all_but_the_voice(office: Office, switch: Switch) -> None:
    office.desks.works(an_agent("anna", "Anna Lindner"))
    AtWork(None, office).talks()  # type: ignore[arg-type]
    office.phone_line.states["anna"] = AgentState.TALKING
    user = await office.accounts.user_of("anna@ours.example")
    assert user
    async with phone(office) as socket, asking(office, "anna@ours.example") as anna:
        reading = Listener(office, anna.token).reads()
        await anext(reading)
        await office.accounts.sign_out_everywhere(user.id)
        async with asyncio.timeout(LIMIT):
            assert [name async for name, _ in reading][-1:] == ["over"]
        assert (await anna.sends("/desk/calls/vz-1/message", key="k1", urgency="normal", text="x"))[0] == 303
        async with asyncio.timeout(LIMIT):
            await office.phone_line.left_one.wait()
        await socket.send_str("BYE is to come yet")
        assert await socket.receive_str(timeout=LIMIT) == "heard BYE is to come yet"
        office.phone_line.states["anna"] = AgentState.OFFLINE
        await socket.receive(timeout=LIMIT)
        assert socket.close_code == 4401


async def test_the_desk_tells_before_and_who_signs_in_anew_loses_nothing(office: Office, browser: Browser) -> None:
    await hire(office)
    await office.set("K1001", KORN)
    async with at_work(office, browser) as anna:
        anna.talks()
        await anna.page.fill("[name=text]", "Eine Torte")
        ends = anna.page.locator("#ends")
        await expect(ends).to_be_hidden()
        await is_old(office, SHIFT - timedelta(minutes=9))
        await expect(ends).to_contain_text("Ihre Anmeldung endet um ")
        assert await anna.visitor.violations() == []
        async with anna.page.context.expect_page() as opened:
            await ends.locator("a").click()
        second = await opened.value
        await second.fill("[name=login]", "anna")
        await second.fill("[name=password]", PASSWORD)
        await second.locator("main button:not(.away)").click()
        await expect(second.locator("main")).to_contain_text("Ihre Anmeldung gilt bis")
        old = (await office.accounts.sessions(await user_id(office)))[-1]
        await second.close()
        await anna.page.evaluate("window.dispatchEvent(new Event('focus'))")
        await expect(ends).to_be_hidden()
        await office.accounts.end_session(await user_id(office), old.id)
        await anna.page.fill("[name=text]", "Eine Torte mit Nüssen")
        await anna.presses("Control+Enter")
        await expect(anna.note.locator("[data-told] p")).to_have_text("Gespeichert")
        anna.ends()
        await expect(anna.part("state").locator(".big")).to_have_text("bereit")
        await expect(anna.page.locator("#lost")).to_be_hidden()
    assert [slip.text for slip in await anna.slips()] == ["Eine Torte mit Nüssen"]


async def test_a_desk_whose_session_ends_while_another_is_there_goes_on_with_that(
    office: Office, browser: Browser
) -> None:
    """Nobody has looked at the page in between, so it has not asked."""
    await hire(office)
    async with at_work(office, browser) as anna:
        user = await user_id(office)
        (old,) = await office.accounts.sessions(user)
        signed = await office.accounts.sign_in("anna", PASSWORD, address="192.0.2.1", device="test")
        (cookie,) = [one for one in await anna.page.context.cookies() if one["name"] == SESSION]
        await anna.page.context.add_cookies([{**cookie, "value": signed.token}])
        await office.accounts.end_session(user, old.id)
        anna.talks()
        await expect(anna.part("state").locator(".big")).to_have_text("im Gespräch")
        await expect(anna.page.locator("#lost")).to_be_hidden()


async def user_id(office: Office) -> UserId:
    """Anna's."""
    user = await office.accounts.user_of("anna")
    assert user
    return user.id
