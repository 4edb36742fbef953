"""On the real switch: whose browser is the phone and who is gone without a word, and a shift that ends in a talk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from engine.store.database import Database
from engine.store.tables import sessions
from engine.web.desk_phone import LOOK
from tests.stories.browser_people import browsers
from tests.stories.installation import LIMIT, Installation, eventually, installed
from tests.stories.scene import story
from tests.stories.test_browser_phone import RUNG, TALKED, at_work, talking

AWAY = 5.0
"""Seconds that a closed browser has to be back."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """In which nobody waits a minute for them."""
    with installed(tmp_path_factory.mktemp("gone"), BROWSER_AWAY_AFTER=str(AWAY)) as made:
        yield made


async def stands(house: Installation, within: float = LIMIT, **wanted: Any) -> None:
    """The engine says so of Anna."""

    async def look() -> bool:
        (row,) = [row for row in await house.ask("GET", "/agents") if row["login"] == "anna"]
        return all(row[name] == value for name, value in wanted.items())

    await eventually(look, f"anna: {wanted}", within)


async def test_whose_browser_stays_closed_is_signed_off_and_comes_back_by_one_key(house: Installation) -> None:
    async with story(house) as scene, browsers() as browser:
        anna, caller = await at_work(scene, browser)
        beside = await anna.visitor.page.context.new_page()
        await anna.leaves()
        await stands(house, AWAY + LIMIT, state="offline", reason="browser closed")
        await caller.hears_music()
        await beside.goto(f"{anna.visitor.url}/desk")
        state = beside.locator("[data-part=state]")
        await state.get_by_text("Browser geschlossen").wait_for()
        await beside.locator("#phone-set[data-state=ready]").wait_for()
        await stands(house, state="offline", reason="browser closed", reachable=True)
        await beside.keyboard.press("b")
        await beside.locator("#phone-set[data-state=ringing]").wait_for()
        await caller.hangs_up()
        missed = ["missed anna: subscriber_absent"]
        again = ["ringing_agent anna", "caller_left", "ended abandoned, normal", "charged 0 min"]
        assert await scene.trails() == [[*RUNG, *missed, *again]]


async def test_a_shift_that_ends_in_a_talk_ends_after_it(house: Installation) -> None:
    async with story(house) as scene, browsers() as browser:
        anna, caller = await talking(scene, browser)
        database = Database(f"sqlite:///{house.home}/vorzimmer.db")
        async with database.writing() as connection:
            await connection.execute(update(sessions).values(created_at=datetime.now(UTC) - timedelta(hours=12)))
        await database.close()
        await caller.hears_something()
        await anna.hears_the_caller()
        await anna.loads_anew()
        await anna.phone_is("talking")
        await caller.hears_something()
        await anna.presses("Auflegen")
        await caller.is_hung_up_on()
        await stands(house, LOOK + LIMIT, state="offline", reason="session over")
        assert await scene.trails() == [[*RUNG, "picked_up anna", "200", *TALKED]]
