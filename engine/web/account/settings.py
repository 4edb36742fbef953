"""What everybody sets for the own login: password, sessions, language.

Rule of this file: whoever is signed in changes the own login and no other; a session is ended by its number, which the
service takes only for the user's own.
"""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel
from pydantic import Field as Limits

from engine.service.accounts import Refused, WeakPassword, Why
from engine.web.account.link import DIFFERENT, NEW_PASSWORD, NewPassword
from engine.web.account.weak import sentences
from engine.web.forms import Field, Form, FormOf, Kind
from engine.web.languages import LANGUAGES, N_
from engine.web.page import AnyPage, Signed
from engine.web.session import LANGUAGE, SESSION, cookie, keep

router = APIRouter(prefix="/account")


class ChangedPassword(NewPassword):
    """The old one too."""

    old: str = Limits(max_length=1000, repr=False)


class Language(BaseModel):
    """The pages' language."""

    language: str = Limits(pattern=f"^({'|'.join(LANGUAGES)})$")


PRESENT = Field("password", N_("Present password"), Kind.PASSWORD, autocomplete="current-password")
_PASSWORD = FormOf(ChangedPassword, (replace(PRESENT, name="old"), *NEW_PASSWORD))
_LANGUAGE = FormOf(Language, (Field("language", N_("Language of the pages"), Kind.RADIOS, choices=LANGUAGES),))
_WRONG_PASSWORD = N_("This is not your present password.")
_THROTTLED = N_("Too many attempts. Please wait a few minutes and try it again.")


@router.get("")
async def show(page: Signed) -> Response:
    """Everything at one look."""
    return await _overview(page)


@router.post("/language")
async def set_language(page: Signed) -> Response:
    """The language, from the next page on."""
    form = await _LANGUAGE.read(page.request, page.words)
    if form.said is None:
        return await _overview(page, language_form=form)
    await page.web.accounts.set_language(page.identity.user, form.said.language)
    answer = page.go("/account", "changed")
    keep(page.request, answer, LANGUAGE, form.said.language)
    return answer


@router.get("/password")
async def offer_password(page: Signed) -> Response:
    """A new password."""
    return _password(page, _PASSWORD.show(page.words))


@router.post("/password")
async def change_password(page: Signed) -> Response:
    """It ends every other session."""
    form = await _PASSWORD.read(page.request, page.words)
    if form.said and form.said.password != form.said.again:
        form.refuse("again", DIFFERENT)
    if form.said is None:
        return _password(page, form)
    token = cookie(page.request, SESSION)
    try:
        await page.web.accounts.change_password(page.identity.user, form.said.old, form.said.password, token)
    except Refused as refused:
        form.refuse("old", not_the_password(refused))
    except WeakPassword as weak:
        form.refuse("password", sentences(weak, page.words))
    return _password(page, form) if form.mistakes else page.go("/account", "password")


@router.post("/sessions/{session}/end")
async def end_session(page: Signed, session: int) -> Response:
    """One of the own sessions."""
    if session not in [one.id for one in await page.web.accounts.sessions(page.identity.user)]:
        raise HTTPException(404)
    await page.web.accounts.end_session(page.identity.user, session)
    return page.go("/account", "ended")


@router.post("/sessions/end")
async def end_sessions(page: Signed) -> Response:
    """All but this one."""
    await page.web.accounts.sign_out_everywhere(page.identity.user, cookie(page.request, SESSION))
    return page.go("/account", "ended_all")


@router.post("/acting/end")
async def stop_acting(page: Signed) -> Response:
    """Support works as itself again."""
    if page.identity.acting_for is None:
        raise HTTPException(403)
    await page.web.accounts.act_for(cookie(page.request, SESSION), None)
    return page.go("/")


def not_the_password(refused: Refused) -> str:
    """Why the present password was not taken."""
    return _THROTTLED if refused.why is Why.THROTTLED else _WRONG_PASSWORD


async def _overview(page: AnyPage, language_form: Form[Language] | None = None) -> Response:
    accounts = page.web.accounts
    user = await accounts.user_of(page.identity.login)
    return page.show(
        "account/settings.html",
        422 if language_form else 200,
        title=N_("Account"),
        has_code=user is not None and user.totp is not None,
        sessions=await accounts.sessions(page.identity.user),
        mine=page.session.id,
        form=language_form or _LANGUAGE.show(page.words, language=page.language),
    )


def _password(page: AnyPage, form: Form[ChangedPassword]) -> Response:
    status = 422 if form.mistakes else 200
    return page.show("form.html", status, title=N_("Change the password"), form=form, action="/account/password")
