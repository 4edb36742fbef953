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


async def _acting(visitor: Visitor, office: Office) -> None:
    token = next(one["value"] for one in await visitor.page.context.cookies() if one.get("name") == "session")
    await office.accounts.act_for(token, office.customers["K1002"])
    await visitor.opens("/")


SCREENS = (
    Screen("sign-in", at("/sign-in"), ""),
    Screen("sign-in-refused", _refused, ""),
    Screen("sign-in-code", _second_step, ""),
    Screen("link", _invited, ""),
    Screen("link-used-up", at("/link/unknown"), ""),
    Screen("start", at("/")),
    Screen("menu", _menu),
    Screen("account", _two_sessions),
    Screen("account-password-refused", _weak),
    Screen("account-code-password", at("/account/code")),
    Screen("account-code", _code),
    Screen("account-tokens", _tokens),
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
