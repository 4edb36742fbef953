"""§5.2.4.2: the order in which targets are called is set by dragging, with the mouse or a finger."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.web.browsing import SIZES, Visitor, visiting
from tests.web.office import LOGIN, PASSWORD, Office

pytestmark = pytest.mark.asyncio(loop_scope="session")
NUMBERS = ["+493023125011", "+493023125012", "+493023125013"]
PATH = "/contacts/Eva%20Korn"


@pytest_asyncio.fixture(loop_scope="session")
async def eva(office: Office) -> None:
    """A contact with three targets, the second of which is not used."""
    targets = [NUMBERS[0], {"number": NUMBERS[1], "use": False}, {"number": NUMBERS[2], "ring_time": 20}]
    contact = {"name": "Eva Korn", "notify": {"mail": ["eva@korn.example"]}, "transfer": {"targets": targets}}
    await office.set("K1001", {"contacts": [contact]})


@pytest_asyncio.fixture(loop_scope="session")
async def petra(office: Office, browser: Browser, eva: None) -> AsyncIterator[Visitor]:
    """Looks at that contact on a machine with mouse and touch screen."""
    async with visiting(browser, office.url, has_touch=True) as visitor:
        await visitor.signs_in(LOGIN, PASSWORD)
        await visitor.opens(PATH)
        yield visitor


async def middle(visitor: Visitor, place: int) -> tuple[float, float]:
    """Of the handle of that target, on the screen."""
    handle = visitor.page.locator("[data-ordered='transfer.targets'] [data-drag]").nth(place)
    await handle.scroll_into_view_if_needed()
    box = await handle.bounding_box()
    assert box and box["height"] >= 44
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def drags(visitor: Visitor, place: int, to: int) -> None:
    """With the mouse, and does not let go yet; the window scrolls along where it must."""
    mouse, edge = visitor.page.mouse, SIZES["desktop"][1] - 5 if to > place else 5
    await mouse.move(*await middle(visitor, place))
    await mouse.down()
    await mouse.move(300, edge)
    reached = visitor.page.locator("[data-ordered='transfer.targets'] > .row").nth(to)
    await expect(reached).to_have_class("row reached")


async def typed(visitor: Visitor) -> list[tuple[str, bool, str]]:
    """What stands in the fields, by their names: number, used, ring time."""
    page, found = visitor.page, []
    for n in range(len(NUMBERS)):
        name = f"transfer.targets.{n}"
        number = await page.input_value(f"[name='{name}.number']")
        use = await page.is_checked(f"[name='{name}.use']")
        found.append((number, use, await page.input_value(f"[name='{name}.ring_time']")))
    return found


FIRST, SECOND, THIRD = (NUMBERS[0], True, ""), (NUMBERS[1], False, ""), (NUMBERS[2], True, "20")


async def test_5_2_4_2_what_is_dragged_with_the_mouse_is_saved_in_that_order(petra: Visitor, office: Office) -> None:
    await drags(petra, 2, 0)
    await petra.page.mouse.up()
    assert await typed(petra) == [THIRD, FIRST, SECOND]
    moved = petra.page.locator("[data-ordered='transfer.targets'] [data-moved]")
    await expect(moved).to_have_text("Verschoben, aber noch nicht gespeichert.")
    seen = await petra.page.locator("[data-ordered='transfer.targets'] legend").all_inner_texts()
    assert seen == [f"Vermittlungsziel {n}" for n in (1, 2, 3, 4)]
    await expect(petra.page.get_by_label("Nummer", exact=True).first).to_have_value(NUMBERS[2])
    assert await petra.violations() == []
    await petra.presses("Speichern")
    await expect(petra.page.get_by_role("status").first).to_have_text("Gespeichert, gilt ab dem nächsten Anruf.")
    assert await typed(petra) == [THIRD, FIRST, SECOND]
    transfer = (await office.entry("K1001")).contacts[0].transfer
    assert [(one.number, one.use) for one in transfer.targets] == [
        (NUMBERS[2], True), (NUMBERS[0], True), (NUMBERS[1], False),
    ]  # fmt: skip
    await drags(petra, 0, 2)
    await petra.page.mouse.up()
    assert await typed(petra) == [FIRST, SECOND, THIRD]


async def test_5_2_4_2_who_thinks_better_of_it_presses_escape(petra: Visitor) -> None:
    await drags(petra, 2, 0)
    await petra.page.keyboard.press("Escape")
    await petra.page.mouse.up()
    assert await typed(petra) == [FIRST, SECOND, THIRD]
    await expect(petra.page.locator("[data-moved]")).to_have_count(1)
    await expect(petra.page.locator("[data-moved]")).to_be_hidden()


async def test_5_2_4_2_a_finger_drags_as_well_and_a_mistake_goes_along(petra: Visitor) -> None:
    await petra.page.fill("[name='transfer.targets.1.number']", "nobody")
    await petra.presses("Speichern")
    await expect(petra.page.locator("#transfer-targets-1-number-mistake")).to_be_visible()
    (_, to), (x, y) = await middle(petra, 0), await middle(petra, 1)
    finger = await petra.page.context.new_cdp_session(petra.page)
    for kind, at in (("touchStart", y), ("touchMove", to - 20), ("touchEnd", None)):
        points = [] if at is None else [{"x": x, "y": at}]
        await finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert await typed(petra) == [("nobody", False, ""), FIRST, THIRD]
    await expect(petra.page.locator("#transfer-targets-0-number-mistake")).to_be_visible()
    described = await petra.page.get_attribute("#transfer-targets-0-number", "aria-describedby")
    assert described == "transfer-targets-0-number-mistake"
