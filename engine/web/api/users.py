"""The token's user, and the users whom it may manage.

Rule of this file: a user of whom the caller is not the manager is one that does not exist (`Identity.manages`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Query

from engine.accounts import AccountError, Action, Fault
from engine.ports.accounts import User
from engine.terms import AgentId, UserId
from engine.web.api.callers import Anybody, Caller, Managers
from engine.web.api.models import Invited, Me, NewUser, Own, UserChange, UserShown
from engine.web.api.problems import V1, Problem
from engine.web.page import Key

router = APIRouter(prefix=V1)


@router.get("/me", summary="The token's user", tags=["users"])
async def me(caller: Anybody) -> Me:
    """Who the token is for, and which customer is the own one."""
    who = caller.identity
    own = await caller.web.accounts.customer(who.customer) if who.customer is not None else None
    whose = Own(number=own[0], name=own[1]) if own else None
    return Me(login=who.login, name=who.name, role=who.role, language=who.language, customer=whose)


@router.get("/users", summary="Users", tags=["users"])
async def users(
    caller: Managers,
    customer: Annotated[str | None, Query(max_length=80)] = None,
    search: Annotated[str, Query(max_length=200)] = "",
) -> list[UserShown]:
    """Those of the own customer; for staff those of the customer with this number, for an admin all (200 at most)."""
    everybody = caller.identity.may(Action.MANAGE_USERS)
    whose = await (caller.whose(customer) if everybody else caller.one(customer))
    found = await caller.web.accounts.users(whose, search)
    return [UserShown.of(user) for user in found if caller.identity.manages(user.role, user.customer)]


@router.post("/users", status_code=201, summary="Make a user", tags=["users"])
async def add(caller: Managers, new: NewUser) -> Invited:
    """The answer has a one-time link by which the user chooses a password."""
    whose = await caller.whose(new.customer)
    if not caller.identity.manages(new.role, whose):
        raise Problem(403, "not-for-this-role")
    agent = AgentId(new.agent) if new.agent is not None else None
    with _told():
        made, link = await caller.web.accounts.add_user(
            new.login, new.name, new.role, whose, agent, new.language, by=caller.identity.user
        )
    return Invited(user=made, link=f"/link/{link}")


@router.post("/users/{user}/link", status_code=201, summary="A new one-time link", tags=["users"])
async def invite(caller: Managers, user: Key) -> Invited:
    """For who has forgotten the password; earlier links die."""
    known = await _managed(caller, user)
    with _told():
        link = await caller.web.accounts.invite(known.id, by=caller.identity.user)
    return Invited(user=known.id, link=f"/link/{link}")


@router.patch("/users/{user}", summary="Disable or enable a user", tags=["users"])
async def change(caller: Managers, user: Key, wanted: UserChange) -> UserShown:
    """Who is disabled is out at once: sessions, links and tokens."""
    known = await _managed(caller, user)
    with _told():
        await caller.web.accounts.disable(known.id, wanted.disabled, by=caller.identity.user)
        return UserShown.of(await caller.web.accounts.user(known.id))


async def _managed(caller: Caller, user: int) -> User:
    try:
        known = await caller.web.accounts.user(UserId(user))
    except AccountError:
        known = None
    if known is None or not caller.identity.manages(known.role, known.customer):
        raise Problem(404, "unknown")
    return known


_OF_NOW = (Fault.LOGIN_TAKEN, Fault.AGENT_TAKEN, Fault.LAST_ADMIN, Fault.ONESELF, Fault.LAST_OF_CUSTOMER)
"""What is wrong because of who there is, not because of what was sent."""


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except AccountError as error:
        raise Problem(409 if error.fault in _OF_NOW else 422, "account", str(error), fault=error.fault.value) from None
