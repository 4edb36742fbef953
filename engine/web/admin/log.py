"""The audit log of the installation: who changed which agent, group or trunk, when, from what to what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from engine.accounts import Action, who_may
from engine.web.page import LARGEST, AnyPage, signed_in
from engine.web.support.history import changes_shown

router = APIRouter(prefix="/admin/log")
Admin = Annotated[AnyPage, Depends(signed_in(*who_may(Action.MANAGE_AGENTS)))]


@router.get("")
async def show(page: Admin, before: Annotated[int | None, Query(ge=1, le=LARGEST)] = None) -> Response:
    """The latest changes first; `before`: those that came before that one."""
    return await changes_shown(page, page.web.people.history, before, "/admin")
