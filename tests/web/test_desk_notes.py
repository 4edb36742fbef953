"""The message at the desk: nothing that is typed is lost, nothing is stored twice, every call is closed (§5.6)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from engine.message.slip import Tick, Urgency
from engine.message.states import DeliveryState, Means, Trouble
from engine.ports.outbox import Noted
from engine.service.desk_news import desk_news
from engine.store.outbox import StoredOutbox
from engine.terms import CallId
from tests.web.desk_scenes import ALBERS, KORN, AtWork, at_work, hire
from tests.web.office import Office

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def anna(office: Office, browser: Browser) -> AsyncIterator[AtWork]:
    """In conversation."""
    await hire(office)
    await office.set("K1001", KORN)
    async with at_work(office, browser) as anna:
        anna.talks()
        await expect(anna.note.locator(".about")).to_contain_text("Bäckerei Korn · +49 30 23125081")
        yield anna


async def kept(anna: AtWork, text: str, call: str = "vz-1") -> None:
    """This draft is in the store."""
    await expect(anna.note.locator("[data-kept]")).to_have_text("Entwurf gesichert", timeout=1_500)
    user = await anna.office.accounts.user_of(anna.login)
    assert user
    assert (await anna.office.app.state.web.desk.draft(user.identity(), CallId(call)))["text"] == text


async def test_a_message_is_written_saved_and_closes_the_call(anna: AtWork) -> None:
    await anna.page.click("[data-for='Eva Korn']")
    await expect(anna.note.locator("[name=contact]")).to_have_value("Eva Korn")
    await anna.visitor.fills(caller_name="Jan Albers", company="Albers KG", subject="Torte", text="Bitte\nzweimal.")
    await anna.page.select_option("[name=urgency]", "urgent")
    await anna.page.check("[value=call_back]")
    anna.ends(wrap_up=30)
    await anna.presses("Control+Enter")
    await expect(anna.note.locator("[data-told] p")).to_have_text("Gespeichert")
    await expect(anna.part("calls").locator(".how")).to_have_text("Nachricht")
    (slip,) = await anna.slips()
    assert (slip.agent, slip.agent_name, slip.call, slip.contact) == ("anna", "Anna Lindner", "vz-1", "Eva Korn")
    assert (slip.caller_name, slip.company, slip.number) == ("Jan Albers", "Albers KG", ALBERS)
    assert (slip.subject, slip.text, slip.urgency) == ("Torte", "Bitte\nzweimal.", Urgency.URGENT)
    assert slip.ticks == {Tick.CALL_BACK}
    assert await anna.visitor.violations() == []


async def test_the_draft_survives_a_reload_and_the_end_of_the_call(anna: AtWork) -> None:
    await anna.visitor.fills(caller_name="Jan Albers", text="Die Torte")
    await anna.page.check("[value=appointment]")
    await kept(anna, "Die Torte")
    anna.ends()
    await expect(anna.part("state").locator(".big")).to_have_text("bereit")
    await expect(anna.part("calls").locator(".how")).to_have_text("noch abzuschließen")
    await expect(anna.note.locator("[name=text]")).to_have_value("Die Torte")
    await anna.page.fill("[name=text]", "Die Torte wird abgeholt")
    await anna.page.reload()  # before a second is over
    await expect(anna.note.locator("[name=text]")).to_have_value("Die Torte wird abgeholt")
    await expect(anna.note.locator("[name=caller_name]")).to_have_value("Jan Albers")
    await expect(anna.note.locator("[value=appointment]")).to_be_checked()


async def test_what_is_typed_is_not_swapped_away_by_the_next_call(anna: AtWork) -> None:
    text = anna.note.locator("[name=text]")
    await text.fill("Die Torte")
    anna.ends()
    anna.rings("vz-2", caller="+491713920013")
    await expect(anna.part("call").locator(".number")).to_have_text("+49 171 3920013")
    await expect(text).to_be_focused()
    await anna.page.keyboard.type(" wird")
    await expect(text).to_have_value("Die Torte wird")
    await expect(anna.note.locator("[data-other]")).to_contain_text("gehört zu einem anderen Anruf")
    await anna.presses("Escape", "m")
    await expect(anna.note.locator("[name=number]")).to_have_value("+491713920013")
    await expect(anna.note.locator("[name=contact]")).to_be_focused()
    await expect(anna.note.locator("[name=text]")).to_have_value("")
    await anna.had("vz-1")
    anna.picks_up()
    await anna.page.locator("[data-form*='vz-1']").click()
    await expect(text).to_have_value("Die Torte wird")


async def test_a_form_in_which_nobody_writes_goes_along_with_the_call(anna: AtWork) -> None:
    anna.ends()
    anna.rings("vz-2", caller="+491713920013")
    await expect(anna.note.locator("[name=number]")).to_have_value("+491713920013")


async def test_a_double_save_and_a_retry_store_once(anna: AtWork) -> None:
    await anna.page.fill("[name=text]", "Nur einmal.")
    lost: list[str] = []

    async def lose(route: object) -> None:
        """The answer gets lost, once."""
        if lost:
            await route.continue_()  # type: ignore[attr-defined]
            return
        await route.fetch()  # type: ignore[attr-defined]
        lost.append("once")
        await route.abort()  # type: ignore[attr-defined]

    await anna.page.route("**/message", lose)
    await anna.presses("Control+Enter", "Control+Enter")
    await expect(anna.page.locator("#lost")).to_contain_text("Das hat nicht geklappt.")
    await expect(anna.note.locator("[name=text]")).to_have_value("Nur einmal.")
    await anna.page.locator("[data-act=save]").dblclick()
    await expect(anna.note.locator("[data-told] p")).to_have_text("Gespeichert")
    assert [one.text for one in await anna.slips()] == ["Nur einmal."]
    anna.visitor.said.clear()  # of the answer that got lost


async def test_what_was_saved_is_taken_back_within_ten_seconds(anna: AtWork) -> None:
    await anna.page.fill("[name=text]", "Zu früh.")
    await anna.presses("Control+Enter")
    await expect(anna.note.locator("[data-undo] button")).to_have_text(re.compile(r"U rückgängig \(0:(10|09|08)\)"))
    assert [one.text for one in await anna.slips()] == ["Zu früh."]
    await anna.presses("u")
    await expect(anna.note.locator("[name=text]")).to_have_value("Zu früh.")
    assert await anna.slips() == []
    await expect(anna.part("calls").locator(".how")).to_have_text("gerade jetzt")


async def test_an_emergency_that_has_left_cannot_be_taken_back_and_one_that_is_lost_shows_at_once(
    anna: AtWork, office: Office
) -> None:
    await anna.page.fill("[name=text]", "Es brennt.")
    await anna.page.select_option("[name=urgency]", "emergency")
    await anna.presses("Control+Enter")
    await expect(anna.note.locator("[data-undo]")).to_have_count(1)
    outbox, told = StoredOutbox(office.database), desk_news(office.desks.board.stirred)
    (parcel,) = await outbox.claim(office.clock.now(), Means.MAIL, 9)
    told(parcel, DeliveryState.SENDING)
    await expect(anna.note.locator("[data-undo]")).to_have_count(0)
    await expect(anna.note.locator("[data-told] p")).to_have_text("Gespeichert")
    await outbox.note(Noted(parcel.id, DeliveryState.FAILED, office.clock.now(), 1, None, Trouble.ADDRESS))
    told(parcel, DeliveryState.FAILED)
    await expect(anna.part("calls").locator(".how")).to_have_text("Nachricht nicht zugestellt")


async def test_a_call_is_closed_without_a_message_and_a_reason(anna: AtWork, office: Office) -> None:
    anna.ends(wrap_up=30)
    await expect(anna.part("call").locator(".timer")).to_contain_text("beendet um")
    await anna.page.check("[name=spam]")
    await anna.page.get_by_role("button", name="Werbeanruf").click()
    await expect(anna.note.locator("[data-told]")).to_have_text("Abgeschlossen ohne Nachricht: Werbeanruf")
    await expect(anna.part("calls").locator(".how")).to_have_text("Werbeanruf")
    assert await anna.slips() == []


async def test_an_earlier_open_call_is_closed_later_in_the_same_form(anna: AtWork) -> None:
    anna.ends()
    await anna.had("vz-0")
    anna.talks("vz-2", caller="+491713920013")
    calls = anna.part("calls").locator("li")
    await expect(calls.locator(".how")).to_have_text(["gerade jetzt", "noch abzuschließen"])
    await anna.presses("Escape", "o", "Tab", "Enter")
    await expect(anna.note).to_have_attribute("data-call", "vz-0")
    await anna.page.mouse.move(640, 400)
    await anna.page.get_by_role("button", name="Auskunft erteilt").click()
    await expect(anna.note.locator("[data-told]")).to_have_text("Abgeschlossen ohne Nachricht: Auskunft erteilt")
    await expect(calls.locator(".how")).to_have_text(["gerade jetzt", "Auskunft erteilt"])


async def test_mistakes_stand_at_their_fields_and_what_was_typed_stays(anna: AtWork) -> None:
    await anna.presses("Control+Enter")
    await expect(anna.note.locator("#text-mistake")).to_contain_text("Betreff oder einen Text")
    await expect(anna.note.locator("[name=text]")).to_be_focused()
    await anna.visitor.fills(number="", subject="x" * 121)
    await anna.page.check("[value=call_back]")
    await anna.presses("Control+Enter")
    await expect(anna.note.locator("[data-summary] li")).to_have_count(2)
    await expect(anna.note.locator("#caller_name-mistake")).to_be_visible()
    await expect(anna.note.locator("#subject-mistake")).to_contain_text("höchstens 120 Zeichen")
    await expect(anna.note.locator("[name=subject]")).to_have_value("x" * 121)
    assert await anna.visitor.violations() == []
    assert await anna.slips() == []


async def test_the_whole_of_a_call_without_a_mouse(anna: AtWork, office: Office) -> None:
    for key, panel in zip("2341", ("faq", "company", "earlier", "contacts"), strict=True):
        await anna.presses(key)
        await expect(anna.page.locator(f"#panel-{panel}")).to_be_visible()
    await anna.presses("ArrowRight")
    assert await anna.focused() == "tab-faq"
    await anna.presses("m")
    await expect(anna.note.locator("[name=contact]")).to_be_focused()
    await anna.presses("Tab", "Tab")
    await anna.page.keyboard.type("Jan b p w ?")  # letters in a field are text
    await anna.presses("Tab", "Tab", "Tab", "Tab")
    await anna.page.keyboard.type("Bitte melden")
    await anna.presses("Enter")
    await anna.page.keyboard.type("heute")
    assert await anna.page.locator("#keys").is_hidden()
    assert office.desks.wishes == []
    anna.ends(wrap_up=60)
    await anna.presses("Control+Enter")
    await expect(anna.note.locator("[data-told]")).to_be_focused()
    (slip,) = await anna.slips()
    assert (slip.caller_name, slip.text) == ("Jan b p w ?", "Bitte melden\nheute")
    await anna.presses("n")
    assert await anna.focused() == "reason"
    await anna.presses("w")
    await expect(anna.part("state").locator(".big")).to_have_text("bereit")
    await anna.presses("p")
    await expect(anna.part("state").locator(".big")).to_have_text("in der Pause: kurze Pause")
    await anna.presses("b")
    await expect(anna.part("state").locator(".big")).to_have_text("bereit")


async def test_the_help_is_the_list_of_keys_and_letters_can_be_switched_off(anna: AtWork, office: Office) -> None:
    keys = anna.page.locator("#keys")
    await anna.presses("?")
    await expect(keys).to_be_visible()
    caps = await keys.locator("kbd").all_inner_texts()
    assert caps == [*"AHS1234MNTOUFZXKCVBPW", "Strg + Enter", "Esc", "?"]
    assert await anna.visitor.violations() == []
    await keys.locator("[data-letters]").uncheck()
    await anna.presses("Escape", "b")
    await expect(keys).to_be_hidden()
    assert office.desks.wishes == []
    await anna.page.reload()
    await expect(anna.part("state").locator(".big")).to_have_text("im Gespräch")
    await anna.presses("b", "Control+Enter")
    await expect(anna.note.locator("[data-summary]")).to_be_visible()
    assert office.desks.wishes == []


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (640, 450), (390, 844)])
async def test_the_help_is_seen_in_every_window_wherever_it_is_scrolled_to(
    anna: AtWork, width: int, height: int
) -> None:
    """640 is 1280 at 200 %; the keyboard goes there, and back to where it was."""
    keys, none = anna.page.locator("#keys"), anna.page.locator(".none button").first
    await anna.page.set_viewport_size({"width": width, "height": height})
    await none.focus()
    await anna.presses("?")
    await expect(keys).to_be_focused()
    await expect(keys.get_by_role("heading")).to_be_in_viewport(ratio=1)
    await keys.get_by_role("button", name="Schließen").scroll_into_view_if_needed()
    await expect(keys.get_by_role("button", name="Schließen")).to_be_in_viewport(ratio=1)
    assert await anna.visitor.violations() == []
    await anna.presses("Escape")
    await expect(keys).to_be_hidden()
    await expect(none).to_be_focused()
