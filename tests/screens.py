"""`python -m tests.screens`: a picture of every page, in German, at both widths, in `docs/screens`.

Rule of this file: each page stands here once; `tests/web/test_screens.py` checks the same ones.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser

from engine.accounts import Role
from tests.web.browsing import SIZES, Visitor, chromium, visiting
from tests.web.office import LOGIN, PASSWORD, Office, opened

PLACE = Path(__file__).parents[1] / "docs" / "screens"
Way = Callable[[Visitor, Office], Awaitable[None]]
"""How a visitor gets to the page."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One page. `name` is its picture's; `who` is signed in, nobody if empty."""

    name: str
    way: Way
    who: str = LOGIN


def at(path: str) -> Way:
    """Straight to this address."""

    async def go(visitor: Visitor, _office: Office) -> None:
        await visitor.opens(path)

    return go


async def _refused(visitor: Visitor, _office: Office) -> None:
    await visitor.signs_in(LOGIN, "not the password")


async def _invited(visitor: Visitor, office: Office) -> None:
    user = await office.accounts.user_of("max@korn.example")
    assert user
    await visitor.opens(f"/link/{await office.accounts.invite(user.id)}")


async def _second_step(visitor: Visitor, office: Office) -> None:
    await office.use_codes("eva@korn.example")
    await visitor.signs_in("eva@korn.example", PASSWORD)


async def _menu(visitor: Visitor, _office: Office) -> None:
    await visitor.opens("/")
    button = visitor.page.locator("button.menu")
    if await button.is_visible():
        await button.click()


async def _two_sessions(visitor: Visitor, office: Office) -> None:
    iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1"
    await office.accounts.sign_in(LOGIN, PASSWORD, address="192.0.2.17", device=iphone)
    await visitor.opens("/account")


async def _weak(visitor: Visitor, _office: Office) -> None:
    await visitor.opens("/account/password")
    await visitor.fills(old=PASSWORD, password="passwort1", again="passwort")
    await visitor.presses("Speichern")


async def _code(visitor: Visitor, _office: Office) -> None:
    await visitor.opens("/account/code")
    await visitor.fills(password=PASSWORD)
    await visitor.presses("Weiter")


async def _acting(visitor: Visitor, office: Office) -> None:
    token = next(one["value"] for one in await visitor.page.context.cookies() if one.get("name") == "session")
    await office.accounts.act_for(token, office.customers["K1002"])
    await visitor.opens("/")


async def _greeting(visitor: Visitor, office: Office) -> None:
    await office.set("K1001", {"greeting": "Bäckerei Korn, mein Name ist {agent}, guten Tag.", "live_since": None})
    await visitor.opens("/greeting")
    await visitor.page.fill("[name=instructions]", "Bestellungen bitte immer mit Uhrzeit der Abholung aufnehmen. " * 6)


async def _greeting_locked(visitor: Visitor, office: Office) -> None:
    greeting = "Bäckerei Korn, mein Name ist {agent}, guten Tag."
    await office.set("K1001", {"greeting": greeting, "live_since": "2026-01-02", "absence_reason": "Alle backen."})
    await visitor.opens("/greeting")


_CONTACTS = [
    {
        "name": "Eva Korn",
        "position": "Bäckermeisterin",
        "department": "Backstube",
        "tasks": "Torten und Sonderwünsche",
        "phone": "+493023125011",
        "mail": "eva@korn.example",
        "hidden": ["phone"],
        "hours": {"mon-fri": ["06:00-12:00", "13:00-16:00"], "sat": ["06:00-11:00"]},
        "absence": {"reason": "Urlaub", "until": "2099-01-04 08:00", "deputy": "Max Korn"},
        "notify": {"mail": ["eva@korn.example"], "sms": "+491713920011"},
        "transfer": {
            "restrictions": "Nur Bestellungen ab 500 Euro.",
            "targets": ["+493023125011", {"number": "+491713920011", "ring_time": 20}],
        },
    },
    {
        "name": "Max Korn",
        "position": "Verkauf",
        "hours": {"mon-sun": ["00:00-24:00"]},
        "notify": {"mail": ["max@korn.example"]},
    },
    {"name": "Ida Korn", "absence": {"reason": "Kur"}, "notify": {"mail": ["ida@korn.example"]}},
]


async def _no_contacts(visitor: Visitor, office: Office) -> None:
    await office.set("K1001", {"contacts": []})
    await visitor.opens("/contacts")


