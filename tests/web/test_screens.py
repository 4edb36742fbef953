"""Every page is for everybody: axe finds nothing, wide and light, narrow and dark, and nothing scrolls sideways."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from playwright.async_api import Browser

from tests.screens import SCREENS, Scheme, Screen, people, shown
from tests.web.browsing import EVERYTHING, SIZES
from tests.web.office import Office

pytestmark = pytest.mark.asyncio(loop_scope="session")
LOOKS: dict[str, tuple[Scheme, Sequence[str]]] = {
    "desktop": ("light", EVERYTHING),
    "phone": ("dark", ("color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block")),
}
"""Each width and each scheme once, the second time by the rules of colours and places: the rest is the same page."""
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll("a[role=button], button, nav a, select, input:not([type=hidden])")]
    .filter(one => !one.matches(".away"))
    .filter(one => one.checkVisibility() && !["checkbox", "radio"].includes(one.type))
    .filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"""
"""What a thumb cannot hit well; a box to tick has its label around it."""


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
async def test_every_page_is_for_everybody(screen: Screen, office: Office, browser: Browser) -> None:
    await people(office)
    async with shown(screen, office, browser, "desktop") as visitor:
        for size, (scheme, rules) in LOOKS.items():
            width, height = SIZES[size]
            await visitor.page.set_viewport_size({"width": width, "height": height})
            await visitor.page.emulate_media(color_scheme=scheme)
            assert await visitor.violations(rules) == [], (size, scheme)
            assert await visitor.page.evaluate(WIDE) == 0, size
            assert await visitor.page.evaluate(SMALL) == [], size
        assert await visitor.page.evaluate("document.documentElement.lang") == "de"
        # 200 % zoom of half the width is the same as a quarter of it: WCAG 2.2, 1.4.10 asks for 320 px.
        await visitor.page.set_viewport_size({"width": 320, "height": 844})
        assert await visitor.page.evaluate(WIDE) == 0, "320 px"
