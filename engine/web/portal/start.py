"""The first page after signing in: at one look whether calls are being taken."""

from __future__ import annotations

from fastapi import APIRouter, Response
from starlette.responses import RedirectResponse

from engine.accounts import Role
from engine.web.languages import N_
from engine.web.page import Signed

router = APIRouter()
_STAFF = {Role.SUPPORT: "/support", Role.ADMIN: "/support", Role.AGENT: "/desk", Role.SUPERVISOR: "/desk"}


@router.get("/")
async def start(page: Signed) -> Response:
    """A customer's start page; the others go on to where they work."""
    if page.identity.tenant is None:
        place = _STAFF.get(page.identity.role, "/account")
        return RedirectResponse(place if place in page.request.app.state.paths else "/account", 303)
    return page.show("portal/start.html", title=N_("Start"), ready=page.web.ready(), now=page.web.clock.now())
