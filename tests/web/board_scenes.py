"""Supervisors before the board: who leads, who works, who waits.

Rule of this file: what happens on the floor is told to the telephone system, and reaches the board as it does in life.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from playwright.async_api import Browser, Locator

from engine.accounts import Role
from engine.ports.supervision import WaitingCall
from engine.service.catalogue import CatalogueService
from engine.store.catalogue import StoredCatalogue
from engine.terms import AgentId, AgentState
from tests.catalogue import RULES
from tests.web.browsing import Visitor, visiting
from tests.web.desks import a_call, an_agent
from tests.web.floor import a_caller
from tests.web.office import PASSWORD, Office

SVEN = "agents: [{login: sven, name: Sven Sommer, phone: {kind: browser}}]"


async def appoint(office: Office) -> None:
    """Sven can sign in as who leads the agents."""
    if await office.accounts.user_of("sven") is None:
        await CatalogueService(StoredCatalogue(office.database), RULES).import_text(SVEN)
        _, link = await office.accounts.add_user("sven", "Sven Sommer", Role.SUPERVISOR, agent=AgentId("sven"))
        await office.accounts.redeem(link, PASSWORD)


async def promote(office: Office, **more: Any) -> None:
    """He is an agent, too: on a break, unless said otherwise."""
    await appoint(office)
    told = {"since": office.clock.now() - timedelta(minutes=4), "reason": "meeting", **more}
    office.desks.works(an_agent("sven", "Sven Sommer", told.pop("state", AgentState.PAUSED), **told))


def caller(office: Office, n: int, seconds: float, **more: Any) -> WaitingCall:
    """The n-th caller, who has come so many seconds ago; every other one for the other customer."""
    number = ("K1001", "K1002")[n % 2]
    of_call = {"caller": f"+49302312{n:04}", "number": number, "name": ("Bäckerei Korn", "Kanzlei Lot")[n % 2]}
    of_call |= more.pop("of_call", {})
    arrived = office.clock.now() - timedelta(seconds=seconds)
    return a_caller(f"vz-{n}", office.customers[number], arrived, **{"of_call": of_call, **more})


@dataclass
class AtBoard:
    """A supervisor before the board."""

    visitor: Visitor
    office: Office

    @property
    def page(self) -> Any:
        """The browser's."""
        return self.visitor.page

    @property
    def told(self) -> Locator:
        """What came of the last order."""
        found: Locator = self.visitor.page.locator("#told")
        return found

    def row(self, key: str) -> Locator:
        """A caller's or agent's."""
        found: Locator = self.visitor.page.locator(f"[data-list] > [data-key='{key}']")
        return found

    async def order(self) -> list[str]:
        """Who stands in the line, as it is seen."""
        told = "rows => rows.map(row => row.dataset.key)"
        return list(await self.visitor.page.locator("[data-list=waiting] > li").evaluate_all(told))

    async def presses(self, *keys: str) -> None:
        """Without a mouse."""
        for key in keys:
            await self.visitor.page.keyboard.press(key)

    def talks(self, login: str = "anna", call: str = "vz-90") -> None:
        """This agent is in conversation with somebody who calls Bäckerei Korn."""
        now = self.office.clock.now()
        self.office.desks.rings(login, a_call(call, self.office.customers["K1001"], now - timedelta(seconds=9)))
        self.office.desks.picks_up(login, now)


@contextlib.asynccontextmanager
async def leading(office: Office, browser: Browser, login: str = "sven", **more: Any) -> AsyncIterator[AtBoard]:
    """This supervisor has signed in, and the board is live."""
    async with visiting(browser, office.url, **more) as visitor:
        await visitor.signs_in(login, PASSWORD)
        await visitor.opens("/desk/board")
        yield AtBoard(visitor, office)
