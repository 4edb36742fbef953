"""What callers may be told about the company (§5.3).

Rule of this file: whatever is entered here is released.
"""

from __future__ import annotations

from fastapi import APIRouter, Response

from engine.entries import CustomerEntry
from engine.web.forms import Field, Form, FormOf, Kind
from engine.web.languages import N_
from engine.web.page import CustomerPage, Portal
from engine.web.portal.editing import SAVED, Part

router = APIRouter()
_SECTIONS = (
    (
        N_("Contact data"),
        (
            Field("company.name", N_("Company name"), optional=True),
            Field("company.address", N_("Address"), Kind.AREA, optional=True),
            Field("company.web", N_("Web address"), Kind.URL, N_("Such as www.business.example."), optional=True),
            Field("company.phone", N_("Telephone"), Kind.TEL, optional=True),
            Field("company.fax", N_("Fax"), Kind.TEL, optional=True),
            Field("company.mail", N_("E-mail"), Kind.EMAIL, optional=True),
        ),
    ),
    (
        N_("What the law asks for"),
        (
            Field("company.director", N_("Managing director"), optional=True),
            Field("company.vat_id", N_("VAT ID"), hint=N_("Without blanks, such as DE123456789."), optional=True),
            Field(
                "company.register",
                N_("Entry in the register"),
                hint=N_("Such as HRB 12345, Amtsgericht Charlottenburg."),
                optional=True,
            ),
        ),
    ),
    (
        N_("More about the company"),
        (
            Field("company.bank", N_("Bank account"), Kind.AREA, optional=True),
            Field("company.opening_hours", N_("Opening hours"), Kind.AREA, optional=True),
            Field("company.description", N_("Description of the company"), Kind.AREA, optional=True),
            Field("company.field_of_work", N_("Field of work"), Kind.AREA, optional=True),
        ),
    ),
)
LABELS = {field.name.removeprefix("company."): field.label for _, fields in _SECTIONS for field in fields}
"""What each of it is called, in the order in which it stands."""
_PART = Part(FormOf(CustomerEntry, tuple(field for _, fields in _SECTIONS for field in fields)))


@router.get("/company")
async def show(page: Portal) -> Response:
    """All of §5.3."""
    return _page(page, await _PART.show(page))


@router.post("/company")
async def save(page: Portal) -> Response:
    """From the next call on."""
    form, status = await _PART.save(page)
    return page.go("/company", "saved") if status == SAVED else _page(page, form, status)


def _page(page: CustomerPage, form: Form[CustomerEntry], status: int = 200) -> Response:
    sections = [(heading, "", [one.name for one in fields]) for heading, fields in _SECTIONS]
    lead = N_("Our agents may tell callers everything that is entered here.")
    return page.show(
        "portal/sections.html", status, title=N_("Company"), lead=lead, form=form, action="/company", sections=sections
    )
