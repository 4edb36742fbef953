"""The live board in a browser: who waits and works as it changes, and what a supervisor orders of it (SPEC, Desk)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route, expect

from engine.accounts import Role
from engine.ports.supervision import Listener, Refusal
from engine.terms import AgentId, AgentState, CallId, Treatment
from tests.web.board_scenes import AtBoard, caller, leading, promote
from tests.web.browsing import Visitor
from tests.web.desks import an_agent
from tests.web.office import PASSWORD, Office

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def sven(office: Office, browser: Browser) -> AsyncIterator[AtBoard]:
    """At the board; Anna is ready, two callers wait."""
    await promote(office)
    office.desks.works(an_agent("anna", "Anna Lindner", since=office.clock.now()))
    office.desks.queue_is(caller(office, 1, 70), caller(office, 2, 30))
    async with leading(office, browser) as sven:
        await expect(sven.page.locator("#line-title")).to_have_text("Warteschlange (2)")
        yield sven


async def test_a_supervisor_sees_who_waits_how_long_and_what_they_hear(sven: AtBoard, office: Office) -> None:
    assert await sven.visitor.heading() == "Leitstand"
    first = sven.row("vz-1")
    await expect(first).to_contain_text("Kanzlei Lot K1002")
    await expect(first).to_contain_text("+49 30 23120001")
    begun = caller(office, 1, 70)
    office.desks.queue_is(begun, caller(office, 2, 30))
    await expect(first.locator(".wait dd")).to_have_text("1:12")  # it ticks
    office.desks.queue_is(
        replace(begun, rings_at=AgentId("anna")),
        caller(office, 2, 30, kept_for=AgentId("sven"), to_front=True, of_call={"line": "+493099887700"}),
        caller(office, 3, 20, treatment=Treatment.DELAYED_CONNECT, max_wait=100.0, could_answer=0),
    )
    await expect(first).to_contain_text("klingelt bei Anna Lindner")
    await expect(sven.row("vz-2")).to_contain_text("vorgemerkt für Sven Sommer")
    await expect(sven.row("vz-2")).to_contain_text("kommt zuerst dran")
    await expect(sven.row("vz-2")).to_contain_text("über +49 30 99887700")
    third = sven.row("vz-3")
    await expect(third).to_contain_text("Warteschleife, zahlt noch nichts")
    await expect(third).to_contain_text("Niemand, der gerade arbeitet, darf diesen Anrufer annehmen.")
    await expect(third.locator(".wait dd").nth(1)).to_have_text("1:17")
    office.desks.queue_is()
    await expect(sven.page.locator(".line .empty")).to_have_text(" Niemand wartet.")


async def test_a_supervisor_sees_who_works_with_whom_and_who_listens(sven: AtBoard, office: Office) -> None:
    anna = sven.row("anna")
    await expect(anna).to_contain_text("bereit")
    sven.talks()
    await expect(anna).to_contain_text("im Gespräch")
    await expect(anna).to_contain_text("Bäckerei Korn K1001 +49 30 555")
    office.desks.wish(AgentId("anna"), AgentState.PAUSED, "lunch")
    await expect(anna).to_contain_text("nach dem Anruf: in der Pause")
    listen = anna.locator("[data-act=listen]")
    await expect(listen).to_be_visible()
    now = office.clock.now()
    office.desks.listens(Listener(AgentId("sven"), AgentId("anna"), CallId("vz-90"), None))
    await expect(anna).to_contain_text("Sven Sommer hört gleich mit")
    await expect(listen).to_have_count(0)  # one listener is all that a conversation may have
    office.desks.listens(Listener(AgentId("sven"), AgentId("anna"), CallId("vz-90"), now))
    await expect(anna).to_contain_text("Sven Sommer hört mit")
    await expect(listen).to_have_count(0)
    office.desks.listens()
    await expect(listen).to_be_visible()
    office.desks.hangs_up("anna", now, now + timedelta(seconds=30))
    await expect(anna).to_contain_text("endet von selbst in 0:2")
    office.desks.works(an_agent("anna", "Anna Lindner", reachable=False))
    await expect(anna).to_contain_text("Telefon nicht erreichbar")
    await expect(anna).not_to_contain_text("Korn")


async def test_every_order_is_a_button_and_says_what_came_of_it(sven: AtBoard, office: Office) -> None:
    await sven.row("vz-2").locator("[data-act=front]").click()
    await expect(sven.told).to_have_text(" Der Anrufer kommt als nächster dran.")
    await sven.page.mouse.move(0, 0)
    await expect(sven.row("vz-2")).to_contain_text("kommt zuerst dran")
    assert await sven.order() == ["vz-2", "vz-1"]
    office.desks.able[CallId("vz-1")] = frozenset()
    await sven.row("vz-1").locator("[data-act=assign]").click()
    choices = sven.page.locator("#choice button")
    await expect(choices).to_have_count(1)  # Sven is on a break
    await expect(choices).to_contain_text("ohne das, was der Kunde verlangt")
    await choices.click()
    await expect(sven.row("vz-1")).to_contain_text("vorgemerkt für Anna Lindner")
    await expect(sven.page.locator("#choice")).to_be_empty()
    await sven.row("vz-1").locator("[data-act=take]").click()
    await expect(sven.told).to_have_text(" Ihr Telefon klingelt für diesen Anrufer.")
    sven.talks()
    await sven.row("anna").locator("[data-act=choose]").click()
    await expect(sven.page.locator("#choice")).to_contain_text("Im Anruf: Was Sie wählen, gilt danach.")
    await sven.page.get_by_role("button", name="Schulung").click()
    await expect(sven.told).to_have_text(" Der Agent ist im Anruf: Die Änderung gilt danach.")
    stop = sven.page.locator("[data-act=stop]")
    await expect(stop).to_have_attribute("aria-disabled", "true")
    await sven.row("anna").locator("[data-act=listen]").click()
    await expect(stop).to_have_attribute("aria-disabled", "false")
    await expect(sven.row("anna").locator("[data-act=listen]")).to_have_count(0)
    await expect(sven.row("anna")).to_be_focused()  # who stood on the button has not lost the place
    await stop.click()
    await expect(sven.told).to_have_text(" Sie hören nicht mehr mit.")
    assert office.desks.orders == [
        ("to_front", "vz-2", "sven"), ("assign", "vz-1", "anna", "sven"), ("pick_up", "vz-1", "sven", "sven"),
        ("listen", "sven", "anna", "sven"), ("stop_listening", "sven"),
    ]  # fmt: skip
    assert office.desks.wishes == [("anna", AgentState.PAUSED, "training")]


async def test_all_of_it_works_by_keys_alone(sven: AtBoard, office: Office) -> None:
    await sven.presses("w", "ArrowDown")
    await expect(sven.row("vz-2")).to_be_focused()
    await sven.presses("v")
    await expect(sven.told).to_contain_text("als nächster")
    await sven.presses("z")
    await expect(sven.page.locator("#choice button").first).to_be_focused()
    await sven.presses("Enter")
    await expect(sven.row("vz-2")).to_be_focused()
    await sven.presses("a")
    await expect(sven.told).to_contain_text("Ihr Telefon klingelt")
    sven.talks()
    await expect(sven.row("anna")).to_contain_text("im Gespräch")
    await sven.presses("Escape", "g")
    await expect(sven.row("anna")).to_be_focused()
    await sven.presses("l")
    await expect(sven.row("anna")).to_contain_text("hört gleich mit")
    await sven.presses("x")
    await expect(sven.told).to_contain_text("nicht mehr mit")
    await sven.presses("o")
    await expect(sven.told).to_contain_text("Die Änderung gilt danach.")
    await sven.presses("b")
    await expect(sven.row("anna")).to_contain_text("nach dem Anruf: bereit")
    await sven.presses("p")
    await expect(sven.page.locator("[data-pause]").first).to_be_focused()
    await sven.presses("Escape", "Enter")
    await expect(sven.page.locator("#choice button").first).to_be_focused()
    await sven.presses("Escape", "?")
    await expect(sven.page.locator("#keys")).to_be_visible()
    await sven.page.locator("[data-letters]").uncheck()
    await sven.presses("Escape", "w", "v")
    assert [order[0] for order in office.desks.orders] == ["to_front", "assign", "pick_up", "listen", "stop_listening"]
    assert [wish[1] for wish in office.desks.wishes] == [AgentState.OFFLINE, AgentState.READY]


async def test_nothing_moves_under_the_pointer_or_the_focus(sven: AtBoard, office: Office) -> None:
    one, two, three = (caller(office, n, 90 - n) for n in (1, 2, 3))
    office.desks.queue_is(one, two)
    await sven.row("vz-2").hover()
    office.desks.queue_is(three, two)
    await expect(sven.page.locator("#held")).to_be_visible()
    await expect(sven.row("vz-1")).to_contain_text("wartet nicht mehr")
    await expect(sven.row("vz-1").locator("button").first).to_be_disabled()
    assert await sven.order() == ["vz-1", "vz-2", "vz-3"]
    await sven.page.mouse.move(0, 0)
    await expect(sven.page.locator("#held")).to_be_hidden()
    assert await sven.order() == ["vz-3", "vz-2"]
    await sven.presses("w", "ArrowDown")
    await expect(sven.row("vz-2")).to_be_focused()
    office.desks.queue_is(one, three, replace(two, rings_at=AgentId("anna")))
    await expect(sven.row("vz-2")).to_contain_text("klingelt bei Anna Lindner")
    assert await sven.order() == ["vz-3", "vz-2", "vz-1"]
    await sven.presses("Escape")
    await expect(sven.page.locator("#held")).to_be_hidden()
    assert await sven.order() == ["vz-1", "vz-3", "vz-2"]


@pytest.mark.parametrize("why", Refusal)
async def test_each_refusal_says_what_why_and_what_to_do(sven: AtBoard, office: Office, why: Refusal) -> None:
    office.desks.refuses = why
    await sven.row("vz-1").locator("[data-act=front]").click()
    notice = sven.told.locator(".bad")
    await expect(notice).to_be_visible()
    sentences = (await notice.inner_text()).strip().split(". ")
    assert len(sentences) >= 2 or ":" in sentences[0], sentences
    assert office.desks.orders == []


async def test_the_day_stands_there_in_figures_and_by_the_hour(sven: AtBoard, office: Office) -> None:
    await sven.page.goto("about:blank")
    now = office.clock.now()
    begun = now - timedelta(seconds=30)
    answered = {"outcome": "answered", "agent": "anna"}
    await office.had_call("K1001", "vz-70", begun, waited_ms=10_000, talked_ms=60_000, **answered)
    await office.had_call("K1002", "vz-71", begun, waited_ms=30_000, talked_ms=120_000, **answered)
    await office.had_call("K1002", "vz-72", begun, waited_ms=50_000)
    await office.had_call("K1002", "vz-73", begun, waited_ms=4_000)
    office.app.state.web.leading._today._known = None
    await sven.visitor.opens("/desk/board")
    await expect(sven.page.locator(".day dd")).to_have_text(["33 %", "2", "1", "0", "0:50", "0:30", "1:30"])
    await expect(sven.page.locator("#chart canvas")).to_be_visible()
    await sven.page.locator(".hours summary").click()
    await expect(sven.page.locator(".hours")).to_contain_text("von allen angenommenen und verlorenen")
    last = sven.page.locator("tr[data-begin]").last
    await expect(last.locator("td")).to_have_text(["2", "1", "0", "33 %", "0:30", "0:50", "1:30"])


async def test_a_lost_stream_says_of_when_the_picture_is_and_comes_back(sven: AtBoard, office: Office) -> None:
    sven.visitor.expects("Failed to load resource: net::ERR_FAILED")
    await sven.page.route("**/desk/board/there", _lost)
    await sven.page.evaluate("window.dispatchEvent(new Event('offline'))")
    await expect(sven.page.locator("#lost")).to_contain_text("Verbindung weg. Was Sie sehen, ist der Stand von ")
    assert ":" in await sven.page.locator("#lost time").inner_text()
    office.desks.queue_is(caller(office, 3, 5))
    await sven.page.unroute("**/desk/board/there")
    await expect(sven.row("vz-3")).to_be_visible()
    await expect(sven.page.locator("#lost")).to_be_hidden()
    user = await office.accounts.user_of("sven")
    assert user
    await office.accounts.sign_out_everywhere(user.id)
    await expect(sven.page.locator("#lost")).to_contain_text("Sie sind nicht mehr angemeldet.", timeout=8_000)


async def _lost(route: Route) -> None:
    await route.abort()


async def test_what_is_away_is_said_and_the_rest_goes_on(sven: AtBoard, office: Office) -> None:
    office.desks.is_there = False
    await expect(sven.page.locator("[data-part=health]")).to_contain_text(
        "Die Telefonanlage ist gerade nicht erreichbar"
    )
    office.desks.is_there = True
    await expect(sven.page.locator("[data-part=health]")).to_be_empty()


async def test_who_leads_without_a_telephone_lands_at_the_board_and_has_no_buttons_for_one(
    office: Office, visitor: Visitor
) -> None:
    await office.sign_up("lena", "Lena Wolf", Role.SUPERVISOR)
    office.desks.works(an_agent("anna", "Anna Lindner", AgentState.OFFLINE))
    office.desks.queue_is(caller(office, 1, 70))
    await visitor.signs_in("lena", PASSWORD)
    assert await visitor.path() == "/desk/board"
    await expect(visitor.page.locator("[data-act=front]")).to_be_visible()
    await expect(visitor.page.locator("[data-act=take]")).to_be_hidden()
    await expect(visitor.page.locator(".nobody")).to_contain_text("Niemand ist angemeldet")
    await visitor.page.click("[data-act=assign]")
    await expect(visitor.page.locator("#choice")).to_contain_text("Niemand arbeitet gerade.")


async def test_without_scripts_the_board_is_a_page_with_buttons(office: Office, browser: Browser) -> None:
    await promote(office)
    office.desks.works(an_agent("anna", "Anna Lindner"))
    office.desks.queue_is(caller(office, 1, 70), caller(office, 2, 30))
    async with leading(office, browser, java_script_enabled=False) as sven:
        await sven.row("vz-2").locator("[data-act=front]").click()
        assert "Der Anrufer kommt als nächster dran." in await sven.page.locator(".notice.good").inner_text()
        await sven.row("vz-1").locator("[data-act=assign]").click()
        await sven.page.click("#choice [value=anna]")
        assert "vorgemerkt für Anna Lindner" in await sven.row("vz-1").inner_text()
        await sven.row("anna").locator("[data-act=choose]").click()
        await sven.page.click("#choice [value='paused:lunch']")
        assert "in der Pause: Mittag" in await sven.row("anna").inner_text()
        office.desks.refuses = Refusal.NOT_WAITING
        await sven.row("vz-1").locator("[data-act=take]").click()
        assert "Dieser Anrufer wartet nicht mehr" in await sven.told.inner_text()
        await sven.visitor.opens("/desk/board/calls/vz-9")
        assert "Dieser Anrufer wartet nicht mehr" in await sven.told.inner_text()
