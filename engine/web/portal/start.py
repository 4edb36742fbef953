"""The first page after signing in: at one look whether calls are being taken, what came in, what is wrong."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Response
from starlette.responses import RedirectResponse

from engine.accounts import Role
from engine.directory.forwarding import Forwards, forwarding_codes
from engine.hours.opening import open_at
from engine.ports.messages import Wanted
from engine.service.customers import ZONE
from engine.terms import E164
from engine.web.languages import N_
from engine.web.page import CustomerPage, Signed
from engine.web.portal import message_words
from engine.web.portal.line_state import first_day, warnings

router = APIRouter()
_STAFF = {Role.SUPPORT: "/support", Role.ADMIN: "/support", Role.SUPERVISOR: "/desk/board"}
_PBX = "0"
"""What most own exchanges want before a number outside."""
_LATEST = 3
"""Messages that are shown."""
_WHEN = {
    Forwards.AT_ONCE: N_("Every call at once"),
    Forwards.NO_ANSWER: N_("When you do not answer"),
    Forwards.BUSY: N_("When your line is busy"),
}


@router.get("/")
async def start(page: Signed) -> Response:
    """A customer's start page; the others go on to where they work."""
    if page.identity.tenant is None:
        place = "/desk" if page.identity.agent is not None else _STAFF.get(page.identity.role, "/account")
        return RedirectResponse(place if place in page.request.app.state.paths else "/account", 303)
    return await _start(CustomerPage(page.request, page.session))


async def _start(page: CustomerPage) -> Response:
    web, now = page.web, page.web.clock.now()
    customer = await page.entry()
    rules, seen = web.customers.rules(), await web.calls.lines(page.customer)
    todo = first_day(customer, seen)
    return page.show(
        "portal/start.html",
        title=N_("Start"),
        ready=web.ready(),
        blocked=customer.blocked,
        opening=open_at(await web.customers.hours(customer), now),
        now=now,
        today=await web.calls.since(page.customer, _midnight(now)),
        count=await web.messages.count(page.customer, page.identity),
        messages=await web.messages.page(page.customer, Wanted(), _LATEST, page.identity),
        said=message_words,
        seen=seen,
        warned=warnings(customer, seen, rules, now),
        todo=todo,
        is_new=not all(one.done for one in todo),
        numbers=[_codes(E164(number), rules.country) for number in customer.access_numbers],
        when=_WHEN,
    )


def _midnight(now: datetime) -> datetime:
    return now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


def _codes(number: E164, country: str) -> tuple[E164, list[tuple[str, list[object]]]]:
    """The access number with its codes at the carrier and in an own exchange."""
    carrier, pbx = (list(forwarding_codes(number, outside, country)) for outside in ("", _PBX))
    return number, [
        (N_("At your telephone provider"), [*carrier]),
        (N_("In an exchange of your own that wants 0 for an outside line"), [*pbx]),
    ]
