"""A new customer, and the one-time link by which its first user chooses a password (§5: with the order).

Rule of this file: the link is shown once, on the page that answers; it stands nowhere else.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel

from engine.accounts import BadLogin, Role, login_key
from engine.entries.fields import Name
from engine.service.accounts import AccountError, Fault
from engine.service.customer_judging import Refused
from engine.terms import CustomerId
from engine.web.account.faults import fault_of
from engine.web.account.users import invited
from engine.web.forms import Field, Form, FormOf, Kind
from engine.web.languages import N_
from engine.web.page import AnyPage
from engine.web.portal.editing import put
from engine.web.support.editing import ACCESS_NUMBERS, STATE, TARIFF, with_tariffs
from engine.web.support.page import Staff, customer_path

router = APIRouter(prefix="/support/customers")


class NewCustomer(BaseModel):
    """What a contract says. Beyond their form, the customer's values are judged where it is made."""

    number: Name
    name: Name
    tariff: Name
    state: str | None = None
    access_numbers: list[str] = []
    login: Name
    user: Name


_FIELDS = (
    Field("number", N_("Customer number")),
    Field("name", N_("Name")),
    TARIFF,
    STATE,
    ACCESS_NUMBERS,
    Field("login", N_("Login of the first user"), Kind.EMAIL, N_("Best the e-mail address.")),
    Field("user", N_("Name of the first user")),
)
_KEPT = ("number", "name", "tariff", "state", "access_numbers")


@router.get("/new")
async def offer(page: Staff) -> Response:
    """The empty form."""
    return _page(page, (await _form(page)).show(page.words))


@router.post("/new")
async def make(page: Staff) -> Response:
    """Make the customer and its first user, or neither."""
    form = await (await _form(page)).read(page.request, page.words)
    said = form.said
    if said is None:
        return _page(page, form, 422)
    if fault := await _fault(page, said.login):
        form.refuse("login", fault_of(fault))
        return _page(page, form, 422)
    values: dict[str, Any] = {key: getattr(said, key) for key in _KEPT if getattr(said, key) is not None}
    try:
        made = await page.web.customers.create(values, page.identity)
    except Refused as refused:
        for mistake in refused.mistakes:
            put(form, mistake.path.replace("/", "."), mistake)
        return _page(page, form, 422)
    return await _invite(page, said, made.customer)


async def _fault(page: AnyPage, login: str) -> Fault | None:
    """What is wrong with the login, asked before the customer is made."""
    try:
        login_key(login)
    except BadLogin:
        return Fault.LOGIN_SHAPE
    return Fault.LOGIN_TAKEN if await page.web.accounts.user_of(login) is not None else None


async def _invite(page: AnyPage, said: NewCustomer, customer: CustomerId) -> Response:
    home, title = customer_path(said.number), N_("The customer is made")
    by = page.identity.user
    try:
        user, token = await page.web.accounts.add_user(said.login, said.user, Role.CUSTOMER, customer, by=by)
    except AccountError as error:
        why = fault_of(error.fault)
        return page.show("account/invited.html", 201, title=title, home=home, login=said.login, link="", why=why)
    return invited(page, home, await page.web.accounts.user(user), token, title)


async def _form(page: AnyPage) -> FormOf[NewCustomer]:
    tariffs = [tariff.name for tariff in await page.web.support.tariffs()]
    return FormOf(NewCustomer, with_tariffs(_FIELDS, tariffs))


def _page(page: AnyPage, form: Form[NewCustomer], status: int = 200) -> Response:
    return page.show("form.html", status, title=N_("New customer"), form=form, action="/support/customers/new")
