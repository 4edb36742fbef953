"""Messages for certain callers, answers to what is often asked (§5.4, §5.5), and what is to be asked in every message.

Rule of this file: five of each at most, eight of the last; a row that is left empty is none.
"""

from __future__ import annotations

from fastapi import APIRouter, Response

from engine.entries import CustomerEntry
from engine.entries.company import MOST_NOTES
from engine.entries.message_fields import MOST_FIELDS
from engine.web.forms import Field, Form, FormOf, Kind, Rows
from engine.web.languages import N_
from engine.web.page import CustomerPage, Portal
from engine.web.portal.editing import SAVED, Part

router = APIRouter()
KINDS = {
    "text": N_("Text"),
    "number": N_("A number"),
    "date": N_("A day"),
    "choice": N_("One of several answers"),
    "yes_no": N_("Yes or no"),
}
_NOTES = Rows(
    "vip_notes",
    N_("VIP note {n}"),
    (
        Field("vip_notes.*.who", N_("For whom"), hint=N_("The name by which our agents recognise the caller.")),
        Field(
            "vip_notes.*.numbers",
            N_("Telephone numbers"),
            Kind.LINES,
            N_("One per line: then our agents see at once that it is this caller."),
            optional=True,
        ),
        Field("vip_notes.*.message", N_("Message for the caller"), Kind.AREA),
        Field("vip_notes.*.since", N_("Shown from"), Kind.MOMENT, N_("Left empty: at once."), optional=True),
        Field("vip_notes.*.until", N_("Shown until"), Kind.MOMENT, N_("Left empty: for good."), optional=True),
    ),
    most=MOST_NOTES,
    ordered=True,
)
_FAQ = Rows(
    "faq",
    N_("Topic {n}"),
    (
        Field("faq.*.heading", N_("Heading"), hint=N_("Our agents see it during the call.")),
        Field("faq.*.text", N_("Information or instruction"), Kind.AREA, N_("Our agents open it when it is needed.")),
    ),
    most=MOST_NOTES,
    ordered=True,
)
_FIELDS = Rows(
    "message_fields",
    N_("Field {n}"),
    (
        Field("message_fields.*.label", N_("What is to be asked"), hint=N_("Such as “Customer number”.")),
        Field(
            "message_fields.*.kind",
            N_("Kind of answer"),
            Kind.SELECT,
            N_("Left empty: a text."),
            optional=True,
            choices=KINDS,
        ),
        Field("message_fields.*.choices", N_("Answers to choose from"), Kind.LINES, N_("One per line."), optional=True),
        Field("message_fields.*.required", N_("Our agents are reminded if nothing is entered"), Kind.CHECK),
    ),
    most=MOST_FIELDS,
    ordered=True,
)
_SECTIONS = (
    (
        N_("VIP notes"),
        N_("Messages for certain callers, five at most. After saving there is room for another one."),
        [_NOTES.name],
    ),
    (
        N_("Mini FAQ"),
        N_("Situations that occur often on the telephone, five at most. After saving there is room for another one."),
        [_FAQ.name],
    ),
    (
        N_("Own fields in messages"),
        N_(
            "What our agents ask every caller for beside the usual, eight at most; it stands in the message. After "
            "saving there is room for another one."
        ),
        [_FIELDS.name],
    ),
)
_PART = Part(FormOf(CustomerEntry, (_NOTES, _FAQ, _FIELDS)))


@router.get("/notes")
async def show(page: Portal) -> Response:
    """All of it."""
    return await _page(page, await _PART.show(page))


@router.post("/notes")
async def save(page: Portal) -> Response:
    """From the next call on."""
    form, status = await _PART.save(page)
    return page.go("/notes", "saved") if status == SAVED else await _page(page, form, status)


async def _page(page: CustomerPage, form: Form[CustomerEntry], status: int = 200) -> Response:
    return page.show(
        "portal/notes.html",
        status,
        title=N_("VIP & FAQ"),
        form=form,
        sections=_SECTIONS,
        blocked=len((await page.entry()).blocked_callers),
        suggested=len(await page.web.blocking.suggestions(page.customer, page.identity)),
    )
