"""The daily summary of all messages: to whom it goes, when, and how the last ones were delivered (§5.2.3).

Rule of this file: a contact's own summary is entered with the contact; what became of it is shown here as well.
"""

from __future__ import annotations

from fastapi import APIRouter, Response

from engine.accounts import Role
from engine.entries import CustomerEntry
from engine.entries.digest import MOST_ADDRESSES
from engine.web.forms import Field, Form, FormOf, Kind, Values
from engine.web.languages import N_
from engine.web.page import CustomerPage, Portal
from engine.web.portal import message_words as said
from engine.web.portal.digest_form import digest_fields, digest_meant, digest_shown
from engine.web.portal.editing import SAVED, Part

router = APIRouter()
_HINT = N_("Messages that nobody has read yet are marked.")
_MAIL = Field("digest.mail", N_("E-mail addresses"), Kind.LINES, N_("Five at most, one per line."), optional=True)
assert MOST_ADDRESSES == 5, "the hint says so"


def _shown(model: Values) -> Values:
    return {**model, "digest": digest_shown(model.get("digest"))}


def _meant(values: Values) -> Values:
    return {**values, "digest": digest_meant(values["digest"])}


_PART = Part(FormOf(CustomerEntry, (*digest_fields("digest", _HINT), _MAIL), _shown, _meant))


@router.get("/messages/summary")
async def show(page: Portal) -> Response:
    """As it stands now."""
    return await _page(page, await _PART.show(page))


@router.post("/messages/summary")
async def save(page: Portal) -> Response:
    """From the next summary on."""
    form, status = await _PART.save(page)
    return page.go("/messages/summary", "changed") if status == SAVED else await _page(page, form, status)


async def _page(page: CustomerPage, form: Form[CustomerEntry], status: int = 200) -> Response:
    customer = await page.entry()
    return page.show(
        "portal/summary.html",
        status,
        title=N_("Daily summary"),
        form=form,
        contacts=[one.name for one in customer.contacts if one.notify.digest],
        sent=await page.web.summaries.sent(page.customer, page.identity),
        said=said,
        is_staff=page.identity.role is not Role.CUSTOMER,
    )
