"""`python -m tests.screens`: a picture of every page, in German, at both widths, in `docs/screens`.

`python -m tests.screens desk board` makes only those whose names begin so. What agents and supervisors look at all day
is there in English and in the dark, too.

Rule of this file: each page stands here once; `tests/web/test_screens.py` checks the same ones.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser

from engine.accounts import Role
from engine.ports.putting_through import Stage
from engine.web.session import SESSION
from tests import admin_ways, board_ways, desk_ways, message_ways, notice_ways, ways
from tests.web.board_scenes import appoint
from tests.web.browsing import SIZES, Visitor, chromium, visiting
from tests.web.desk_scenes import hire
from tests.web.office import LOGIN, PASSWORD, Office, opened

PLACE = Path(__file__).parents[1] / "docs" / "screens"
Scheme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Look:
    """One picture of a page: its width by name, its language, its colours."""

    size: str
    language: str = "de"
    scheme: Scheme = "light"

    @property
    def ending(self) -> str:
        """What the picture's name ends with."""
        more = [self.language] * (self.language != "de") + [self.scheme] * (self.scheme != "light")
        return "-".join([str(SIZES[self.size][0]), *more])


USUAL = tuple(Look(size) for size in SIZES)
ALL_DAY = (*USUAL, Look("desktop", "de", "dark"), Look("desktop", "en"), Look("phone", "en", "dark"))
"""Of what agents and those who lead them have before them."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One page. `name` is its picture's; `who` is signed in, nobody if empty."""

    name: str
    way: ways.Way
    who: str = LOGIN

    @property
    def looks(self) -> tuple[Look, ...]:
        """The pictures of it."""
        return ALL_DAY if self.name.startswith(("desk", "board", "days", "support-news")) else USUAL


SCREENS = (
    Screen("sign-in", ways.at("/sign-in"), ""),
    Screen("sign-in-refused", ways.refused, ""),
    Screen("sign-in-code", ways.second_step, ""),
    Screen("link", ways.invited, ""),
    Screen("link-used-up", ways.at("/link/unknown"), ""),
    Screen("start", ways.at("/")),
    Screen("menu", ways.menu),
    Screen("test-call", ways.test_call),
    Screen("test-call-none", ways.no_test_call),
    Screen("messages-none", ways.at("/messages"), "lea@lot.example"),
    Screen("messages", message_ways.messages),
    Screen("messages-not-found", ways.at("/messages?text=nirgends")),
    Screen("message", message_ways.message),
    Screen("message-done", message_ways.message_done),
    Screen("summary", notice_ways.summary),
    Screen("start-with-messages", message_ways.start),
    Screen("calls", ways.at("/calls")),
    Screen("call", ways.at("/calls/vz-1")),
    Screen("hours", ways.at("/hours?at=2026-12-24T15:00")),
    Screen("technical", ways.at("/technical")),
    Screen("technical-refused", ways.unlawful),
    Screen("announcements", ways.announcements),
    Screen("announcements-refused", ways.announcement_refused),
    Screen("announcement", ways.announcement),
    Screen("announcement-delete-chosen", ways.announcement_chosen),
    Screen("greeting", ways.greeting),
    Screen("greeting-locked", ways.greeting_locked),
    Screen("contacts-none", ways.no_contacts),
    Screen("contacts", ways.contacts),
    Screen("contact", ways.contact),
    Screen("contact-refused", ways.contact_refused),
    Screen("contact-new", ways.at("/contacts/new")),
    Screen("contact-test", notice_ways.tests),
    Screen("contact-delete", ways.contact_delete),
    Screen("contact-still-needed", ways.contact_needed),
    Screen("company", ways.company),
    Screen("notes", ways.notes),
    Screen("notes-refused", ways.notes_refused),
    Screen("account", ways.two_sessions),
    Screen("account-password-refused", ways.weak),
    Screen("account-code-password", ways.at("/account/code")),
    Screen("account-code", ways.code),
    Screen("account-tokens", ways.tokens),
    Screen("account-statements", ways.at("/account/statements")),
    Screen("not-found", ways.at("/nowhere")),
    Screen("acting-for-a-customer", ways.acting, "ines"),
    Screen("support", ways.at("/support?q=k"), "ines"),
    Screen("support-customer", ways.at("/support/customers/K1001"), "ines"),
    Screen("support-contract", ways.at("/support/customers/K1001/edit/contract"), "ines"),
    Screen("support-shown", ways.at("/support/customers/K1001/edit/shown"), "ines"),
    Screen("support-hours-refused", ways.wider, "ines"),
    Screen("support-new", ways.at("/support/customers/new"), "ines"),
    Screen("support-made", ways.made, "ines"),
    Screen("support-log", ways.log, "ines"),
    Screen("orders", ways.own_orders),
    Screen("support-orders", ways.open_orders, "ines"),
    Screen("support-order", ways.order, "ines"),
    Screen("support-incidents", ways.incidents, "ines"),
    Screen("support-news", ways.news, "ines"),
    Screen("users", ways.at("/account/users")),
    Screen("admin-users", ways.at("/admin/users"), "rita"),
    Screen("admin-agents", admin_ways.agents, "rita"),
    Screen("admin-agent", admin_ways.agent, "rita"),
    Screen("admin-agent-made", admin_ways.agent_made, "rita"),
    Screen("admin-agent-remove", ways.at("/admin/agents/anna/remove"), "rita"),
    Screen("admin-trunks", admin_ways.trunks, "rita"),
    Screen("admin-trunk-refused", admin_ways.trunk_refused, "rita"),
    Screen("admin-log", admin_ways.admin_log, "rita"),
    Screen("days", admin_ways.days, "rita"),
    Screen("desk-idle", desk_ways.idle, "anna"),
    Screen("desk-gone", desk_ways.gone, "anna"),
    Screen("desk-left-alone", desk_ways.left_alone, "anna"),
    Screen("desk-signing-out", desk_ways.signing_out, "anna"),
    Screen("desk-ringing", desk_ways.ringing, "anna"),
    Screen("desk-contacts", desk_ways.talking("1"), "anna"),
    Screen("desk-faq", desk_ways.talking("2"), "anna"),
    Screen("desk-company", desk_ways.talking("3"), "anna"),
    Screen("desk-earlier", desk_ways.talking("4"), "anna"),
    Screen("desk-by-the-minute", desk_ways.by_the_minute, "anna"),
    Screen("desk-put-through", desk_ways.may_be_put_through, "anna"),
    Screen("desk-put-through-rings", desk_ways.put_through(Stage.DIALLING), "anna"),
    Screen("desk-put-through-consults", desk_ways.put_through(Stage.CONSULTING), "anna"),
    Screen("desk-put-through-back", desk_ways.put_through(Stage.BACK), "anna"),
    Screen("desk-wrap-up", desk_ways.wrap_up, "anna"),
    Screen("desk-saved", desk_ways.saved, "anna"),
    Screen("desk-mistakes", desk_ways.mistakes, "anna"),
    Screen("desk-keys", desk_ways.keys, "anna"),
    Screen("desk-own-fields", desk_ways.own_fields, "anna"),
    Screen("desk-phone", desk_ways.phone, "anna"),
    Screen("board", board_ways.busy, "sven"),
    Screen("board-quiet", board_ways.quiet, "sven"),
    Screen("board-assigning", board_ways.assigning, "sven"),
    Screen("board-state", board_ways.choosing_state, "sven"),
    Screen("board-refused", board_ways.refused, "sven"),
    Screen("board-away", board_ways.away, "sven"),
    Screen("board-keys", board_ways.keys, "sven"),
)


