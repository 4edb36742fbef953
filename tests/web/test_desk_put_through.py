"""Putting through at the desk, as an agent does it: choose, see it ring, take back, talk to all, hand over (SPEC)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from engine.ports.putting_through import Stage, Tried, Wish
from engine.transfer.plan import Kind, Result
from engine.web.desk import through_words as words
from engine.web.desk.words import KEYS
from engine.web.languages import load_words
from engine.web.portal.call_words import RESULTS
from tests.web.desk_scenes import DEAR, HIDDEN, KORN, AtWork, at_work, hire
from tests.web.office import Office
from tests.web.through_scenes import EVA, MAX, MOBILE, OFFICE, RELEASED, stands, with_targets

pytestmark = pytest.mark.asyncio(loop_scope="session")
BUSY, MISSED = Tried(EVA, True, Result.BUSY), Tried(EVA, False, Result.NOT_ACCEPTED)


@pytest_asyncio.fixture(loop_scope="session")
async def anna(office: Office, browser: Browser) -> AsyncIterator[AtWork]:
    """At her desk, talking to a caller of Bäckerei Korn."""
    await hire(office)
    await office.set("K1001", {**KORN, "contacts": with_targets()})
    async with at_work(office, browser) as anna:
        anna.talks()
        await expect(anna.page.locator("[data-through]").first).to_be_visible()
        yield anna


def orders(office: Office) -> list[tuple[str, Kind, list[str]]]:
    """What was ordered: contact, kind, numbers."""
    return [
        (one.targets[0].contact, one.kind, [target.number for target in one.targets])
        for one in office.desks.put_throughs
    ]


async def stood(anna: AtWork, stage: Stage, seconds: int = 12, **more: Any) -> None:
    """How it stands now, since so many seconds."""
    since = anna.office.clock.now() - timedelta(seconds=seconds)
    anna.office.desks.is_put_through(anna.login, stands(stage, since, **more))


async def said(anna: AtWork, *texts: str) -> None:
    """The band says this."""
    for text in texts:
        await expect(anna.page.locator("#through")).to_contain_text(text)


async def ordered(anna: AtWork, count: int) -> None:
    """Wait until so much was ordered or wished for."""
    while len(anna.office.desks.put_throughs) + len(anna.office.desks.changes) < count:
        await anna.page.wait_for_timeout(20)


async def test_the_contacts_numbers_stand_in_their_order_with_what_is_to_be_minded(anna: AtWork) -> None:
    rows = anna.page.locator(".contacts > li")
    eva = rows.first.locator("[data-through]")
    await expect(eva).to_have_count(2)
    await expect(eva.first.locator("button")).to_have_text(["Vertretung Max Korn: verbinden"])
    await expect(eva.last.locator("button")).to_have_text(["verbinden", "1 Mobilfunk", "2 Festnetz"])
    await expect(eva.last).to_contain_text("Nicht vor 10 Uhr.")
    await expect(eva.last).to_contain_text("drückt zuerst die 1")
    await expect(rows.last.locator("[data-through] button")).to_have_text(["verbinden"])
    shown = await anna.page.content()
    assert not [text for text in (MOBILE, OFFICE, "23125014", *HIDDEN) if text in shown]
    assert await anna.visitor.violations() == []


async def test_announced_at_once_or_one_number_alone(anna: AtWork, office: Office) -> None:
    eva = anna.page.locator(".contacts > li").first.locator("[data-through]").last
    await eva.get_by_role("button", name="Mit Eva Korn verbinden", exact=True).click()
    await ordered(anna, 1)
    await eva.get_by_label("direkt").check()
    await eva.locator("[data-place='2']").click()
    await ordered(anna, 2)
    assert orders(office) == [
        (EVA, Kind.ANNOUNCED, [MOBILE, OFFICE]), (EVA, Kind.BLIND, [OFFICE]),
    ]  # fmt: skip


async def test_by_keys_alone(anna: AtWork, office: Office) -> None:
    for keys in (("f", "Enter"), ("f", "1")):
        async with anna.page.expect_response("**/transfer"):
            await anna.presses(*keys)
    await stood(anna, Stage.CONSULTING)
    await said(anna, "Sie sprechen mit Eva Korn")
    for key in "kcxvz":
        async with anna.page.expect_response("**/transfer/change"):
            await anna.presses(key)
    assert [one[0] for one in orders(office)] == [MAX, EVA]
    assert office.desks.changes == [
        (wish, 1) for wish in (Wish.SWAP, Wish.CONFERENCE, Wish.SKIP, Wish.HAND_OVER, Wish.TAKE_BACK)
    ]


async def test_one_number_of_the_list_is_picked_while_another_rings(anna: AtWork, office: Office) -> None:
    await stood(anna, Stage.DIALLING)
    picks = anna.page.locator(".picks button")
    await expect(picks).to_have_text(["nur Ziel 1", "nur Ziel 2"])
    await expect(picks.last).to_have_attribute("aria-disabled", "true")
    async with anna.page.expect_response("**/transfer/change"):
        await anna.presses("f", "1")
    assert office.desks.changes == [(Wish.PICK, 1)]
    await stood(anna, Stage.DIALLING, places=(2, 3))
    await expect(picks).to_have_text(["nur Ziel 2", "nur Ziel 3"])
    await stood(anna, Stage.BACK)
    await expect(picks).to_have_count(0)


async def test_how_it_stands_is_seen_as_it_goes_and_no_button_moves(anna: AtWork) -> None:
    await said(anna, "Niemand wird verbunden.")
    back = anna.page.locator("[data-act=take_back]")
    place = await back.bounding_box()
    await stood(anna, Stage.DIALLING)
    await said(anna, "Eva Korn: Ziel 2 (Festnetz)", "klingelt", "0:1", "bisher: 1. Eva Korn: besetzt")
    await expect(anna.page.locator("[data-act=swap]")).to_have_attribute("aria-disabled", "true")
    await stood(anna, Stage.DIALLING, asked=True)
    await said(anna, "soll die 1 drücken")
    await stood(anna, Stage.SWAPPED)
    await said(anna, "Sie sprechen mit dem Anrufer, Eva Korn wartet")
    await stood(anna, Stage.CONFERENCE)
    await said(anna, "alle drei sprechen")
    assert await back.bounding_box() == place
    assert await anna.visitor.violations() == []
    begin = anna.page.locator("[data-through] button").first
    await expect(begin).to_have_attribute("aria-disabled", "true")


async def test_what_was_tried_is_proposed_for_the_message_and_what_is_typed_stays(anna: AtWork) -> None:
    text = anna.page.locator("#message [name=text]")
    await stood(anna, Stage.BACK, tried=(BUSY, MISSED))
    await said(anna, "der Anrufer ist wieder bei Ihnen")
    await expect(text).to_have_value("Vermittlung an Eva Korn: 1. besetzt, 2. nicht angenommen")
    await anna.page.fill("[name=text]", "Bitte zurückrufen.")
    await text.blur()
    await stood(anna, Stage.BACK, tried=(BUSY, MISSED, Tried(MAX, False, Result.NO_ANSWER)))
    await expect(text).to_have_value(
        "Bitte zurückrufen.\nVermittlung an Eva Korn: 1. besetzt, 2. nicht angenommen\n"
        "Vermittlung an Max Korn: nicht abgenommen"
    )
    await anna.presses("Control+Enter")
    await expect(anna.page.locator("#message [data-told]")).to_be_visible()
    await expect(text).to_have_value("")
    slip = (await anna.slips())[0].text
    assert slip.startswith("Bitte zurückrufen.\nVermittlung an Eva Korn: 1. besetzt")


async def test_who_was_put_through_leaves_a_card_that_says_so(anna: AtWork, office: Office) -> None:
    await stood(anna, Stage.PUT_THROUGH, tried=())
    anna.ends(wrap_up=30)
    await said(anna, "verbunden mit Eva Korn")
    await expect(anna.page.locator("#through form")).to_have_count(0)
    await expect(anna.page.locator("#message [name=text]")).to_have_value("")
    await stood(anna, Stage.IN_LINE, tried=(BUSY,))
    await said(anna, "zurück in der Leitung")


async def test_what_cannot_be_is_said_in_a_sentence_and_goes_with_the_next_thing_done(
    anna: AtWork, office: Office
) -> None:
    why = anna.page.locator("#refused")
    eva = anna.page.locator("[data-through]").nth(1)
    await office.set("K1001", {"put_through": {"legs_per_minute": 1}, "contacts": with_targets()[1:]})
    await anna.page.locator("[data-through] button").first.click()
    await ordered(anna, 1)
    await expect(why).to_be_hidden()
    await stood(anna, Stage.DIALLING)
    await said(anna, "klingelt")
    office.desks.is_put_through(anna.login, stands(Stage.DIALLING, office.clock.now(), can=frozenset({Wish.SKIP})))
    await expect(anna.page.locator("[data-act=take_back]")).to_have_attribute("aria-disabled", "true")
    await anna.page.eval_on_selector("[data-act=take_back]", "one => one.removeAttribute('aria-disabled')")
    await anna.page.click("[data-act=take_back]")
    await expect(why).to_contain_text("Das geht gerade nicht")
    await anna.page.click("[data-act=skip]")
    await expect(why).to_be_hidden()
    assert await eva.count() == 0


@pytest.mark.parametrize(("width", "height"), [(640, 450), (390, 844)])
async def test_what_cannot_be_is_said_where_it_is_seen_in_a_narrow_window_too(
    anna: AtWork, office: Office, width: int, height: int
) -> None:
    """640 is 1280 at 200 %; by its key, with the contacts in sight and the buttons far below."""
    why = anna.page.locator("#refused")
    await anna.page.set_viewport_size({"width": width, "height": height})
    await stood(anna, Stage.DIALLING, can=frozenset({Wish.SKIP}))
    await said(anna, "klingelt")
    await anna.page.eval_on_selector("[data-act=take_back]", "one => one.removeAttribute('aria-disabled')")
    await anna.presses("Escape")
    await anna.page.evaluate("scrollTo(0, 0)")
    await anna.presses({one.does: one.key for one in KEYS}["take_back"])
    await expect(why).to_contain_text("Das geht gerade nicht")
    await expect(why).to_be_in_viewport(ratio=1)
    assert await anna.page.evaluate("scrollY") == 0
    await why.click()
    await expect(why).to_be_hidden()


async def test_l3_where_the_law_keeps_it_off_there_is_no_button(anna: AtWork, office: Office) -> None:
    without = [{**one, "transfer": {"targets": []}} for one in with_targets()]
    await office.set("K1001", {**DEAR, "contacts": without})
    await expect(anna.page.locator(".law")).to_be_visible()
    await expect(anna.page.locator("[data-through]")).to_have_count(0)


async def test_without_scripts_by_forms(office: Office, browser: Browser) -> None:
    await hire(office)
    await office.set("K1001", {**KORN, "contacts": with_targets()})
    async with at_work(office, browser, java_script_enabled=False) as anna:
        anna.talks()
        await anna.visitor.opens("/desk")
        await anna.page.locator("[data-through] button").first.click()
        assert orders(office) == [(MAX, Kind.ANNOUNCED, [RELEASED])]
        await stood(anna, Stage.DIALLING)
        await anna.visitor.opens("/desk")
        await anna.page.click("[data-act=swap]", force=True)  # it says that it cannot be now
        assert "Das geht gerade nicht" in await anna.page.locator("#refused").inner_text()
        await anna.page.click("[data-act=take_back]")
        assert office.desks.changes == [(Wish.TAKE_BACK, 1)]


async def test_every_word_of_the_rules_has_one_at_the_desk() -> None:
    assert (set(words.STAGES), set(words.ICONS), set(RESULTS)) == (set(Stage), set(Stage), set(Result))
    assert set(words.BUTTONS) == set(Wish) - {Wish.PICK}
    keys = {one.does: one.key for one in KEYS}
    assert {wish: key for wish, (key, _) in words.BUTTONS.items()} == {wish: keys[wish] for wish in words.BUTTONS}
    english = words.proposal(stands(Stage.BACK, datetime.now(UTC), (BUSY, MISSED)), load_words()["en"])
    assert english == "Put-through to Eva Korn: 1. busy, 2. not accepted"
