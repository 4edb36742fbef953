"""How an agent gets to each state of the desk, and what must have happened there.

Rule of this file: as in `tests.ways`.
"""

from __future__ import annotations

from datetime import timedelta

from playwright.async_api import expect

from engine.acd.agents import BROWSER_CLOSED, HeldOff
from engine.message.slip import Tick
from engine.ports.desk import LineNow
from engine.ports.messages import Wanted
from engine.ports.putting_through import Stage
from engine.terms import AgentState, CallId
from tests.customers import SUPPORT
from tests.ways import Way
from tests.web.browsing import Visitor
from tests.web.desk_scenes import ALBERS, DEAR, KORN, hire
from tests.web.desks import a_call, an_agent
from tests.web.office import Office
from tests.web.through_scenes import stands, with_targets

ANNA = "anna"


async def _day(office: Office) -> None:
    """Half a day: two calls, one of them still to be closed, and a team."""
    now = office.clock.now()
    await office.set("K1001", KORN)
    await hire(office, since=now - timedelta(minutes=3))
    if not await office.messages.page(office.customers["K1001"], Wanted(), 1, SUPPORT):
        told = {"agent": ANNA, "outcome": "answered", "caller": ALBERS}
        for n, call in enumerate(("vz-81", "vz-82"), 1):
            begun = now - timedelta(minutes=20 * n)
            await office.had_call("K1001", call, begun, picked_up_at=begun, talked_ms=70_000 * n, **told)
        taken = {"caller_name": "Herr Albers", "subject": "Torte", "ticks": frozenset({Tick.CALL_BACK})}
        await office.took("K1001", now - timedelta(minutes=39), call=CallId("vz-82"), contact="Eva Korn", **taken)
    desks = office.desks
    desks.works(an_agent("jonas", "Jonas Petersen", AgentState.TALKING, since=now - timedelta(minutes=2)))
    desks.works(an_agent("leyla", "Leyla Aydın", AgentState.PAUSED, since=now - timedelta(minutes=9), reason="lunch"))
    desks.line_now = LineNow(3, now - timedelta(seconds=75))


async def idle(visitor: Visitor, office: Office) -> None:
    await _day(office)
    await visitor.opens("/desk")


async def gone(visitor: Visitor, office: Office) -> None:
    """Back at the desk, after the browser had been closed."""
    await _day(office)
    since = office.clock.now() - timedelta(minutes=12)
    await hire(office, state=AgentState.OFFLINE, since=since, reason=BROWSER_CLOSED)
    await visitor.opens("/desk")


async def left_alone(visitor: Visitor, office: Office) -> None:
    """A call was not picked up a moment ago."""
    await _day(office)
    until = office.clock.now() + timedelta(seconds=30)
    await hire(office, held_off_until=until, why_held_off=HeldOff.MISSED)
    await visitor.opens("/desk")


async def signing_out(visitor: Visitor, office: Office) -> None:
    """In the middle of a call."""
    await talking("1")(visitor, office)
    await visitor.opens("/desk")
    await visitor.page.evaluate("document.querySelector('[action=\"/sign-out\"]').requestSubmit()")
    await expect(visitor.page.locator("#leaving")).to_be_visible()


async def phone(visitor: Visitor, office: Office) -> None:
    """The window of its own, before the browser was asked for the microphone."""
    await visitor.opens("/desk/phone")
    await expect(visitor.page.locator("#phone-set[data-state=off]")).to_be_visible()
    await visitor.page.locator("#phone-set > details:not([data-when]) summary").click()


async def ringing(visitor: Visitor, office: Office) -> None:
    await _day(office)
    now = office.clock.now()
    call = a_call("vz-90", office.customers["K1001"], now - timedelta(seconds=20), caller=ALBERS, line="+493099887700")
    office.desks.rings(ANNA, call)
    await visitor.opens("/desk")


def talking(tab: str) -> Way:
    """In conversation, with this tab open."""

    async def way(visitor: Visitor, office: Office) -> None:
        await ringing(visitor, office)
        office.desks.picks_up(ANNA, office.clock.now() - timedelta(seconds=5))
        await expect(visitor.page.locator("[data-state=talking]")).to_be_visible()
        await visitor.page.click(f"[role=tab][data-tab='{tab}']")
        if tab == "2":
            await visitor.page.locator("summary").first.click()

    return way


async def by_the_minute(visitor: Visitor, office: Office) -> None:
    await talking("1")(visitor, office)
    await office.set("K1001", DEAR)
    await expect(visitor.page.locator(".law")).to_be_visible()


def put_through(stage: Stage) -> Way:
    """Eva is away, her deputy is tried; the first of two numbers was busy."""

    async def way(visitor: Visitor, office: Office) -> None:
        await talking("1")(visitor, office)
        await office.set("K1001", {"contacts": with_targets()})
        await visitor.opens("/desk")
        office.desks.is_put_through(ANNA, stands(stage, office.clock.now() - timedelta(seconds=12)))
        await expect(visitor.page.locator("#through .tried")).to_contain_text("1.")

    return way


async def may_be_put_through(visitor: Visitor, office: Office) -> None:
    """The buttons at each contact."""
    await talking("1")(visitor, office)
    await office.set("K1001", {"contacts": with_targets()})
    await expect(visitor.page.locator("[data-through]").first).to_be_visible()


async def wrap_up(visitor: Visitor, office: Office) -> None:
    await talking("1")(visitor, office)
    await visitor.fills(caller_name="Herr Albers", text="Holt die Torte am Samstag um 10 Uhr ab.")
    await visitor.page.check("[value=call_back]")
    now = office.clock.now()
    office.desks.hangs_up(ANNA, now, now + timedelta(seconds=30))
    await expect(visitor.page.locator("[data-state=wrap_up]")).to_be_visible()


async def saved(visitor: Visitor, office: Office) -> None:
    await wrap_up(visitor, office)
    await visitor.page.click("[data-act=save]")
    await expect(visitor.page.locator("#message [data-told]")).to_be_visible()


async def mistakes(visitor: Visitor, office: Office) -> None:
    await talking("1")(visitor, office)
    await visitor.fills(number="", subject="Torte " * 25)
    await visitor.page.check("[value=call_back]")
    await visitor.page.click("[data-act=save]")
    await expect(visitor.page.locator("[data-summary]")).to_be_visible()


async def own_fields(visitor: Visitor, office: Office) -> None:
    await talking("1")(visitor, office)
    fields = [{"label": "Kundennummer", "required": True}, {"label": "Größe", "kind": "choice", "choices": ["M", "L"]}]
    await office.set("K1001", {"message_fields": fields})
    await visitor.opens("/desk")
    await visitor.fills(text="Eine Torte.")
    await visitor.page.click("[data-act=save]")
    await expect(visitor.page.locator("[data-summary]")).to_be_visible()


async def keys(visitor: Visitor, office: Office) -> None:
    await talking("1")(visitor, office)
    await visitor.page.click(".settings [data-act=help]")
