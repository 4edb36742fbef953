"""Tokens for programs: made, listed, dropped by their user.

Rule of this file: a token is shown once, in the answer to the form that made it; whoever makes one gives the password
again, for it outlives the session (ASVS 5.0, 7.5.1).
"""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel
from pydantic import Field as Limits

from engine.accounts import TOKEN_DAYS
from engine.service.accounts import Refused
from engine.web.account.settings import PRESENT, not_the_password
from engine.web.forms import Field, Form, FormOf, Kind
from engine.web.languages import N_
from engine.web.page import AnyPage, Signed

router = APIRouter(prefix="/account/tokens")


class NewToken(BaseModel):
    """What the user says of it."""

    name: str = Limits(min_length=1, max_length=80)
    days: int = Limits(ge=TOKEN_DAYS.start, lt=TOKEN_DAYS.stop)
    password: str = Limits(max_length=1000, repr=False)


_FORM = FormOf(
    NewToken,
    (
        Field("name", N_("What is it for?"), hint=N_("A name by which you know it again, such as “Calendar”.")),
        Field(
            "days", N_("For how many days?"), Kind.NUMBER, N_("At most 366. After that the program needs a new one.")
        ),
        PRESENT,
    ),
)
_DAYS = 90


@router.get("")
async def show(page: Signed) -> Response:
    """Those there are, and the form for one more."""
    return await _show(page, _FORM.show(page.words, days=_DAYS))


@router.post("")
async def make(page: Signed) -> Response:
    """One more; the page that comes back is the only one that shows it."""
    form = await _FORM.read(page.request, page.words)
    if form.said is None:
        return await _show(page, form)
    accounts, user = page.web.accounts, page.identity.user
    try:
        await accounts.prove(user, form.said.password)
    except Refused as refused:
        form.refuse("password", not_the_password(refused))
        return await _show(page, form)
    token = await accounts.new_token(user, form.said.name, form.said.days)
    return await _show(page, _FORM.show(page.words, days=_DAYS), token)


@router.post("/{token}/drop")
async def drop(page: Signed, token: int) -> Response:
    """One of the own: the program that has it is out at once."""
    accounts, user = page.web.accounts, page.identity.user
    if token not in [one.id for one in await accounts.tokens(user)]:
        raise HTTPException(404)
    await accounts.drop_token(user, token)
    return page.go("/account/tokens", "token_dropped")


async def _show(page: AnyPage, form: Form[NewToken], made: str = "") -> Response:
    return page.show(
        "account/tokens.html",
        422 if form.mistakes else 200,
        title=N_("Tokens for programs"),
        form=form,
        made=made,
        tokens=await page.web.accounts.tokens(page.identity.user),
        now=page.web.clock.now(),
    )
