"""Every user, for administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from engine.accounts import Role
from engine.entries.fields import Name
from engine.service.accounts import Fault
from engine.terms import AgentId, UserId
from engine.web.account import users
from engine.web.forms import Field, FormOf, Kind
from engine.web.languages import N_
from engine.web.page import AnyPage, Key, signed_in

router = APIRouter(prefix="/admin/users")
Admin = Annotated[AnyPage, Depends(signed_in(Role.ADMIN))]
_LONGEST = 200


class AnyUser(users.NewUser):
    """A user of any role."""

    role: Role
    customer: Name | None = None
    agent: Name | None = None


_FORM = FormOf(
    AnyUser,
    (
        *users.OWN_FIELDS[:2],
        Field("role", N_("Role"), Kind.SELECT, choices=users.ROLES),
        Field("customer", N_("Customer number"), hint=N_("For customers' users."), optional=True),
        Field("agent", N_("Agent's login"), hint=N_("For agents, and for supervisors who answer."), optional=True),
        users.OWN_FIELDS[2],
    ),
)
_SCOPE = users.Scope("/admin/users", _FORM, has_search=True)


@router.get("")
async def show(page: Admin, q: str = "") -> Response:
    """All, or those who have this in login or name."""
    return await users.listed(page, _SCOPE, search=q.strip()[:_LONGEST])


@router.post("")
async def add(page: Admin) -> Response:
    """One more, of any role."""
    form = await _FORM.read(page.request, page.words)
    said = form.said
    if said is None:
        return await users.listed(page, _SCOPE, form)
    customer = await page.web.accounts.customer_of(said.customer) if said.customer else None
    if said.customer and customer is None:
        users.refuse(form, Fault.CUSTOMER_UNKNOWN)
        return await users.listed(page, _SCOPE, form)
    agent = AgentId(said.agent) if said.agent else None
    return await users.add(page, _SCOPE, form, said, said.role, customer, agent)


@router.post("/{user}/link")
async def invite(page: Admin, user: Key) -> Response:
    """A new one-time link."""
    return await users.invite(page, _SCOPE, UserId(user))


@router.post("/{user}/disable")
async def disable(page: Admin, user: Key) -> Response:
    """Let the user in no more."""
    return await users.set_disabled(page, _SCOPE, UserId(user), True)


@router.post("/{user}/enable")
async def enable(page: Admin, user: Key) -> Response:
    """Let the user in again."""
    return await users.set_disabled(page, _SCOPE, UserId(user), False)
