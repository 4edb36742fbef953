"""Customers: the own one for its users, every one for support."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Body, Query, Response
from fastapi.responses import JSONResponse

from engine.accounts import Action
from engine.entries import CustomerEntry
from engine.entries.paths import values_of
from engine.service.customer_judging import Refused
from engine.service.customers import Conflict, NoSuchCustomer
from engine.terms import CustomerId
from engine.web.api.callers import Caller, Customers, Support
from engine.web.api.models import Changed, Edit, Found, HistoryEntry, Values, mistakes_of
from engine.web.api.problems import V1, Problem
from engine.web.page import LARGEST

router = APIRouter(prefix=V1)
_WHOLE: dict[int | str, dict[str, Any]] = {200: {"model": CustomerEntry}}


@router.get("/customer", summary="The own customer", responses=_WHOLE, tags=["own customer"])
async def show_own(caller: Customers) -> Response:
    """Everything that is entered, in the words of the YAML files, with what has its default."""
    return await _show(caller, caller.own)


@router.patch("/customer", summary="Change the own customer", tags=["own customer"])
async def change_own(caller: Customers, edit: Edit) -> Changed:
    """All of it or nothing; counts from the next call on."""
    return await _change(caller, caller.own, edit)


@router.get("/customers", summary="Find customers", tags=["support"])
async def find(
    caller: Support,
    search: Annotated[str, Query(max_length=200)],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[Found]:
    """By parts of name, number, access number or forwarded line; the best first."""
    found = await caller.web.customers.find(search, limit)
    return [Found.model_validate(one, from_attributes=True) for one in found]


@router.post("/customers", status_code=201, summary="Make a customer", tags=["support"])
async def create(caller: Support, values: Annotated[Values, Body(max_length=200)]) -> Response:
    """An entry in the words of the YAML files: at least `number`, `name` and `tariff`."""
    with _told():
        saved = await caller.web.customers.create(values, caller.identity)
    place = f"{V1}/customers/{quote(saved.entry.number, safe='')}"
    return JSONResponse(values_of(saved.entry), 201, {"Location": place})


@router.get("/customers/{number:path}/history", summary="Who changed what", tags=["support"])
async def history(
    caller: Support,
    number: str,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
    before: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
) -> list[HistoryEntry]:
    """The last changes, the latest first; `before` goes on from that id."""
    if not caller.identity.may(Action.SEE_AUDIT):
        raise Problem(403, "not-for-this-role")
    customer = await caller.customer(number)
    found = await caller.web.customers.history(customer, limit, before)
    return [HistoryEntry.of(entry) for entry in found]


@router.get("/customers/{number:path}", summary="A customer", responses=_WHOLE, tags=["support"])
async def show(caller: Support, number: str) -> Response:
    """Everything that is entered, as of the own customer."""
    return await _show(caller, await caller.customer(number))


@router.patch("/customers/{number:path}", summary="Change a customer", tags=["support"])
async def change(caller: Support, number: str, edit: Edit) -> Changed:
    """As for the own customer, and what only support may change: hours, tariff, access numbers, blocked …"""
    return await _change(caller, await caller.customer(number), edit)


async def _show(caller: Caller, customer: CustomerId) -> Response:
    with _told():
        return JSONResponse(values_of(await caller.web.customers.load(customer)))


async def _change(caller: Caller, customer: CustomerId, edit: Edit) -> Changed:
    with _told():
        saved = await caller.web.customers.save(customer, edit.changes, edit.seen, caller.identity)
    return Changed(changed=saved.changed)


@contextmanager
def _told() -> Iterator[None]:
    """What the service raises, as a program reads it."""
    try:
        yield
    except NoSuchCustomer:
        raise Problem(404, "unknown") from None
    except Conflict as conflict:
        raise Problem(409, "conflict", theirs=conflict.theirs) from None
    except Refused as refused:
        raise Problem(422, "refused", mistakes=mistakes_of(refused.mistakes)) from None
