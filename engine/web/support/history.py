"""The audit log, of one customer or of the installation: who changed what, when, from what to what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Response

from engine.accounts import Action
from engine.ports.customers import AuditEntry
from engine.web.languages import N_
from engine.web.page import LARGEST, AnyPage
from engine.web.support.page import OneCustomer
from engine.web.support.words import field_name, lines_of

router = APIRouter(prefix="/support/customers")
MOST = 50
"""Changes on one page."""
Loading = Callable[[int, int | None], Awaitable[Sequence[AuditEntry]]]
"""So many changes, before that one."""


@router.get("/{number:path}/log")
async def show(page: OneCustomer, before: Annotated[int | None, Query(ge=1, le=LARGEST)] = None) -> Response:
    """The latest changes first; `before`: those that came before that one."""
    if not page.identity.may(Action.SEE_AUDIT):
        raise HTTPException(403)

    async def load(most: int, oldest: int | None) -> Sequence[AuditEntry]:
        return await page.web.customers.history(page.customer, most, oldest)

    return await changes_shown(page, load, before, page.home, page.number)


async def changes_shown(page: AnyPage, load: Loading, before: int | None, home: str, number: str = "") -> Response:
    """One page of them; `home`: above which address the log is, `number`: of the customer whose they are, if any."""
    found = await load(MOST + 1, before)
    return page.show(
        "support/log.html",
        title=N_("Changes"),
        number=number,
        home=home,
        changes=[
            (one, field_name(one.path, page.words), lines_of(one.old, page.words), lines_of(one.new, page.words))
            for one in found[:MOST]
        ],
        older=found[MOST - 1].id if len(found) > MOST else None,
        newest=before is None,
    )
