"""The desk during a call: it rings, is talked, ends; what to say stands there before anybody speaks (SPEC, Desk)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from engine.accounts import Role
from engine.message.slip import Tick
from engine.message.states import DeliveryState, Means
from engine.ports.messages import Delivery
from engine.service import known_customers
from engine.service.catalogue import CatalogueService
from engine.store.catalogue import StoredCatalogue
from engine.terms import AgentId, AgentState, CallId
from engine.web.desk import events
from tests.catalogue import RULES
from tests.customers import SUPPORT
from tests.web.asking import asking
from tests.web.browsing import Visitor
from tests.web.desk_scenes import ALBERS, DEAR, KORN, AtWork, at_work, hire
from tests.web.desks import an_agent
from tests.web.office import CATALOGUE, PASSWORD, Office

pytestmark = pytest.mark.asyncio(loop_scope="session")
GREETING = "Bäckerei Korn, mein Name ist Anna Lindner, guten Tag."
PAINTED = """() => new Promise(done => new MutationObserver(() => {
    if (document.querySelector(".greeting")) done(performance.timeOrigin + performance.now());
}).observe(document.getElementById("desk"), {subtree: true, childList: true}))"""


@pytest_asyncio.fixture(loop_scope="session")
async def anna(office: Office, browser: Browser) -> AsyncIterator[AtWork]:
    """At her desk, ready, for a customer who has told everything."""
    await hire(office)
    await office.set("K1001", KORN)
    async with at_work(office, browser) as anna:
        yield anna


async def test_an_agent_lands_at_the_desk_which_tells_of_the_day_the_line_and_the_team(
    anna: AtWork, office: Office
) -> None:
    assert await anna.visitor.heading() == "Telefonmaske"
    await expect(anna.part("state").locator(".big")).to_have_text("bereit")
    now = office.clock.now()
    office.desks.line_is(2, now - timedelta(seconds=70))
    await expect(anna.part("line").locator("dd").first).to_have_text("2")
    await expect(anna.part("line").locator("time")).to_have_text("1:12")
    office.desks.works(an_agent("jonas", "Jonas Petersen", AgentState.PAUSED, reason="lunch", since=now))
    await expect(anna.part("team").locator("li")).to_contain_text(["Anna Lindner (Sie)", "in der Pause: Mittag"])
    await expect(anna.part("figures").locator("dd")).to_have_text(["0", "0:00", "0", "0"])
    await anna.page.get_by_role("button", name="Menü").click()
    await expect(anna.page.locator("nav a[aria-current]")).to_have_text("Telefonmaske")


async def test_the_days_figures_are_todays_and_what_is_open_is_of_all_days(anna: AtWork, office: Office) -> None:
    begun = office.clock.now() - timedelta(days=1)
    told = {"agent": "anna", "outcome": "answered", "talked_ms": 60_000, "picked_up_at": begun}
    await office.had_call("K1001", "vz-80", begun, **told)
    office.desks.works(an_agent("anna", "Anna Lindner", since=office.clock.now()))
    await expect(anna.part("figures").locator("dd")).to_have_text(["0", "0:00", "0", "1"])
    await expect(anna.part("calls").locator("li.open")).to_have_count(1)


async def test_5_2_3_the_desk_says_which_message_was_not_delivered(anna: AtWork, office: Office) -> None:
    begun, how = office.clock.now() - timedelta(minutes=5), anna.part("calls").locator(".how")
    await office.had_call("K1001", "vz-80", begun, agent="anna", outcome="answered", picked_up_at=begun)
    message = await office.took("K1001", begun, call=CallId("vz-80"))
    mail = Delivery(Means.MAIL, "Eva Korn", "eva@korn.example", DeliveryState.SENT, begun)
    await office.sent("K1001", message, mail, replace(mail, state=DeliveryState.FAILED))
    office.desks.works(an_agent("anna", "Anna Lindner", since=office.clock.now()))
    await expect(how).to_have_text("Nachricht nicht zugestellt")
    _, lost = (await office.messages.find(office.customers["K1001"], message, SUPPORT)).deliveries
    await office.messages.send_again(office.customers["K1001"], message, lost.id, SUPPORT)
    office.desks.works(an_agent("anna", "Anna Lindner", since=office.clock.now()))
    await expect(how).to_have_text("Nachricht")


async def test_5_1_when_it_rings_everything_to_say_is_there(anna: AtWork) -> None:
    anna.rings()
    call = anna.part("call")
    await expect(call.locator(".greeting")).to_have_text(GREETING)
    await expect(call.locator("#customer")).to_have_text("Bäckerei Korn K1001")
    await expect(call.locator(".band dd")).to_have_text(["+49 30 23125081", "+49 30 99887700"])
    await expect(call.locator(".timer")).to_contain_text("klingelt; wartet seit 0:")
    await expect(call.locator(".away-reason")).to_have_text("Alle backen. Wieder erreichbar ab: ab 16 Uhr")
    await expect(call.locator(".instructions p")).to_have_text(str(KORN["instructions"]))
    await expect(call.locator(".vip li")).to_have_text(
        ["Diese Nummer ruft gerade an: Herr Albers: Die Torte ist fertig.", "Frau Krüger: Bitte die Backstube rufen."]
    )
    await expect(call.locator(".law")).to_have_count(0)
    await expect(anna.page.locator("#told")).to_have_text("Anruf für Bäckerei Korn von +49 30 23125081")
    await expect(anna.page).to_have_title("☎ Anruf für Bäckerei Korn von +49 30 23125081")
    await expect(anna.part("state").locator(".big")).to_have_text("es klingelt")
    await expect(anna.page.locator("#message [name=number]")).to_have_value(ALBERS)
    assert await anna.visitor.violations() == []


async def test_the_ring_is_painted_by_itself_and_the_first_sentence_needs_no_scrolling(anna: AtWork) -> None:
    await anna.page.set_viewport_size({"width": 1280, "height": 800})
    await anna.page.evaluate(f"() => {{ window.painted = ({PAINTED})() }}")
    anna.rings()
    assert await anna.page.evaluate("window.painted")  # how soon: tests/bench/desks.py
    box = await anna.page.locator(".greeting").bounding_box()
    assert box and box["y"] + box["height"] < 400


async def test_the_tabs_tell_of_contacts_answers_company_and_earlier_calls(anna: AtWork, office: Office) -> None:
    long_ago = office.clock.now() - timedelta(days=30)
    korn = {"agent": None, "outcome": "abandoned", "caller": ALBERS}
    await office.had_call("K1001", "vz-0", long_ago, **korn)
    taken = {"call": CallId("vz-0"), "contact": "Eva Korn", "subject": "Torte", "ticks": frozenset({Tick.INFORMATION})}
    await office.took("K1001", long_ago, **taken)
    await office.had_call("K1002", "vz-x", long_ago, **korn)
    anna.talks()
    panels = anna.page.locator("[role=tabpanel]:visible")
    await expect(panels.locator("li")).to_contain_text(["Bäckermeisterin, Backstube", "gerade anwesend"])
    eva = await panels.locator("li").first.inner_text()
    assert "abwesend bis 04.01.99, 08:00 Uhr; Vertretung: Max Korn (Urlaub)" in eva.replace("\u202f", " ")
    await anna.presses("2")
    await expect(panels.locator("summary")).to_have_text([one["heading"] for one in KORN["faq"]])
    await expect(panels.get_by_text("Im Hof.")).to_be_hidden()
    await panels.locator("summary").last.click()
    await expect(panels.get_by_text("Im Hof.")).to_be_visible()
    anna.ends(wrap_up=30)
    await expect(anna.part("call").locator(".timer")).to_contain_text("beendet um")
    await expect(panels.get_by_text("Im Hof.")).to_be_visible()  # what comes in closes nothing
    await anna.page.get_by_role("tab", name="Firma").click()
    await expect(panels.locator("dd")).to_have_text(
        ["Bäckerei Korn GmbH", "Mühlenweg 3\n10115 Berlin", "www.korn.example"]
    )
    await anna.presses("4")
    await expect(panels.locator("li")).to_have_count(1)
    await expect(panels.locator("li")).to_contain_text("für Eva Korn: Torte – Der Ofen ist kalt.")


async def test_states_and_wrap_up_by_buttons_and_by_themselves(anna: AtWork, office: Office) -> None:
    big, state = anna.part("state").locator(".big"), anna.part("state")
    anna.talks()
    await expect(big).to_have_text("im Gespräch")
    await anna.page.select_option("[name=reason]", "lunch")
    await anna.presses("p")
    await expect(state).to_contain_text("nach dem Anruf: in der Pause")
    await anna.presses("b")
    await expect(state).to_contain_text("nach dem Anruf: bereit")
    anna.ends(wrap_up=30)
    await expect(big).to_have_text("Nachbearbeitung")
    await expect(state.locator("time[data-until]")).to_have_text("0:29")
    await anna.presses("w")
    await expect(big).to_have_text("bereit")
    await anna.page.click("[value=offline]")
    await expect(big).to_have_text("abgemeldet")
    assert office.desks.wishes == [
        ("anna", AgentState.PAUSED, "lunch"), ("anna", AgentState.READY, None), ("anna", AgentState.OFFLINE, None),
    ]  # fmt: skip
    await hire(office, reachable=False)
    await expect(state).to_contain_text("Das Telefon in Ihrem Browser ist nicht verbunden.")


async def test_who_is_listened_to_sees_by_whom(anna: AtWork, office: Office) -> None:
    anna.talks()
    state = anna.part("state")
    await expect(state.locator(".big")).to_have_text("im Gespräch")
    await expect(state).not_to_contain_text("mitgehört")
    office.desks.works(replace(office.desks.agents[AgentId("anna")], heard_by="Sarah Lang"))
    await expect(state.get_by_text("Wird mitgehört von Sarah Lang")).to_be_visible()
    anna.ends()
    office.desks.works(replace(office.desks.agents[AgentId("anna")], heard_by=None))
    await expect(state).not_to_contain_text("mitgehört")


async def test_l3_on_a_line_by_the_minute_the_desk_says_what_is_off(anna: AtWork, office: Office) -> None:
    anna.talks()
    await expect(anna.part("call").locator(".greeting")).to_be_visible()
    await office.set("K1001", DEAR)
    law = anna.part("call").locator(".law")
    await expect(law).to_contain_text("Verbinden, Rückfragen und Halten sind deshalb nicht erlaubt.", timeout=2_000)
    await expect(law.locator("small")).to_have_text("§ 115 TKG")


async def test_6_1_what_a_customer_changes_is_on_open_desks_within_a_second(anna: AtWork, office: Office) -> None:
    anna.talks()
    await expect(anna.part("call").locator(".greeting")).to_have_text(GREETING)
    await office.set("K1001", {"greeting": "Korn und Söhne, {agent}, guten Tag."})
    said = "Korn und Söhne, Anna Lindner, guten Tag."
    await expect(anna.part("call").locator(".greeting")).to_have_text(said, timeout=1_500)
    option = anna.note.locator("[name=contact] option[value='Eva Korn']")
    await expect(option).to_have_text("Eva Korn")
    await office.set("K1001", {"contacts/Eva Korn/absence": {"deputy": "Max Korn", "messages": "deputy"}})
    await expect(option).to_have_text("Eva Korn – abwesend, geht an Max Korn", timeout=1_500)


async def test_6_1_what_another_process_changes_is_there_within_a_second_too(anna: AtWork, office: Office) -> None:
    """As `vorzimmer import` does, which tells this one nothing."""
    assert known_customers.FRESH + events.LOOK <= 0.8, "and some time to tell it"
    anna.talks()
    await expect(anna.part("call").locator(".greeting")).to_contain_text("Bäckerei Korn")
    greeted = CATALOGUE.replace("name: Bäckerei Korn,", "name: Bäckerei Korn, greeting: 'Servus, {agent}',")
    await CatalogueService(StoredCatalogue(office.database), RULES).import_text(greeted)
    await expect(anna.part("call").locator(".greeting")).to_contain_text("Servus")


async def test_a_call_that_only_rings_is_closed_by_nobody(office: Office) -> None:
    """It may be another's yet."""
    await hire(office)
    at = AtWork(None, office)  # type: ignore[arg-type]
    at.rings()
    async with asking(office, "anna") as anna:
        for reason in ("sales", "taken_down"):
            status, _, page = await anna.sends("/desk/calls/vz-1/close", reason=reason, spam="on")
            assert (status, "Nehmen Sie zuerst an" in page) == (422, True)
        at.picks_up()
        assert (await anna.sends("/desk/calls/vz-1/close", reason="sales"))[0] == 303


