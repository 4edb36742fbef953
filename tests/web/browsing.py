"""A real browser: Debian's Chromium, driven by Playwright; what it must never say, and axe's verdict on a page.

Rule of this file: a page that says anything in the console (a breach of the content security policy, a script's error),
or asks any other host, fails the test that opened it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

from engine.main.assets import node_modules
from pbx.runtime.tools import tool

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
_NEWS = ("Failed to load resource: the server responded with a status of 4", "Clear-Site-Data header on ")
"""What the browser tells of an answer that is as it should be."""
EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@contextlib.asynccontextmanager
async def chromium(*switches: str) -> AsyncIterator[Browser]:
    """The browser, without a window, started with these switches besides."""
    found = tool("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=found.program,
            env={**found.environment},
            chromium_sandbox=os.geteuid() != 0,
            args=list(switches),
        )
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Visitor:
    """Somebody in front of a browser. `said`: the console; `foreign`: hosts that are not ours."""

    page: Page
    url: str
    said: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = _NEWS

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if not message.text.startswith(self.expected):
            self.said.append(message.text)

    def _request(self, request: Request) -> None:
        where = urlsplit(request.url)
        if where.scheme != "data" and f"{where.scheme}://{where.netloc}" != self.url:
            self.foreign.append(request.url)

    def expects(self, *news: str) -> None:
        """What begins so may stand in the console from now on."""
        self.expected = (*self.expected, *news)

    async def opens(self, path: str) -> None:
        """Type the address."""
        await self.page.goto(self.url + path)

    async def fills(self, **fields: str) -> None:
        """Write into the fields with these names."""
        for name, text in fields.items():
            await self.page.fill(f"[name={name}]", text)

    async def presses(self, button: str) -> None:
        """Click on the button with this text."""
        await self.page.get_by_role("button", name=button, exact=True).click()

    async def signs_in(self, login: str, password: str) -> None:
        """From the sign-in page on."""
        await self.opens("/sign-in")
        await self.fills(login=login, password=password)
        await self.page.locator("main button:not(.away)").click()

    async def heading(self) -> str:
        """The page's title as it is read."""
        return await self.page.locator("h1").inner_text()

    async def path(self) -> str:
        """Where the visitor is."""
        return urlsplit(self.page.url).path

    async def violations(self, rules: Sequence[str] = EVERYTHING) -> list[str]:
        """What axe has against the page, by WCAG 2.2 A and AA, or by these rules alone: `rule: elements`."""
        source = (node_modules() / "axe-core" / "axe.min.js").read_text("utf-8")
        # In a world of its own: the page's policy forbids scripts that are not ours.
        await self.page.evaluate(f"{source}; undefined")
        found: dict[str, Any] = await self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", list(rules)
        )
        return [f"{one['id']}: {[n['target'] for n in one['nodes']]}" for one in found["violations"]]

    def is_clean(self) -> None:
        """Nothing was said, and nobody else was asked."""
        assert (self.said, self.foreign) == ([], [])


@contextlib.asynccontextmanager
async def visiting(
    browser: Browser, url: str, size: str = "desktop", language: str = "de-DE", **more: Any
) -> AsyncIterator[Visitor]:
    """A visitor with a profile of its own, who leaves it clean."""
    width, height = SIZES[size]
    async with await browser.new_context(
        viewport={"width": width, "height": height}, locale=language, timezone_id="Europe/Berlin", **more
    ) as context:
        context.set_default_timeout(20_000)
        visitor = Visitor(await context.new_page(), url)
        yield visitor
        visitor.is_clean()
