"""Blocked callers as support sees them: one customer's, as in the portal, and whom agents have marked anywhere.

Rule of this file: a number that many customers' agents marked is blocked by each of these customers or not at all:
support goes to each.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from engine.service.blocking import COUNTED
from engine.web.languages import N_
from engine.web.portal import blocked as portal
from engine.web.support.page import OneCustomer, Staff, SupportPage, customer_path

router = APIRouter(prefix="/support")


@router.get("/marked")
async def marked(page: Staff) -> Response:
    """Over all customers."""
    return page.show(
        "support/marked.html",
        title=N_("Marked callers"),
        marked=await page.web.blocking.everywhere(),
        days=COUNTED.days,
        path_of=customer_path,
    )


@router.get("/customers/{number:path}/blocked")
async def show(page: OneCustomer, caller: str = "") -> Response:
    """One customer's; `caller`: a number to begin with."""
    return await portal.shown(page, _here(page), portal.offered(page, caller), **_more(page))


@router.post("/customers/{number:path}/blocked")
async def block(page: OneCustomer) -> Response:
    """Refuse this caller's calls."""
    return await portal.blocked(page, _here(page), **_more(page))


@router.post("/customers/{number:path}/blocked/unblock")
async def unblock(page: OneCustomer) -> Response:
    """Let this caller through again."""
    return await portal.unblocked(page, _here(page), **_more(page))


@router.post("/customers/{number:path}/blocked/dismiss")
async def dismiss(page: OneCustomer) -> Response:
    """Suggest this caller no more."""
    return await portal.dismissed(page, _here(page), **_more(page))


def _here(page: SupportPage) -> str:
    return f"{page.home}/blocked"


def _more(page: SupportPage) -> dict[str, Any]:
    """What the page says of whose it is."""
    return {"home": page.home, "number": page.number}
