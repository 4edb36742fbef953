"""One browser for all tests of the web, in the session's loop, and an office of its own for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser

from engine.accounts import Role
from tests.web.asking import Asker, asking
from tests.web.browsing import Visitor, chromium, visiting
from tests.web.office import LOGIN, Office, opened
from tests.web.phone_switch import Switch, standing_in


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """Its doors are open."""
    async with opened(tmp_path) as office:
        yield office


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(office: Office, browser: Browser) -> AsyncIterator[Visitor]:
    """Somebody from Germany at a desktop machine."""
    async with visiting(browser, office.url) as visitor:
        yield visitor


@pytest_asyncio.fixture(loop_scope="session")
async def petra(office: Office) -> AsyncIterator[Asker]:
    """Of the customer."""
    async with asking(office, LOGIN) as asker:
        yield asker


@pytest_asyncio.fixture(loop_scope="session")
async def ines(office: Office) -> AsyncIterator[Asker]:
    """Of support."""
    await office.sign_up("ines", "Ines Sommer", Role.SUPPORT)
    async with asking(office, "ines") as asker:
        yield asker


@pytest_asyncio.fixture(loop_scope="session")
async def switch(office: Office) -> AsyncIterator[Switch]:
    """Where browsers' SIP goes."""
    async with standing_in(office) as switch:
        yield switch
