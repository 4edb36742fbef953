"""How a supervisor gets to each state of the board, and what must have happened there.

Rule of this file: as in `tests.ways`.
"""

from __future__ import annotations

from datetime import timedelta

from playwright.async_api import expect

from engine.ports.supervision import Listener, Refusal
from engine.terms import AgentId, AgentState, CallId, Treatment
from tests.web.board_scenes import caller, promote
from tests.web.browsing import Visitor
from tests.web.desks import a_call, an_agent
from tests.web.floor import FakeSupervision
from tests.web.office import Office


async def _past(office: Office) -> None:
    """What became of callers since midnight, at most eight hours back."""
    now = office.clock.now()
    for hour in range(1, 9):
        for n in range(4 + hour * 5 % 7):
            begun = now - timedelta(hours=hour - 1, minutes=5 + n)
            told = {"outcome": "answered", "agent": "anna", "talked_ms": 60_000 + n * 17_000}
            is_lost = n % 5 == 4
            waited = 45_000 if is_lost else 4_000 + n * 3_000
            more = {} if is_lost else told
            await office.had_call("K1001", f"vz-past-{hour}-{n}", begun, waited_ms=waited, **more)


def _team(office: Office, desks: FakeSupervision) -> None:
    now = office.clock.now()
    korn = office.customers["K1001"]
    call = a_call("vz-50", korn, now - timedelta(seconds=130), picked_up_at=now - timedelta(seconds=112))
    over = a_call("vz-51", korn, now - timedelta(minutes=4), ended_at=now, picked_up_at=now - timedelta(minutes=3))
    until = {"wrap_up_until": now + timedelta(seconds=25), "since": now - timedelta(seconds=5)}
    talking = {"since": now - timedelta(seconds=112), "call": call, "wish": AgentState.PAUSED}
    desks.works(an_agent("anna", "Anna Lindner", AgentState.TALKING, **talking))
    desks.works(an_agent("jonas", "Jonas Petersen", AgentState.WRAP_UP, call=over, **until))
    desks.works(an_agent("leyla", "Leyla Aydın", AgentState.PAUSED, since=now - timedelta(minutes=9), reason="lunch"))
    desks.works(an_agent("mia", "Mia Brandt", since=now - timedelta(seconds=40), reachable=False))
    desks.works(an_agent("tom", "Tom Wiese", AgentState.OFFLINE, since=now - timedelta(hours=2)))


async def busy(visitor: Visitor, office: Office) -> None:
    """Everything that a row can show."""
    if not office.desks.queue:
        await _past(office)
    await promote(office)
    _team(office, office.desks)
    office.desks.heard = [Listener(AgentId("sven"), AgentId("anna"), CallId("vz-50"), office.clock.now())]
    office.desks.queue_is(
        caller(office, 7, 12, to_front=True, kept_for=AgentId("anna")),
        caller(office, 1, 95, rings_at=AgentId("mia"), max_wait=300.0),
        caller(office, 2, 61, treatment=Treatment.DELAYED_CONNECT, max_wait=120.0),
        caller(office, 3, 40, could_answer=0, of_call={"line": "+493099887700"}),
        caller(office, 4, 8, treatment=Treatment.RINGING, of_call={"caller": None}),
    )
    await visitor.opens("/desk/board")
    await expect(visitor.page.locator("#chart canvas")).to_be_visible()


async def quiet(visitor: Visitor, office: Office) -> None:
    """Nobody waits, nobody is signed in, nobody has called."""
    await promote(office, state=AgentState.OFFLINE)
    office.desks.works(an_agent("anna", "Anna Lindner", AgentState.OFFLINE))
    await visitor.opens("/desk/board")
    await expect(visitor.page.locator(".nobody")).to_be_visible()


async def assigning(visitor: Visitor, office: Office) -> None:
    await busy(visitor, office)
    office.desks.able[CallId("vz-2")] = frozenset({AgentId("anna")})
    await visitor.page.click("[data-key='vz-2'] [data-act=assign]")
    await expect(visitor.page.locator("#choice button").first).to_be_focused()


async def choosing_state(visitor: Visitor, office: Office) -> None:
    await busy(visitor, office)
    await visitor.page.click("[data-key=anna] [data-act=choose]")
    await expect(visitor.page.locator("#choice button").first).to_be_focused()


async def refused(visitor: Visitor, office: Office) -> None:
    await busy(visitor, office)
    office.desks.refuses = Refusal.NOT_WAITING
    await visitor.page.click("[data-key='vz-4'] [data-act=front]")
    await expect(visitor.page.locator("#told .bad")).to_be_visible()
    office.desks.refuses = None


async def away(visitor: Visitor, office: Office) -> None:
    """The switch is away, and so is the server a moment later."""
    office.desks.is_there = False
    await busy(visitor, office)
    await visitor.page.route("**/desk/board/*", lambda route: route.abort())
    await visitor.page.evaluate("window.dispatchEvent(new Event('offline'))")
    await expect(visitor.page.locator("#lost")).to_be_visible()
    visitor.expects("Failed to load resource: net::ERR_FAILED")
    office.desks.is_there = True


async def keys(visitor: Visitor, office: Office) -> None:
    await busy(visitor, office)
    await visitor.page.keyboard.press("?")
    await expect(visitor.page.locator("#keys")).to_be_visible()
