"""A customer's calls, found as on the portal's page, and what happened in each (§2.2, §5.6).

Rule of this file: every question goes to the store with the customer, so another's call is not there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from engine.terms import CallId
from engine.web.api.callers import Managers
from engine.web.api.models import CallShown, CallTold
from engine.web.api.problems import V1, Problem
from engine.web.portal.call_words import public
from engine.web.portal.calls import Filter

router = APIRouter(prefix=f"{V1}/calls")
Whose = Annotated[str | None, Query(max_length=80)]


class Asked(Filter):
    """Which calls: days in German time, both included; `after` goes on with those older than that call."""

    customer: str | None = Field(default=None, max_length=80)
    after: str | None = Field(default=None, max_length=200)
    limit: int = Field(default=50, ge=1, le=200)


@router.get("", summary="Calls", tags=["calls"])
async def calls(caller: Managers, asked: Annotated[Asked, Query()]) -> list[CallShown]:
    """The latest first; staff name the customer. `text`: a part of a number or of the agent's name."""
    customer = await caller.one(asked.customer)
    wanted = replace(asked.wanted(), after=None if asked.after is None else CallId(asked.after))
    return [CallShown.of(call) for call in await caller.web.calls.page(customer, wanted, asked.limit)]


@router.get("/{call}", summary="A call", tags=["calls"])
async def call(caller: Managers, call: str, customer: Whose = None) -> CallTold:
    """With what happened in it, step by step."""
    whose = await caller.one(customer)
    found = await caller.web.calls.find(whose, CallId(call))
    if found is None:
        raise Problem(404, "unknown")
    attempts = await caller.web.calls.attempts(whose, CallId(call))
    return CallTold.told(found[0], public(found[1]), attempts)
