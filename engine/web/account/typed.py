"""After a session that ended in the middle of a form: what was typed is there, to be sent with one button."""

from __future__ import annotations

from fastapi import APIRouter, Response

from engine.web.languages import N_
from engine.web.page import Signed, own_path
from engine.web.session import SESSION, cookie

router = APIRouter()
PATH = "/account/typed"


@router.get(PATH)
async def show(page: Signed) -> Response:
    """What waits for this user; the start page where nothing does."""
    kept = page.web.unsent.of(cookie(page.request, SESSION), page.identity.user, page.web.clock.now())
    if kept is None:
        return page.go("/")
    back = own_path(kept.back)
    return page.show("account/typed.html", title=N_("Not sent yet"), kept=kept, back=back)
