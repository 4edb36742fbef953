"""A supervisor's day at the board, on the real switch: whom he moves, gives away, picks up and listens to, all by keys.

Rule of this file: a real browser at the board of a real engine, a SIP phone beside it; the trail says who ordered what,
by the login.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests.stories.installation import Installation
from tests.stories.listening import SUPERVISOR_HZ, Talk
from tests.stories.people import Agent, Caller
from tests.stories.scene import Scene, story
from tests.stories.test_first_day import chooses_a_password
from tests.stories.test_line import FIRST, SECOND, TALKED, THIRD, arrived, ends, lined_up, took
from tests.web.browsing import Visitor, chromium, visiting

FOURTH = "+491704444444"
SHOWN = {FIRST: "+49 170 1111111", SECOND: "+49 170 2222222", THIRD: "+49 170 3333333", FOURTH: "+49 170 4444444"}
AGREED: dict[str, Any] = {"listening_in": True, "wait": {"treatment": "ringing"}}


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture
async def scene(listening_house: Installation) -> AsyncIterator[Scene]:
    """A story at an installation in which supervisors may listen in."""
    async with story(listening_house) as scene:
        yield scene


class Board:
    """The page, with a supervisor before it who uses the keyboard."""

    def __init__(self, visitor: Visitor, login: str) -> None:
        self.visitor, self.login, self.page = visitor, f"board-{login}", visitor.page

    async def opens(self, scene: Scene) -> None:
        """The supervisor's user is made on the command line, and signs in."""
        agent = self.login.removeprefix("board-")
        who = ("--name", agent.title(), "--role", "supervisor", "--agent", agent)
        code, said, complained = await scene.installation.vorzimmer("user", "add", self.login, *who)
        assert code == 0, complained
        await chooses_a_password(self.visitor, said.splitlines()[1])
        await self.visitor.opens("/desk/board")

    async def presses(self, *keys: str) -> None:
        """One after the other."""
        for key in keys:
            await self.page.keyboard.press(key)

    async def reads(self, told: str) -> None:
        """What came of the order."""
        await expect(self.page.locator("#told")).to_have_text(told)

    async def sees_waiting(self, *callers: str) -> None:
        """These, in this order, and nobody else."""
        rows = self.page.locator("[data-list=waiting] > li")
        await expect(rows).to_contain_text([SHOWN[one] for one in callers])

    def waiting(self, caller: str) -> Locator:
        """The row of this caller."""
        return self.page.locator("[data-list=waiting] > li", has_text=SHOWN[caller])

    def agent(self, agent: Agent) -> Locator:
        """The row of this agent."""
        return self.page.locator(f"[data-list=team] > li[data-key={agent.login}]")

    async def is_at(self, row: Locator) -> None:
        """The keys count for this row."""
        await expect(row).to_be_focused()


async def is_busy(scene: Scene, agent: Agent) -> Caller:
    """The first caller talks with this agent."""
    (caller,) = await lined_up(scene, FIRST)
    await agent.takes_the_call()
    await caller.hears_the_agent()
    await scene.waiting(0)
    return caller


async def moves_the_third_to_the_front(board: Board) -> None:
    """While the row is looked at the order stays; then it is the one in which they are served."""
    await board.sees_waiting(SECOND, THIRD, FOURTH)
    await board.presses("w", "ArrowDown", "ArrowDown")
    await board.is_at(board.waiting(FOURTH))
    await board.presses("v")
    await board.reads("Der Anrufer kommt als nächster dran.")
    await expect(board.waiting(FOURTH)).to_contain_text("kommt zuerst dran")
    await board.presses("Escape")
    await board.sees_waiting(FOURTH, SECOND, THIRD)


async def keeps_the_next_one_for(board: Board, busy: Agent) -> None:
    """The second row is for the one agent who is at work."""
    await board.presses("w", "ArrowDown")
    await board.is_at(board.waiting(SECOND))
    await board.presses("z")
    await expect(board.page.locator("[data-choice] button")).to_have_text([f"{busy.login.title()} im Gespräch"])
    await expect(board.page.locator("[data-choice] button")).to_be_focused()
    await board.presses("Enter")
    await board.reads("Der Anrufer geht an diesen Agenten: sofort oder als nächster.")
    await expect(board.waiting(SECOND)).to_contain_text(f"vorgemerkt für {busy.login.title()}")


