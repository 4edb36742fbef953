"""`python -m tests.screens`: a picture of every page, in German, at both widths, in `docs/screens`.

Rule of this file: each page stands here once; `tests/web/test_screens.py` checks the same ones.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser

from engine.accounts import Role
from tests.web.browsing import SIZES, Visitor, chromium, visiting
from tests.web.happened import happened
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


async def _tokens(visitor: Visitor, office: Office) -> None:
    user = await office.accounts.user_of(LOGIN)
    assert user
    for old in await office.accounts.tokens(user.id):
        await office.accounts.drop_token(user.id, old.id)
    await office.accounts.new_token(user.id, "Kalender", 366)
    await visitor.opens("/account/tokens")
    await visitor.fills(name="Telefonbuch", days="30", password=PASSWORD)
    await visitor.presses("Schlüssel anlegen")


async def _weak(visitor: Visitor, _office: Office) -> None:
    await visitor.opens("/account/password")
    await visitor.fills(old=PASSWORD, password="passwort1", again="passwort")
    await visitor.presses("Speichern")


async def _code(visitor: Visitor, _office: Office) -> None:
    await visitor.opens("/account/code")
    await visitor.fills(password=PASSWORD)
    await visitor.presses("Weiter")


async def _unlawful(visitor: Visitor, _office: Office) -> None:
    await visitor.opens("/technical")
    await visitor.page.locator("[name='wait.treatment'][value=answered]").check()
    await visitor.page.locator("[name='lines.0.number']").fill("+491805123456")
    await visitor.presses("Speichern")


async def _made(visitor: Visitor, office: Office) -> None:
    n = 2001
    while await office.accounts.customer_of(f"K{n}") is not None:
        n += 1
    await visitor.opens("/support/customers/new")
    fields = {"number": f"K{n}", "name": "Neu GmbH", "login": f"ada{n}@neu.example", "user": "Ada Neu"}
    await visitor.fills(**fields, access_numbers=f"030 200{n}")
    await visitor.page.select_option("[name=tariff]", "day")
    await visitor.presses("Speichern")


async def _wider(visitor: Visitor, _office: Office) -> None:
    await visitor.opens("/support/customers/K1001/hours")
    await visitor.page.check("[name=narrowed]")
    await visitor.fills(mon="07:00-12:00, 13:00-17:00", closed_days="24.12.2026")
    await visitor.presses("Speichern")


async def _log(visitor: Visitor, office: Office) -> None:
    ines = await office.accounts.user_of("ines")
    assert ines
    hours = {"mon-thu": ["08:00-12:00", "13:00-17:00"]}
    for changes in ({"greeting": "Bäckerei Korn, {agent}, guten Tag."}, {"hours": hours, "max_calls": 4}):
        await office.editing.save(office.customers["K1001"], changes, {}, ines.identity(office.customers["K1001"]))
    await visitor.opens("/support/customers/K1001/log")


async def _orders(office: Office) -> None:
    petra = await office.accounts.user_of(LOGIN)
    ines = await office.accounts.user_of("ines")
    assert petra and ines
    wishes = (("Bitte ab Dezember unsere eigene Wartemusik.", False), ("Bis heute Abend eine neue Begrüßung!", True))
    for text, urgent in wishes:
        order = await office.orders.ask(office.customers["K1001"], text, urgent, petra.identity())
        if urgent:
            await office.orders.price(order.id, (2500, 4990), (None, None), ines.identity())


async def _own_orders(visitor: Visitor, office: Office) -> None:
    await _orders(office)
    await visitor.opens("/orders")


async def _open_orders(visitor: Visitor, office: Office) -> None:
    await _orders(office)
    await visitor.opens("/support/orders")


async def _order(visitor: Visitor, office: Office) -> None:
    await _orders(office)
    await visitor.opens("/support/orders/1")


async def _incidents(visitor: Visitor, office: Office) -> None:
    ines = await office.accounts.user_of("ines")
    assert ines
    korn, now = office.customers["K1001"], office.clock.now()
    changes = {"lines": ["+491805123456"], "wait": {"max_wait": 120}}
    await office.editing.save(korn, changes, {}, ines.identity())
    await happened(office.database, f"{now.timestamp():.3f}", korn, now)
    await happened(office.database, f"{now.timestamp():.3f}-2", korn, now, line="+493023125001")
    await visitor.opens("/support/incidents")


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
    Screen("calls", at("/calls")),
    Screen("call", at("/calls/vz-1")),
    Screen("hours", at("/hours?at=2026-12-24T15:00")),
    Screen("technical", at("/technical")),
    Screen("technical-refused", _unlawful),
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
    Screen("account-tokens", _tokens),
    Screen("not-found", at("/nowhere")),
    Screen("acting-for-a-customer", _acting, "ines"),
    Screen("support", at("/support?q=k"), "ines"),
    Screen("support-customer", at("/support/customers/K1001"), "ines"),
    Screen("support-contract", at("/support/customers/K1001/edit/contract"), "ines"),
    Screen("support-shown", at("/support/customers/K1001/edit/shown"), "ines"),
    Screen("support-hours-refused", _wider, "ines"),
    Screen("support-new", at("/support/customers/new"), "ines"),
    Screen("support-made", _made, "ines"),
    Screen("support-log", _log, "ines"),
    Screen("orders", _own_orders),
    Screen("support-orders", _open_orders, "ines"),
    Screen("support-order", _order, "ines"),
    Screen("support-incidents", _incidents, "ines"),
    Screen("users", at("/account/users")),
    Screen("admin-users", at("/admin/users"), "rita"),
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
    await office.sign_up("ines", "Ines Sommer", Role.SUPPORT)
    await _some_calls(office)
    await office.sign_up("rita", "Rita Winter", Role.ADMIN)


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
