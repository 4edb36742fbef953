"""The code from an app: set up with a drawing to scan, switched off with the password.

Rule of this file: whoever sets it up or drops it gives the password again (ASVS 5.0, 7.5.1). The drawing is made here,
of squares alone; nobody else sees the secret.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import segno
from fastapi import APIRouter, Response
from markupsafe import Markup
from pydantic import BaseModel
from pydantic import Field as Limits

from engine.service.accounts import AccountError, Refused
from engine.terms import UserId
from engine.web.account.settings import PRESENT, not_the_password
from engine.web.account.sign_in import CODE, WRONG_CODE, Code
from engine.web.forms import Field, Form, FormOf, Kind
from engine.web.languages import N_
from engine.web.page import AnyPage, Signed

router = APIRouter(prefix="/account/code")


class Password(BaseModel):
    """To show that it is really the user who asks."""

    password: str = Limits(max_length=1000, repr=False)


class Confirmed(Code):
    """What the app shows, and what it was given: only to draw it again."""

    uri: str = Limits(max_length=1000, pattern="^otpauth://totp/", repr=False)


_PASSWORD = FormOf(Password, (PRESENT,))
_CONFIRMED = FormOf(Confirmed, (Field("uri", "", Kind.HIDDEN), CODE))
Done = TypeVar("Done")


@router.get("")
async def offer(page: Signed) -> Response:
    """First the password."""
    return _ask(page, _PASSWORD.show(page.words), "")


@router.post("")
async def begin(page: Signed) -> Response:
    """A new secret for the user's app; it holds once a code from it was given."""
    form, secret = await _by_password(page, page.web.accounts.begin_totp)
    return _draw(page, _CONFIRMED.show(page.words, uri=secret.uri)) if secret else _ask(page, form, "")


@router.post("/confirm")
async def confirm(page: Signed) -> Response:
    """The first code from the app."""
    form = await _CONFIRMED.read(page.request, page.words)
    if "uri" in form.mistakes:
        return page.go("/account/code")
    if form.said:
        try:
            await page.web.accounts.confirm_totp(page.identity.user, form.said.code.replace(" ", ""))
        except (Refused, AccountError):
            form.refuse("code", WRONG_CODE)
    return _draw(page, form) if form.mistakes else page.go("/account", "code_on")


@router.get("/off")
async def offer_off(page: Signed) -> Response:
    """Sign in without a code again."""
    return _ask(page, _PASSWORD.show(page.words), "/off")


@router.post("/off")
async def drop(page: Signed) -> Response:
    """It takes the password."""
    form, _ = await _by_password(page, page.web.accounts.drop_totp)
    return _ask(page, form, "/off") if form.mistakes else page.go("/account", "code_off")


async def _by_password(
    page: AnyPage, do: Callable[[UserId, str], Awaitable[Done]]
) -> tuple[Form[Password], Done | None]:
    """What is done for who gives the password again; None, with the mistakes in the form, for who does not."""
    form = await _PASSWORD.read(page.request, page.words)
    if form.said is None:
        return form, None
    try:
        return form, await do(page.identity.user, form.said.password)
    except Refused as refused:
        form.refuse("password", not_the_password(refused))
        return form, None


def _ask(page: AnyPage, form: Form[Password], place: str) -> Response:
    title = N_("Sign in without a code") if place else N_("Code from an app")
    status = 422 if form.mistakes else 200
    action, button = f"/account/code{place}", N_("Switch off") if place else N_("Go on")
    return page.show("form.html", status, title=title, form=form, action=action, button=button)


def _draw(page: AnyPage, form: Form[Confirmed]) -> Response:
    uri: str = form.values["uri"]
    drawing = segno.make(uri, error="m").svg_inline(border=4, svgclass="qr", lineclass=None, omitsize=True)
    secret = parse_qs(urlsplit(uri).query).get("secret", [""])[0]
    status = 422 if form.mistakes else 200
    title = N_("Code from an app")
    return page.show("account/code.html", status, title=title, form=form, qr=Markup(drawing), secret=secret)
