"""The customer's own users: each of them may make others and let others in no more."""

from __future__ import annotations

from fastapi import APIRouter, Response

from engine.accounts import Role
from engine.terms import UserId
from engine.web.account import users
from engine.web.forms import FormOf
from engine.web.page import CustomerPage, Key, Portal

router = APIRouter(prefix="/account/users")
_FORM = FormOf(users.NewUser, users.OWN_FIELDS)


@router.get("")
async def show(page: Portal) -> Response:
    """All of them."""
    return await users.listed(page, _scope(page))


@router.post("")
async def add(page: Portal) -> Response:
    """One more."""
    form = await _FORM.read(page.request, page.words)
    if form.said is None:
        return await users.listed(page, _scope(page), form)
    return await users.add(page, _scope(page), form, form.said, Role.CUSTOMER, page.customer)


@router.post("/{user}/link")
async def invite(page: Portal, user: Key) -> Response:
    """A new one-time link."""
    return await users.invite(page, _scope(page), UserId(user))


@router.post("/{user}/disable")
async def disable(page: Portal, user: Key) -> Response:
    """Let the user in no more."""
    return await users.set_disabled(page, _scope(page), UserId(user), True)


@router.post("/{user}/enable")
async def enable(page: Portal, user: Key) -> Response:
    """Let the user in again."""
    return await users.set_disabled(page, _scope(page), UserId(user), False)


def _scope(page: CustomerPage) -> users.Scope:
    return users.Scope("/account/users", _FORM, page.customer)
