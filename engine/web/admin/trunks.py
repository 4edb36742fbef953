"""Trunks: the lines by which carriers bring calls, with how they stand just now; made, changed, removed.

Rule of this file: a carrier's password is written here and never shown.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Response

from engine.accounts import Action, who_may
from engine.entries import OutboundEntry, TrunkEntry
from engine.service.people import Gone, Written
from engine.web.admin.editing import PASSWORD, EntryPart
from engine.web.admin.way_out import OUTBOUND
from engine.web.forms import Field, Form, FormOf, Kind
from engine.web.languages import N_
from engine.web.page import AnyPage, signed_in

HOME = "/admin/trunks"
router = APIRouter(prefix=HOME)
Admin = Annotated[AnyPage, Depends(signed_in(*who_may(Action.MANAGE_TRUNKS)))]
REGISTRATIONS = {
    "Registered": N_("registered"),
    "Rejected": N_("the carrier refuses our registration"),
    "Unregistered": N_("not registered"),
}
_NUMBER_FROM = {
    "request_uri": N_("in the address of the call (request URI), as most carriers do"),
    "to": N_("in the header To"),
    "p_called_party_id": N_("in the header P-Called-Party-ID"),
}
_FIELDS = (
    Field(
        "match",
        N_("Addresses that the carrier calls from"),
        Kind.LINES,
        N_("One on each line, such as 192.0.2.10 or 192.0.2.0/28."),
        optional=True,
    ),
    Field(
        "registrar",
        N_("Registrar"),
        hint=N_("Where we register with the carrier, such as sip:sip.carrier.example; empty if it knows us anyway."),
        optional=True,
    ),
    Field(
        "user",
        N_("User name with the carrier"),
        hint=N_("Needed to register, and where the carrier asks for it when we call out."),
        optional=True,
    ),
    Field(
        PASSWORD,
        N_("Password with the carrier"),
        Kind.PASSWORD,
        N_("The user name's. It is not shown; if left empty, it stays as it is."),
        optional=True,
        autocomplete="new-password",
    ),
    Field("number_from", N_("Where the dialled number stands"), Kind.RADIOS, choices=_NUMBER_FROM),
    Field("max_calls", N_("Calls at once"), Kind.NUMBER, N_("Empty: no limit."), optional=True),
    Field("max_rate", N_("Calls per second"), Kind.NUMBER, N_("Empty: as many as everywhere."), optional=True),
    *OUTBOUND,
)
_NAME = Field("name", N_("Name"), hint=N_("Such as “carrier”. It cannot be changed."))
_USUAL = OutboundEntry().model_dump(mode="json")
_NEW, _KNOWN = FormOf(TrunkEntry, (_NAME, *_FIELDS)), FormOf(TrunkEntry, _FIELDS)


@router.get("")
async def show_all(page: Admin) -> Response:
    """Every trunk, and whether calls can come by it."""
    people = page.web.people
    return page.show(
        "admin/trunks.html",
        title=N_("Trunks"),
        trunks=[(one, people.trunk_now(one.name)) for one in (await people.all()).trunks],
        registrations=REGISTRATIONS,
        is_ours=people.is_taken_over,
    )


@router.get("/new")
async def offer(page: Admin) -> Response:
    """A new trunk."""
    return _page(page, _NEW.show(page.words, number_from="request_uri", outbound=_USUAL), "")


@router.post("/new")
async def add(page: Admin) -> Response:
    """One more, at once."""
    form, status, written = await EntryPart("trunks", _NEW).add(page)
    return _page(page, form, "", status) if written is None else page.go(HOME, _word(written))


@router.get("/{trunk}/edit")
async def show(page: Admin, trunk: str) -> Response:
    """One trunk."""
    return _page(page, await EntryPart("trunks", _KNOWN, trunk).show(page), trunk)


@router.post("/{trunk}/edit")
async def save(page: Admin, trunk: str) -> Response:
    """At once; calls that there are go on."""
    form, status, written = await EntryPart("trunks", _KNOWN, trunk).save(page)
    return _page(page, form, trunk, status) if written is None else page.go(HOME, _word(written))


@router.get("/{trunk}/remove")
async def ask(page: Admin, trunk: str) -> Response:
    """Whether it shall really go."""
    entry = await EntryPart("trunks", _KNOWN, trunk).entry(page)
    return page.show("admin/trunk_remove.html", trunk=entry, home=HOME)


@router.post("/{trunk}/remove")
async def remove(page: Admin, trunk: str) -> Response:
    """It goes; no call comes by it any more."""
    try:
        return page.go(HOME, _word(await page.web.people.remove(("trunks", trunk), page.identity), "removed"))
    except Gone:
        raise HTTPException(404) from None


def _page(page: AnyPage, form: Form[TrunkEntry], trunk: str, status: int = 200) -> Response:
    return page.show(
        "admin/trunk.html",
        status,
        title=trunk or page.words(N_("New trunk")),
        form=form,
        trunk=trunk,
        action=f"{HOME}/{quote(trunk)}/edit" if trunk else f"{HOME}/new",
    )


def _word(written: Written, word: str = "at_once") -> str:
    return word if written.taken_over else "not_taken_over"
