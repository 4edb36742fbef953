"""Lists of users, and what is done to them: made, given a new link, disabled.

Rule of this file: who may manage whom is `Identity.manages`, asked for every single user, and a user whom one may not
manage does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import HTTPException, Response
from pydantic import BaseModel

from engine.accounts import Role, link_life
from engine.entries.fields import Name
from engine.service.accounts import AccountError, Fault, UserRow
from engine.terms import AgentId, CustomerId, UserId
from engine.web.account.faults import fault_of
from engine.web.forms import Field, Form, FormOf, Kind
from engine.web.languages import LANGUAGES, N_
from engine.web.page import AnyPage

ROLES: Mapping[str, str] = {
    Role.CUSTOMER: N_("Customer"),
    Role.AGENT: N_("Agent"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.SUPPORT: N_("Support"),
    Role.ADMIN: N_("Administrator"),
}
MOST = 200
_AT: Mapping[Fault, str] = {
    Fault.LOGIN_SHAPE: "login",
    Fault.LOGIN_TAKEN: "login",
    Fault.NAME_SHAPE: "name",
    Fault.CUSTOMER_NEEDED: "customer",
    Fault.CUSTOMER_UNKNOWN: "customer",
    Fault.CUSTOMER_NOT_FITTING: "customer",
    Fault.AGENT_NEEDED: "agent",
    Fault.AGENT_UNKNOWN: "agent",
    Fault.AGENT_TAKEN: "agent",
    Fault.AGENT_NOT_FITTING: "agent",
}


class NewUser(BaseModel):
    """A user to be."""

    login: Name
    name: Name
    language: Literal["de", "en"]


OWN_FIELDS = (
    Field("login", N_("Login"), Kind.EMAIL, N_("Best the e-mail address.")),
    Field("name", N_("Name")),
    Field("language", N_("Language of the pages"), Kind.RADIOS, choices=LANGUAGES),
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose users, and where they are listed."""

    home: str
    form: FormOf[Any]
    customer: CustomerId | None = None
    """None = everybody's."""
    has_search: bool = False


async def listed(page: AnyPage, scope: Scope, form: Form[Any] | None = None, search: str = "") -> Response:
    """The users and the form for one more."""
    found = await page.web.accounts.users(scope.customer, search, MOST + 1)
    mine = [user for user in found if page.identity.manages(user.role, user.customer)]
    return page.show(
        "account/users.html",
        422 if form else 200,
        title=N_("Users"),
        users=mine[:MOST],
        more=len(found) > MOST,
        roles=ROLES,
        scope=scope,
        search=search,
        form=form or scope.form.show(page.words, language=page.language),
    )


async def add(
    page: AnyPage,
    scope: Scope,
    form: Form[Any],
    said: NewUser,
    role: Role,
    customer: CustomerId | None,
    agent: AgentId | None = None,
) -> Response:
    """One more; the answer has the link."""
    if not page.identity.manages(role, customer):
        raise HTTPException(403)
    try:
        user, token = await page.web.accounts.add_user(
            said.login, said.name, role, customer, agent, said.language, by=page.identity.user
        )
    except AccountError as error:
        refuse(form, error.fault)
        return await listed(page, scope, form)
    return invited(page, scope.home, await page.web.accounts.user(user), token)


async def invite(page: AnyPage, scope: Scope, user: UserId) -> Response:
    """A new link; earlier ones are over."""
    known = await managed(page, scope, user)
    if known.disabled:
        raise HTTPException(409)
    return invited(page, scope.home, known, await page.web.accounts.invite(user, by=page.identity.user))


async def set_disabled(page: AnyPage, scope: Scope, user: UserId, disabled: bool) -> Response:
    """Let the user in no more, or again."""
    await managed(page, scope, user)
    try:
        await page.web.accounts.disable(user, disabled, by=page.identity.user)
    except AccountError as error:
        form = scope.form.show(page.words, language=page.language)
        form.refuse("", fault_of(error.fault))
        return await listed(page, scope, form)
    return page.go(scope.home, "changed")


async def managed(page: AnyPage, scope: Scope, user: UserId) -> UserRow:
    """The user, if it is one of these and may be managed. Raises HTTPException 404."""
    try:
        known = await page.web.accounts.user(user)
    except AccountError:
        raise HTTPException(404) from None
    of_these = scope.customer is None or known.customer == scope.customer
    if not (of_these and page.identity.manages(known.role, known.customer)):
        raise HTTPException(404)
    return known


def refuse(form: Form[Any], fault: Fault) -> None:
    """What is wrong with a new user, at its field."""
    at = _AT.get(fault, "")
    form.refuse(at if any(one.name == at for one in form.fields()) else "", fault_of(fault))


def invited(page: AnyPage, home: str, user: UserRow, token: str, title: str = N_("One-time link")) -> Response:
    """The page that shows the link, once."""
    link = f"{str(page.request.base_url).rstrip('/')}/link/{token}"
    until = page.web.clock.now() + link_life(user.password is not None)
    return page.show("account/invited.html", 201, title=title, home=home, login=user.login, link=link, until=until)
