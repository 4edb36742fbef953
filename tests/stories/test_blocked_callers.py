"""A caller who only wants to sell: marked at the desk, blocked in the portal, refused by the switch, let through again.

Rule of this file: the real switch, the real pages; nobody is answered who is blocked, and nobody's telephone rings.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.stories.people import Caller
from tests.stories.scene import NUMBER, Scene
from tests.stories.test_desk import TALKED, sits_down, state
from tests.stories.test_first_day import chooses_a_password
from tests.stories.test_safety_net import loses_its_engine, nobody_is_left, outage
from tests.web.browsing import Visitor, chromium, visiting

SALES, LINE = "+493099887799", "+493099887700"
MARK = "eva@muster.example"
WAIT = {"treatment": "delayed_connect"}


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    async with chromium() as browser:
        yield browser


async def calls(scene: Scene, caller: str | None = SALES, **headers: str) -> Caller:
    """Somebody has dialled."""
    one = await scene.caller()
    await one.dials(NUMBER, caller=caller, headers=headers)
    return one


async def marks_the_call(desk: Visitor) -> None:
    """The agent says at the desk that somebody wanted to sell something, and ticks that it is spam."""
    await desk.page.check("[name=spam]")
    await desk.page.click("[name=reason][value=sales]")
    await expect(desk.page.locator("[data-part=calls] .how")).to_have_text("Werbeanruf")


async def the_customer_signs_in(scene: Scene, visitor: Visitor) -> None:
    """Eva's user is made on the command line."""
    who = ("--name", "Eva Muster", "--role", "customer", "--customer", "K1")
    code, said, complained = await scene.installation.vorzimmer("user", "add", MARK, *who)
    assert code == 0, complained
    await chooses_a_password(visitor, said.splitlines()[1])


@pytest.mark.timeout(240)
async def test_a_marked_caller_is_blocked_in_the_portal_and_let_through_again(scene: Scene, browser: Browser) -> None:
    scene.has_customer(wait=WAIT)
    dora = await scene.hires("dora")
    await scene.opens()
    url = f"http://127.0.0.1:{scene.installation.settings['WEB_PORT']}"
    async with visiting(browser, url) as desk, visiting(browser, url) as portal:
        await sits_down(scene, desk, "dora")
        await desk.page.keyboard.press("b")
        caller = await calls(scene)
        await dora.takes_the_call()
        await state(desk, "im Gespräch")
        await caller.hangs_up()
        await dora.rings_no_more()
        await state(desk, "bereit")
        await marks_the_call(desk)

        await the_customer_signs_in(scene, portal)
        await portal.page.goto(f"{url}/notes/blocked")
        suggested = portal.page.locator("[aria-labelledby=suggested-title] li")
        await expect(suggested).to_contain_text("von Dora: Werbeanruf")
        await suggested.locator("button.danger").click()
        await expect(portal.page.locator("[aria-labelledby=blocked-title] li")).to_contain_text("+49 30 99887799")

        again = await calls(scene, Diversion=f"<sip:{LINE}@carrier.example>;reason=unconditional")
        await again.is_refused(603)
        assert again.saw == ["100", "603"]
        for other in ("+493099887798", None):
            harmless = await calls(scene, other, Diversion=f"<sip:{SALES}@carrier.example>;reason=unconditional")
            await dora.takes_the_call()
            await harmless.is_answered()
            await harmless.hangs_up()
            await dora.rings_no_more()
            await dora.is_("ready")

        await portal.page.locator("[aria-labelledby=blocked-title] button").click()
        await expect(portal.page.locator("[aria-labelledby=blocked-title] li")).to_have_count(0)
        once_more = await calls(scene)
        await dora.takes_the_call()
        await once_more.is_answered()
        await once_more.hangs_up()
        await dora.rings_no_more()
        await dora.becomes("offline")
    records, trails = await scene.records(), await scene.trails()
    assert [record.outcome for record in records] == [
        "answered", "caller_blocked", "answered", "answered", "answered"
    ]  # fmt: skip
    blocked = records[1]
    assert (blocked.agent, blocked.answered_at, blocked.first_media_at, blocked.charged_minutes) == (
        None,
        None,
        None,
        0,
    )
    arrived, customer, why, ended, charged = trails[1]
    assert (arrived, customer) == (f"arrived {SALES} for {NUMBER}", "customer K1 Muster GmbH")
    assert why.startswith(f"caller_blocked {SALES} 20") and why.endswith(f" {MARK}")
    assert (ended, charged) == ("ended caller_blocked, rejected", "charged 0 min")
    assert trails[4][1 - len(TALKED) :] == TALKED[1:]


async def test_while_no_engine_is_there_the_net_refuses_who_is_blocked(tmp_path: Path) -> None:
    async with outage(tmp_path / "vz") as scene:
        for number in (NUMBER, "+49301006"):
            scene.has_customer(number, wait=WAIT, blocked_callers=[SALES])
        await loses_its_engine(scene)
        blocked = await calls(scene)
        await blocked.is_refused(603)
        assert blocked.saw == ["100", "603"]
        harmless, hidden = await calls(scene, "+493099887798"), await calls(scene, None)
        for waiting in (harmless, hidden):
            await waiting.hears_something()
            await waiting.hangs_up()
        await nobody_is_left(scene.installation)
        await scene.installation.start()
