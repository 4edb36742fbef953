"""How agents answer, and what they tell callers in general (§5.1).

Rule of this file: two weeks after the account went live the greeting is shown as text, unless support is at work; the
service refuses it all the same.
"""

from __future__ import annotations

from fastapi import APIRouter, Response

from engine.accounts import Action
from engine.directory.greeting import GREETING_LENGTH, INSTRUCTIONS_LENGTH, spoken
from engine.entries import CustomerEntry
from engine.web.forms import Field, Form, FormOf, Kind, sent_fields
from engine.web.languages import N_
from engine.web.page import CustomerPage, Portal
from engine.web.portal.editing import SAVED, Part

router = APIRouter()
AGENT = "Anna Lindner"
"""Whose name the preview has."""
_GREETING = Field(
    "greeting",
    N_("Greeting"),
    Kind.AREA,
    N_("With this our agents answer your calls. {agent} stands for the agent's name."),
    optional=True,
    length=GREETING_LENGTH,
)
_OTHERS = (
    Field(
        "absence_reason",
        N_("Why nobody can be reached"),
        Kind.AREA,
        N_("Callers are told this where it helps, such as: everybody is at the trade fair."),
        optional=True,
    ),
    Field(
        "back_from",
        N_("Can be reached again from"),
        Kind.MOMENT,
        N_("Afterwards the reason above is not told any more. Fill in this or the next field, not both."),
        optional=True,
    ),
    Field(
        "back_from_text",
        N_("Can be reached again, in your words"),
        hint=N_("Such as: tomorrow afternoon."),
        optional=True,
    ),
    Field(
        "instructions",
        N_("Instructions for our agents"),
        Kind.AREA,
        N_("As short as possible, so that an agent can take it in during the call."),
        optional=True,
        length=INSTRUCTIONS_LENGTH,
    ),
)
_FREE = Part(FormOf(CustomerEntry, (_GREETING, *_OTHERS)))
_LOCKED = Part(FormOf(CustomerEntry, _OTHERS))


@router.get("/greeting")
async def show(page: Portal) -> Response:
    """All of §5.1."""
    locked = await _is_locked(page)
    return await _page(page, await (_LOCKED if locked else _FREE).show(page), locked)


@router.post("/greeting")
async def save(page: Portal) -> Response:
    """From the next call on."""
    # Who began to write before the two weeks were over is told what became of it.
    locked = await _is_locked(page) and "greeting" not in await sent_fields(page.request)
    form, status = await (_LOCKED if locked else _FREE).save(page)
    return page.go("/greeting", "saved") if status == SAVED else await _page(page, form, locked, status)


async def _is_locked(page: CustomerPage) -> bool:
    if page.identity.may(Action.EDIT_GREETING_LOCKED):
        return False
    return await page.web.customers.is_greeting_locked(page.customer, await page.entry())


async def _page(page: CustomerPage, form: Form[CustomerEntry], locked: bool, status: int = 200) -> Response:
    return page.show(
        "portal/greeting.html",
        status,
        title=N_("Greeting & information"),
        form=form,
        locked=locked,
        agent=AGENT,
        preview=spoken(form.value("greeting") or "", AGENT),
    )
