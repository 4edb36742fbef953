"""Callers' names and wishes may be one word without an end: a list of messages is as wide as its page then, too."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.async_api import Browser

from tests.web.browsing import SIZES, visiting
from tests.web.office import LOGIN, PASSWORD, Office

pytestmark = pytest.mark.asyncio(loop_scope="session")
NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
BEYOND = "[...document.querySelectorAll('.wide')].map(one => one.scrollWidth - one.clientWidth)"


async def test_a_word_without_an_end_pushes_no_column_out_of_sight(office: Office, browser: Browser) -> None:
    await office.took("K1001", NOON, caller_name="W" * 80, company="M" * 80, number="9" * 40, subject="W" * 120)
    await office.took("K1001", NOON, caller_name="Jan Krüger", subject="Mehl")
    async with visiting(browser, office.url) as petra:
        await petra.signs_in(LOGIN, PASSWORD)
        await petra.opens("/messages")
        for size, (width, height) in SIZES.items():
            await petra.page.set_viewport_size({"width": width, "height": height})
            assert await petra.page.evaluate(BEYOND) == [0], size
