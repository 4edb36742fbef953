"""Blocked callers: who is blocked, whom our agents have marked, and the way back; for the customer and for support.

Rule of this file: each button is about one number and says so in its form, so two people who block at once do not
disturb each other; what is done already is done.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Response

from engine.accounts import Identity
from engine.entries import BlockedCallerEntry
from engine.entries.company import MOST_BLOCKED
from engine.entries.paths import split
from engine.service.blocking import COUNTED
from engine.service.customer_blocks import STAFF
from engine.service.customer_judging import Refused
from engine.terms import CustomerId, NotANumber
from engine.web.desk.words import NO_MESSAGE
from engine.web.forms import Field, Form, FormOf, Kind, sent_fields
from engine.web.languages import N_
from engine.web.mistakes import said_of
from engine.web.page import CustomerPage, Portal
from engine.web.portal.editing import put

router = APIRouter(prefix="/notes/blocked")
Does = Callable[[CustomerId, str, Identity], Awaitable[None]]
HERE = "/notes/blocked"
TITLE = N_("Blocked callers")
_FORM = FormOf(
    BlockedCallerEntry,
    (
        Field("number", N_("Telephone number"), Kind.TEL, N_("The caller's, as it stands in the list of calls.")),
        Field("note", N_("Note"), hint=N_("Why, for you and for our support."), optional=True),
    ),
)
_ALREADY = N_("This number is blocked already.")
_NOBODY = N_("Somebody")


@router.get("")
async def show(page: Portal, caller: str = "") -> Response:
    """All of it; `caller`: a number to begin with."""
    return await shown(page, HERE, offered(page, caller))


@router.post("")
async def block(page: Portal) -> Response:
    """Refuse this caller's calls."""
    return await blocked(page, HERE)


@router.post("/unblock")
async def unblock(page: Portal) -> Response:
    """Let this caller through again."""
    return await unblocked(page, HERE)


@router.post("/dismiss")
async def dismiss(page: Portal) -> Response:
    """Suggest this caller no more."""
    return await dismissed(page, HERE)


def offered(page: CustomerPage, caller: str = "") -> Form[BlockedCallerEntry]:
    """The form, with this number to begin with."""
    return _FORM.show(page.words, number=caller[:40] or None)


async def shown(
    page: CustomerPage, here: str, form: Form[BlockedCallerEntry], status: int = 200, **more: Any
) -> Response:
    """The page, which stands at the address `here`."""
    customer = await page.entry()
    return page.show(
        "portal/blocked.html",
        status,
        title=TITLE,
        form=form,
        here=here,
        home=more.get("home", ""),
        number=more.get("number", ""),
        callers=customer.blocked_callers[::-1],
        most=MOST_BLOCKED,
        staff=STAFF,
        suggestions=await page.web.blocking.suggestions(page.customer, page.identity),
        days=COUNTED.days,
        reasons=NO_MESSAGE,
        nobody=_NOBODY,
    )


async def blocked(page: CustomerPage, here: str, **more: Any) -> Response:
    """What was sent is blocked, or the page says why not."""
    form = await _FORM.read(page.request, page.words)
    if form.said is not None:
        try:
            if await page.web.blocking.block(page.customer, form.said.number, form.said.note, page.identity):
                return page.go(here, "caller_blocked")
            form.refuse("number", _ALREADY)
        except Refused as refused:
            for mistake in refused.mistakes:
                put(form, ".".join(split(mistake.path)[2:]), mistake)
    return await shown(page, here, form, 422, **more)


async def unblocked(page: CustomerPage, here: str, **more: Any) -> Response:
    """Let through again, or the page says why not."""
    return await _about(page, here, page.web.blocking.unblock, "caller_unblocked", **more)


async def dismissed(page: CustomerPage, here: str, **more: Any) -> Response:
    """Suggested no more, or the page says why not."""
    return await _about(page, here, page.web.blocking.dismiss, "caller_dismissed", **more)


async def _about(page: CustomerPage, here: str, does: Does, flash: str, **more: Any) -> Response:
    number = (await sent_fields(page.request)).get("number", [""])[0]
    try:
        await does(page.customer, number, page.identity)
    except (NotANumber, Refused) as problem:
        form = offered(page, number)
        wrong = problem if isinstance(problem, NotANumber) else problem.mistakes[0].wrong
        form.mistakes["number"] = said_of(wrong, page.words)
        return await shown(page, here, form, 422, **more)
    return page.go(here, flash)
