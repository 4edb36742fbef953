"""Agents at their desks: who works there, what the customers have told, and what calls do to it.

Rule of this file: a call of a test goes the way that every call goes: rings, is picked up, ends.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from playwright.async_api import Browser, Locator

from engine.accounts import Role
from engine.message.slip import Slip
from engine.ports.messages import Wanted
from engine.service.catalogue import CatalogueService
from engine.store.catalogue import StoredCatalogue
from engine.terms import AgentId, AgentState
from engine.web.session import SESSION
from tests.catalogue import RULES
from tests.customers import SUPPORT
from tests.web.browsing import Visitor, visiting
from tests.web.desks import a_call, an_agent
from tests.web.office import PASSWORD, Office

JONAS = "agents: [{login: jonas, name: Jonas Petersen, phone: {kind: browser}}]"
ALBERS = "+493023125081"
"""A caller whom the customer has a note about."""
DEAR = {"lines": ["+491805123456"], "wait": {"treatment": "delayed_connect", "max_wait": 120}}
"""A line whose callers pay by the minute."""
KORN: Mapping[str, Any] = {
    "greeting": "Bäckerei Korn, mein Name ist {agent}, guten Tag.",
    "absence_reason": "Alle backen.",
    "back_from_text": "ab 16 Uhr",
    "instructions": "Bestellungen bitte immer mit Uhrzeit der Abholung aufnehmen.",
    "contacts": [
        {
            "name": "Eva Korn", "position": "Bäckermeisterin", "department": "Backstube", "tasks": "Torten",
            "phone": "+493023125011", "fax": "+493023125019", "mail": "eva@korn.example", "hidden": ["phone", "tasks"],
            "absence": {"reason": "Urlaub", "until": "2099-01-04 08:00", "deputy": "Max Korn"},
            "notify": {"sms": "+491713920011"}, "hours": {"mon-sun": ["00:00-24:00"]},
        },
        {
            "name": "Max Korn", "position": "Verkauf", "phone": "+493023125012", "hours": {"mon-sun": ["00:00-24:00"]},
            "notify": {"mail": ["max@korn.example"]},
        },
    ],
    "company": {"name": "Bäckerei Korn GmbH", "address": "Mühlenweg 3\n10115 Berlin", "web": "www.korn.example"},
    "vip_notes": [
        {"who": "Frau Krüger", "message": "Bitte die Backstube rufen."},
        {"who": "Herr Albers", "numbers": [ALBERS], "message": "Die Torte ist fertig."},
    ],
    "faq": [
        {"heading": "Gibt es glutenfreies Brot?", "text": "Ja, dienstags und freitags."},
        {"heading": "Wo kann ich parken?", "text": "Im Hof."},
    ],
}  # fmt: skip
"""What Bäckerei Korn has told; Eva's telephone number and tasks are not released."""
HIDDEN = ("23125011", "23 125011", "Torten", "1713920011", "max@korn.example")
"""Of it what must not reach an agent, in parts that are found however they are written."""


async def hire(office: Office, login: str = "anna", name: str = "Anna Lindner", **more: Any) -> None:
    """An agent who can sign in and is ready."""
    if login != "anna":
        await CatalogueService(StoredCatalogue(office.database), RULES).import_text(JONAS)
    if await office.accounts.user_of(login) is None:
        _, link = await office.accounts.add_user(login, name, Role.AGENT, agent=AgentId(login))
        await office.accounts.redeem(link, PASSWORD)
    told = {"since": office.clock.now(), **more}
    office.desks.works(an_agent(login, name, told.pop("state", AgentState.READY), **told))


@dataclass
class AtWork:
    """An agent before the desk."""

    visitor: Visitor
    office: Office
    login: str = "anna"

    @property
    def page(self) -> Any:
        """The browser's."""
        return self.visitor.page

    def part(self, name: str) -> Locator:
        """A part that changes by itself."""
        found: Locator = self.visitor.page.locator(f"[data-part={name}]")
        return found

    @property
    def note(self) -> Locator:
        """The form."""
        return self.visitor.page.locator("#message")

    def rings(self, call: str = "vz-1", customer: str = "K1001", **more: Any) -> None:
        """The telephone rings, eight seconds after the call has arrived."""
        arrived = self.office.clock.now() - timedelta(seconds=8)
        told = {"caller": ALBERS, "line": "+493099887700", **more}
        self.office.desks.rings(self.login, a_call(call, self.office.customers[customer], arrived, **told))

    def picks_up(self) -> None:
        """The receiver is taken."""
        self.office.desks.picks_up(self.login, self.office.clock.now())

    def ends(self, wrap_up: float = 0) -> None:
        """Caller and agent have parted; seconds of wrap-up."""
        now = self.office.clock.now()
        self.office.desks.hangs_up(self.login, now, now + timedelta(seconds=wrap_up) if wrap_up else None)

    def talks(self, call: str = "vz-1", **more: Any) -> None:
        """It rings, and is picked up."""
        self.rings(call, **more)
        self.picks_up()

    async def had(self, call: str) -> None:
        """An earlier call of this hour, which is to be closed yet."""
        begun = self.office.clock.now() - timedelta(minutes=20)
        told = {"agent": self.login, "outcome": "answered", "talked_ms": 60_000, "caller": ALBERS}
        await self.office.had_call("K1001", call, begun, picked_up_at=begun, **told)

    async def slips(self, customer: str = "K1001") -> list[Slip]:
        """What is stored of messages, the latest first."""
        found = await self.office.messages.page(self.office.customers[customer], Wanted(), 9, SUPPORT)
        return [one.slip for one in found]

    async def presses(self, *keys: str) -> None:
        """Without a mouse."""
        for key in keys:
            await self.visitor.page.keyboard.press(key)

    async def focused(self) -> str:
        """Where the keyboard is: name, action or id of the element, else its kind."""
        told = "one => one.name || one.dataset.act || one.id || one.dataset.form || one.className || one.tagName"
        return str(await self.visitor.page.evaluate(f"({told})(document.activeElement)"))


@contextlib.asynccontextmanager
async def at_work(office: Office, browser: Browser, login: str = "anna", **more: Any) -> AsyncIterator[AtWork]:
    """This agent has signed in, and the desk is live."""
    async with visiting(browser, office.url, **more) as visitor:
        signed = await office.accounts.sign_in(login, PASSWORD, address="192.0.2.1", device="")
        await visitor.page.context.add_cookies([{"name": SESSION, "value": signed.token, "url": office.url}])
        await visitor.opens("/desk")
        yield AtWork(visitor, office, login)