async def _contacts(visitor: Visitor, office: Office) -> None:
    await office.set("K1001", {"contacts": _CONTACTS})
    await visitor.opens("/contacts")


async def _contact(visitor: Visitor, office: Office) -> None:
    await _contacts(visitor, office)
    await visitor.opens("/contacts/Eva%20Korn")


async def _contact_refused(visitor: Visitor, office: Office) -> None:
    await _contact(visitor, office)
    await visitor.page.fill("[name='hours.tue']", "vormittags")
    await visitor.page.fill("[name='notify.sms']", "030 23125011")
    await visitor.presses("Speichern")


async def _contact_delete(visitor: Visitor, office: Office) -> None:
    await _contacts(visitor, office)
    await visitor.opens("/contacts/delete?name=Ida%20Korn")


async def _contact_needed(visitor: Visitor, office: Office) -> None:
    await _contacts(visitor, office)
    await visitor.opens("/contacts/delete?name=Max%20Korn")


async def _company(visitor: Visitor, office: Office) -> None:
    company = {"name": "Bäckerei Korn GmbH", "address": "Mühlenweg 3\n10115 Berlin", "web": "www.korn.example"}
    await office.set("K1001", {"company": company})
    await visitor.opens("/company")


async def _notes(visitor: Visitor, office: Office) -> None:
    note = {"who": "Herr Albers", "numbers": ["+493023125081"], "message": "Die Torte ist fertig."}
    faq = {"heading": "Gibt es glutenfreies Brot?", "text": "Ja, dienstags und freitags, bitte vorbestellen."}
    await office.set("K1001", {"vip_notes": [note], "faq": [faq, {**faq, "heading": "Wo kann ich parken?"}]})
    await visitor.opens("/notes")


async def _notes_refused(visitor: Visitor, office: Office) -> None:
    await _notes(visitor, office)
    await visitor.page.fill("[name='vip_notes.1.who']", "Frau Krüger")
    await visitor.presses("Speichern")


SCREENS = (
    Screen("sign-in", at("/sign-in"), ""),
    Screen("sign-in-refused", _refused, ""),
    Screen("sign-in-code", _second_step, ""),
    Screen("link", _invited, ""),
    Screen("link-used-up", at("/link/unknown"), ""),
    Screen("start", at("/")),
    Screen("menu", _menu),
    Screen("greeting", _greeting),
    Screen("greeting-locked", _greeting_locked),
    Screen("contacts-none", _no_contacts),
    Screen("contacts", _contacts),
    Screen("contact", _contact),
    Screen("contact-refused", _contact_refused),
    Screen("contact-new", at("/contacts/new")),
    Screen("contact-delete", _contact_delete),
    Screen("contact-still-needed", _contact_needed),
    Screen("company", _company),
    Screen("notes", _notes),
    Screen("notes-refused", _notes_refused),
    Screen("account", _two_sessions),
    Screen("account-password-refused", _weak),
    Screen("account-code-password", at("/account/code")),
    Screen("account-code", _code),
    Screen("not-found", at("/nowhere")),
    Screen("acting-for-a-customer", _acting, "ines"),
)


async def people(office: Office) -> None:
    """Who the pages are about."""
    await office.hire("max@korn.example", "Max Korn", Role.CUSTOMER, "K1001")
    await office.sign_up("eva@korn.example", "Eva Korn", Role.CUSTOMER, "K1001")
    await office.sign_up("ines", "Ines Sommer", Role.SUPPORT)


@asynccontextmanager
async def shown(
    screen: Screen, office: Office, browser: Browser, size: str, scheme: str = "light"
) -> AsyncIterator[Visitor]:
    """A visitor who looks at that page."""
    async with visiting(browser, office.url, size, color_scheme=scheme, reduced_motion="reduce") as visitor:
        if screen.who:
            user = await office.accounts.user_of(screen.who)
            assert user
            await office.accounts.sign_out_everywhere(user.id)
            await visitor.signs_in(screen.who, PASSWORD)
        await screen.way(visitor, office)
        yield visitor


async def main() -> None:
    """Every picture anew."""
    PLACE.mkdir(parents=True, exist_ok=True)
    for old in PLACE.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as directory:
        async with opened(Path(directory)) as office, chromium() as browser:
            await people(office)
            for screen in SCREENS:
                for size, (width, _) in SIZES.items():
                    async with shown(screen, office, browser, size) as visitor:
                        await visitor.page.screenshot(path=PLACE / f"{screen.name}-{width}.png", full_page=True)
                print(screen.name)


if __name__ == "__main__":
    asyncio.run(main())