async def test_a_hidden_number_and_a_customer_who_has_told_nothing(anna: AtWork) -> None:
    anna.rings(customer="K1002", caller=None, line=None, name="Kanzlei Lot", number="K1002")
    call = anna.part("call")
    said = "Kanzlei Lot, mein Name ist Anna Lindner. Was kann ich für Sie tun?"
    await expect(call.locator(".greeting")).to_have_text(said)
    await expect(call.locator(".band dd")).to_have_text(["unbekannte Nummer", "vom Netz nicht genannt"])
    await anna.presses("4")
    await expect(call.locator("[role=tabpanel]:visible")).to_contain_text("Die Nummer ist unterdrückt")
    await expect(anna.page.locator("#message [name=number]")).to_have_value("")


async def test_who_rings_in_vain_leaves_the_desk_as_it_was(anna: AtWork, office: Office) -> None:
    anna.rings()
    await expect(anna.page.locator("#message .about")).to_contain_text("Bäckerei Korn")
    await hire(office)
    await expect(anna.page.locator(".idle .big")).to_be_visible()
    await expect(anna.page.locator("#message .about")).to_have_text("Öffnet sich mit dem nächsten Anruf.")
    await expect(anna.page).to_have_title("Telefonmaske – Vorzimmer")


async def test_the_ring_tone_is_chosen_once_and_kept_by_the_browser(anna: AtWork) -> None:
    tone = anna.page.locator("[data-tone]")
    await expect(tone).to_have_value("")
    await tone.select_option("bright")
    await anna.page.reload()
    await expect(tone).to_have_value("bright")
    await anna.page.locator(
        ".settings [data-act=help]"
    ).dblclick()  # browsers let a page sound once somebody has used it
    heard = """() => {
        window.tones = 0;
        OscillatorNode.prototype.start = () => { window.tones += 1 };
        OscillatorNode.prototype.stop = () => {};
    }"""
    await anna.page.evaluate(heard)
    anna.rings()
    while await anna.page.evaluate("window.tones") < 4:  # it is said again and again
        await anna.page.wait_for_timeout(100)
    anna.picks_up()
    await expect(anna.part("state").locator(".big")).to_have_text("im Gespräch")
    tones = await anna.page.evaluate("window.tones")
    await anna.page.wait_for_timeout(2_200)
    assert await anna.page.evaluate("window.tones") == tones


async def test_without_scripts_the_desk_is_a_page_with_buttons(office: Office, browser: Browser) -> None:
    await hire(office)
    await office.set("K1001", KORN)
    async with at_work(office, browser, java_script_enabled=False) as anna:
        anna.talks()
        await anna.visitor.opens("/desk")
        assert await anna.page.locator(".greeting").inner_text() == GREETING
        await anna.page.fill("[name=text]", "Bitte zurückrufen.")
        await anna.page.click("[data-act=save]")
        assert await anna.page.locator("#message [data-told] p").inner_text() == " Gespeichert"
        await anna.page.click("[data-act=pause]")
        assert "nach dem Anruf: in der Pause" in await anna.part("state").inner_text()
    assert [one.text for one in await anna.slips()] == ["Bitte zurückrufen."]


async def test_who_is_no_agent_has_no_desk(office: Office, visitor: Visitor) -> None:

    await office.sign_up("sven", "Sven Sommer", Role.SUPERVISOR)
    await visitor.signs_in("sven", PASSWORD)
    assert await visitor.path() == "/desk/board"
    await visitor.opens("/desk")
    assert await visitor.heading() == "Das dürfen Sie nicht sehen"
