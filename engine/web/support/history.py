"""The audit log of one customer: who changed what, when, from what to what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from engine.web.languages import N_
from engine.web.page import LARGEST
from engine.web.support.page import OneCustomer
from engine.web.support.words import field_name, lines_of

router = APIRouter(prefix="/support/customers")
MOST = 50
"""Changes on one page."""


@router.get("/{number:path}/log")
async def show(page: OneCustomer, before: Annotated[int | None, Query(ge=1, le=LARGEST)] = None) -> Response:
    """The latest changes first; `before`: those that came before that one."""
    found = await page.web.customers.history(page.customer, MOST + 1, before)
    return page.show(
        "support/log.html",
        title=N_("Changes"),
        number=page.number,
        home=page.home,
        changes=[
            (one, field_name(one.path, page.words), lines_of(one.old, page.words), lines_of(one.new, page.words))
            for one in found[:MOST]
        ],
        older=found[MOST - 1].id if len(found) > MOST else None,
        newest=before is None,
    )
