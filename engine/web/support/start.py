"""Support's first page: find a customer. Who was working as one does so no more when back here."""

from __future__ import annotations

from fastapi import APIRouter, Response

from engine.web.languages import N_
from engine.web.session import SESSION, cookie
from engine.web.support.page import Staff, customer_path

router = APIRouter()
MOST = 30
"""Customers shown at once; who finds more says more."""
_LONGEST = 200


@router.get("/support")
async def find(page: Staff, q: str = "") -> Response:
    """Customers by name, number, access number or forwarded line."""
    if page.identity.acting_for is not None:
        await page.web.accounts.act_for(cookie(page.request, SESSION), None)
        return page.go("/support")
    text = q.strip()[:_LONGEST]
    found = await page.web.customers.find(text, MOST + 1) if text else []
    return page.show(
        "support/start.html",
        title=N_("Customers"),
        text=text,
        found=found[:MOST],
        more=len(found) > MOST,
        path_of=customer_path,
    )