async def _some_calls(office: Office) -> None:
    now = office.clock.now()
    agent = {"agent": None, "outcome": "answered", "line": "+493099887700", "charged_minutes": 3}
    await office.had_call("K1001", "vz-1", now - timedelta(minutes=20), waited_ms=11_200, talked_ms=128_000, **agent)
    await office.had_call("K1001", "vz-2", now - timedelta(minutes=50), waited_ms=44_000, caller=None)
    await office.had_call("K1001", "vz-3", now - timedelta(days=1), outcome="closed")
    for n, what in enumerate(("arrived", "183", "music", "ringing_agent", "picked_up", "200", "ended"), 1):
        at = now - timedelta(minutes=20) + timedelta(seconds=n)
        await office.happened("vz-1", n, at, what, "default" if what == "music" else "")


async def people(office: Office) -> None:
    """Who the pages are about."""
    await office.hire("max@korn.example", "Max Korn", Role.CUSTOMER, "K1001")
    await office.sign_up("eva@korn.example", "Eva Korn", Role.CUSTOMER, "K1001")
    await office.sign_up("lea@lot.example", "Lea Lot", Role.CUSTOMER, "K1002")
    await office.sign_up("ines", "Ines Sommer", Role.SUPPORT)
    await _some_calls(office)
    await office.sign_up("rita", "Rita Winter", Role.ADMIN)
    await hire(office)


@asynccontextmanager
async def shown(
    screen: Screen, office: Office, browser: Browser, size: str, language: str = "de", scheme: Scheme = "light"
) -> AsyncIterator[Visitor]:
    """A visitor who looks at that page."""
    async with visiting(browser, office.url, size, color_scheme=scheme, reduced_motion="reduce") as visitor:
        if screen.who == "sven":
            await appoint(office)
        if screen.who:
            user = await office.accounts.user_of(screen.who)
            assert user
            await office.accounts.sign_out_everywhere(user.id)
            await office.accounts.set_language(user.id, language)
            signed = await office.accounts.sign_in(screen.who, PASSWORD, address="192.0.2.1", device="")
            await visitor.page.context.add_cookies([{"name": SESSION, "value": signed.token, "url": office.url}])
        await screen.way(visitor, office)
        yield visitor


async def main() -> None:
    """Each picture anew, in an office of its own: what one page leaves must not stand on the next."""
    PLACE.mkdir(parents=True, exist_ok=True)
    wanted = tuple(sys.argv[1:]) or ("",)
    for old in PLACE.glob("*.png"):
        if old.name.startswith(wanted):
            old.unlink()
    async with chromium() as browser:
        for screen in (one for one in SCREENS if one.name.startswith(wanted)):
            with tempfile.TemporaryDirectory() as directory:
                async with opened(Path(directory)) as office:
                    await people(office)
                    await _pictures(screen, office, browser)
            print(screen.name)


async def _pictures(screen: Screen, office: Office, browser: Browser) -> None:
    for look in screen.looks:
        async with shown(screen, office, browser, look.size, look.language, look.scheme) as visitor:
            await visitor.page.screenshot(path=PLACE / f"{screen.name}-{look.ending}.png", full_page=True)


if __name__ == "__main__":
    asyncio.run(main())
