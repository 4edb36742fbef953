"""Incidents (L4) and warnings about forwarded lines (L1), of everybody and of one customer."""

from __future__ import annotations

from fastapi import APIRouter, Response

from engine.law.proof import LineProblem
from engine.service.incidents import DAYS
from engine.terms import CustomerId
from engine.web.languages import N_
from engine.web.page import AnyPage
from engine.web.support.customer import CLASSES
from engine.web.support.page import OneCustomer, Staff, customer_path

router = APIRouter(prefix="/support")
_PROBLEMS = {
    LineProblem.NOT_ON_RECORD: N_("This line is forwarded and not on record."),
    LineProblem.STRICTER: N_(
        "Callers of this line must not pay while they wait, and it is not on record: the settings may be unlawful."
    ),
}


@router.get("/incidents")
async def everybodys(page: Staff) -> Response:
    """Of all customers."""
    return await _page(page, None, "")


@router.get("/customers/{number:path}/incidents")
async def of_customer(page: OneCustomer) -> Response:
    """Of one customer."""
    return await _page(page, page.customer, page.number)


async def _page(page: AnyPage, customer: CustomerId | None, number: str) -> Response:
    return page.show(
        "support/incidents.html",
        title=N_("Incidents"),
        number=number,
        days=DAYS,
        incidents=await page.web.incidents.incidents(customer),
        warnings=await page.web.incidents.warnings(customer),
        classes=CLASSES,
        problems=_PROBLEMS,
        path_of=customer_path,
    )
