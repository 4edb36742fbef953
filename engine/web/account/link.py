"""The one-time link: whoever has it chooses a password and is signed in."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel
from pydantic import Field as Limits

from engine.service.accounts import LinkOver, WeakPassword
from engine.web.account.sign_in import Credentials, enter
from engine.web.account.weak import sentences
from engine.web.forms import Field, Form, FormOf, Kind
from engine.web.languages import N_
from engine.web.page import Open, OpenPage

router = APIRouter()


class NewPassword(BaseModel):
    """A password, written twice."""

    password: str = Limits(max_length=1000, repr=False)
    again: str = Limits(max_length=1000, repr=False)


NEW_PASSWORD = (
    Field(
        "password",
        N_("New password"),
        Kind.PASSWORD,
        N_("At least 12 characters. Several words in a row are easy to keep in mind and hard to guess."),
        autocomplete="new-password",
    ),
    Field("again", N_("The same once more"), Kind.PASSWORD, autocomplete="new-password"),
)
DIFFERENT = N_("The two passwords are not the same. Please write them once more.")
_FORM = FormOf(NewPassword, NEW_PASSWORD)


@router.get("/link/{token}")
async def offer(page: Open, token: str) -> Response:
    """Choose a password."""
    return await _show(page, token, _FORM.show(page.words))


@router.post("/link/{token}")
async def choose(page: Open, token: str) -> Response:
    """The password is set, and its owner signed in."""
    form = await _FORM.read(page.request, page.words)
    identity = await page.web.accounts.link(token)
    if form.said and form.said.password != form.said.again:
        form.refuse("again", DIFFERENT)
    if form.said is None or identity is None:
        return await _show(page, token, form)
    try:
        await page.web.accounts.redeem(token, form.said.password)
    except WeakPassword as weak:
        form.refuse("password", sentences(weak, page.words))
        return await _show(page, token, form)
    except LinkOver:
        return await _show(page, token, form)
    blank: Form[Credentials] = Form(Credentials, (), page.words)
    return await enter(page, blank, identity.login, form.said.password, "/")


async def _show(page: OpenPage, token: str, form: Form[NewPassword]) -> Response:
    identity = await page.web.accounts.link(token)
    if identity is None:
        why = N_("A link works once, and for a few days only. Please ask our support for a new one.")
        return page.show("error.html", 404, title=N_("This link is used up"), why=why, number="")
    return page.show(
        "account/link.html", 422 if form.mistakes else 200, title=N_("Choose your password"), form=form, who=identity
    )