async def picks_up_the_last(board: Board, sven: Agent, caller: Caller) -> None:
    """With the own phone."""
    await board.presses("w", "ArrowDown", "ArrowDown")
    await board.is_at(board.waiting(THIRD))
    await board.presses("a")
    await board.reads("Ihr Telefon klingelt für diesen Anrufer.")
    await sven.takes_the_call()
    assert sven.call.number == THIRD
    await caller.hears_something()
    await sven.hears_the_caller()
    await expect(board.agent(sven)).to_have_attribute("data-state", "talking")


@pytest.mark.timeout(180)
async def test_three_wait_and_the_supervisor_sees_to_each(scene: Scene, browser: Browser) -> None:
    scene.has_customer(**AGREED)
    anna, ben, sven = await scene.hires("anna"), await scene.hires("ben"), await scene.hires("sven", hz=SUPERVISOR_HZ)
    await scene.opens(anna)
    await sven.becomes("pause")
    url = f"http://127.0.0.1:{scene.installation.settings['WEB_PORT']}"
    async with visiting(browser, url) as visitor:
        board = Board(visitor, "sven")
        await board.opens(scene)
        first = await is_busy(scene, anna)
        second, third, fourth = await lined_up(scene, SECOND, THIRD, FOURTH)
        await moves_the_third_to_the_front(board)
        await keeps_the_next_one_for(board, anna)
        await picks_up_the_last(board, sven, third)
        await board.sees_waiting(FOURTH, SECOND)

        await board.presses("g", "ArrowDown")
        await board.is_at(board.agent(ben))
        await board.presses("b")
        await board.reads("Der Zustand des Agenten ist geändert.")
        await ben.takes_the_call()
        assert ben.call.number == FOURTH
        await ends(ben, fourth)
        await ben.is_("ready")
        await scene.waiting(1)  # the one whom Anna gets, though Ben is free
        await anna.hangs_up()
        await first.is_hung_up_on()
        await anna.takes_the_call()
        assert anna.call.number == SECOND
        await ends(anna, second)
        await sven.hangs_up()
        await third.is_hung_up_on()
        await sven.is_("paused")
        await expect(board.page.get_by_text("Niemand wartet.")).to_be_visible()
        assert await visitor.violations() == []
    by = "by board-sven"
    assert await scene.trails() == [
        [*arrived(FIRST), "ringing_agent anna", "180", *took("anna")[1:]],
        [*arrived(SECOND), "180", f"assigned anna {by}", *took("anna")],
        [*arrived(THIRD), "180", f"assigned sven {by}", *took("sven")],
        [*arrived(FOURTH), "180", f"to_front {by}", *took("ben")],
    ]


@pytest.mark.timeout(180)
async def test_the_supervisor_listens_in_and_stops(scene: Scene, browser: Browser) -> None:
    scene.has_customer(**AGREED)
    anna, vera = await scene.hires("anna"), await scene.hires("vera", hz=SUPERVISOR_HZ)
    await scene.opens(anna)
    await vera.becomes("pause")
    url = f"http://127.0.0.1:{scene.installation.settings['WEB_PORT']}"
    async with visiting(browser, url) as visitor:
        board = Board(visitor, "vera")
        await board.opens(scene)
        talk = Talk(scene, anna, vera, await is_busy(scene, anna))
        await expect(board.agent(anna)).to_have_attribute("data-state", "talking")
        await board.presses("g")
        await board.is_at(board.agent(anna))
        await board.presses("l")
        await board.reads("Ihr Telefon klingelt. Sie hören das Gespräch, sobald beide es gesagt bekommen haben.")
        await vera.takes_the_call()
        await talk.both_are_told()
        await talk.hears_both()
        await expect(board.agent(anna)).to_contain_text("Vera hört mit")
        await board.presses("x")
        await board.reads("Sie hören nicht mehr mit.")
        await vera.rings_no_more()
        await talk.goes_on()
        await expect(board.agent(anna)).not_to_contain_text("hört mit")
        await talk.caller.hangs_up()
        await anna.rings_no_more()
        await vera.is_("paused")
    heard = ["listening_ordered vera to anna, ordered by board-vera", "listening_announced", "listening_began vera"]
    talked = ["ringing_agent anna", "180", "picked_up anna", "200", *heard, "listening_over vera, stopped"]
    assert await scene.trails() == [[*arrived(FIRST), *talked, "caller_left", *TALKED[1:]]]
