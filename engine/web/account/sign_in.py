"""Signing in, with a code where one is set up, and signing out.

Rule of this file: a page tells nothing about which logins there are.
"""

from __future__ import annotations

import asyncio
from math import ceil

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from pydantic import Field as Limits
from sqlalchemy.exc import DBAPIError

from engine.service.accounts import Refused, SignedIn, Why
from engine.store.database import StoreError
from engine.web import leaving, live
from engine.web.account import typed
from engine.web.account.pending import PendingSignIns
from engine.web.forms import Field, Form, FormOf, Kind, sent_fields
from engine.web.languages import N_
from engine.web.page import Open, OpenPage, Signed, own_path
from engine.web.session import PENDING, SESSION, address_of, cookie, keep

router = APIRouter()
pending = PendingSignIns()
log = structlog.get_logger()
_DEVICE = 200
"""Characters of the browser's own name that are kept."""


class Credentials(BaseModel):
    """The first step."""

    login: str = Limits(max_length=200)
    password: str = Limits(max_length=1000, repr=False)


class Code(BaseModel):
    """The second step."""

    code: str = Limits(max_length=20)


_CREDENTIALS = FormOf(
    Credentials,
    (
        Field("login", N_("Login"), autocomplete="username"),
        Field("password", N_("Password"), Kind.PASSWORD, autocomplete="current-password"),
    ),
)
CODE = Field("code", N_("Code"), Kind.CODE, N_("The six digits that your app shows now."), autocomplete="one-time-code")
_CODE = FormOf(Code, (CODE,))
_WRONG = N_("Login or password is wrong. Please try it again.")
WRONG_CODE = N_("This code is not right. Please wait for the next one.")
_DISABLED = N_("This login is switched off. Please ask our support.")
_THROTTLED = N_("Too many attempts. Please wait {minutes} min and try it again.")
_HELP = N_("You have no password yet, or have forgotten it? Our support sends you a link with which you choose one.")


@router.get("/sign-in")
async def offer(page: Open) -> Response:
    """The first step; who is signed in goes on, but who wants to sign in anew before the time is over."""
    if page.session and "anew" not in page.request.query_params:
        return page.go(own_path(page.request.query_params.get("next", "/")))
    return _show(page, _CREDENTIALS.show(page.words))


@router.post("/sign-in")
async def sign_in(page: Open) -> Response:
    """Login and password."""
    form = await _CREDENTIALS.read(page.request, page.words)
    if not form.said:
        return _show(page, form)
    return await enter(page, form, form.said.login, form.said.password, page.request.query_params.get("next", "/"))


async def enter(page: OpenPage, form: Form[Credentials], login: str, password: str, wanted: str) -> Response:
    """Try these credentials: on to the page that was wanted, to the second step, or back to the form."""
    request, web = page.request, page.web
    try:
        signed = await web.accounts.sign_in(login, password, address=address_of(request), device=device(request))
    except Refused as refused:
        if refused.why is Why.CODE_NEEDED:
            answer = page.go("/sign-in/code")
            keep(request, answer, PENDING, pending.add(login, password, web.clock.now(), own_path(wanted)))
            return answer
        form.refuse("", _DISABLED if refused.why is Why.DISABLED else _WRONG)
        return _show(page, form, refused)
    return _entered(page, signed, wanted)


@router.get("/sign-in/code")
async def offer_code(page: Open) -> Response:
    """The second step."""
    if not pending.get(cookie(page.request, PENDING), page.web.clock.now()):
        return page.go("/sign-in")
    return _show_code(page, _CODE.show(page.words))


@router.post("/sign-in/code")
async def check_code(page: Open) -> Response:
    """Login, password and code together."""
    token = cookie(page.request, PENDING)
    known = pending.get(token, page.web.clock.now())
    if known is None:
        return page.go("/sign-in")
    form = await _CODE.read(page.request, page.words)
    if not form.said:
        return _show_code(page, form)
    code = form.said.code.replace(" ", "")
    try:
        signed = await page.web.accounts.sign_in(
            known.login, known.password, code, address=address_of(page.request), device=device(page.request)
        )
    except Refused as refused:
        form.refuse("code", WRONG_CODE)
        return _show_code(page, form, refused)
    pending.drop(token)
    answer = _entered(page, signed, known.next)
    keep(page.request, answer, PENDING, "")
    return answer


@router.post("/sign-out")
async def sign_out(page: Open) -> Response:
    """The end of this session; of an agent's in a call once he is sure of it. No call comes to him any more.

    Nor while the store is away: whoever goes is gone, the browser forgets the session, and he is told what is left.
    """
    session = page.session
    is_sure = "sure" in await sent_fields(page.request)
    if session and not is_sure and leaving.is_in_call(page.web, session):
        return page.show("account/sign_out.html", title=N_("Sign out"))
    if session:
        await leaving.signs_out(page.web, session)
    token = cookie(page.request, SESSION)
    answer = page.go("/sign-in", "signed_out" if await _is_ended(page, token) else "signed_out_here")
    if session:
        leaving.has_left(page.web, session)
    keep(page.request, answer, SESSION, "")
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


async def _is_ended(page: OpenPage, token: str) -> bool:
    """Whether the store has it, too."""
    try:
        async with asyncio.timeout(live.PATIENCE):
            await page.web.accounts.sign_out(token)
    except (StoreError, DBAPIError, TimeoutError) as problem:
        log.warning("session_not_ended", why=str(problem).partition("\n")[0] or "too slow")
        return False
    return True


@router.get("/signed-in")
async def signed_in_anew(page: Signed) -> Response:
    """In a window of its own, beside the page at which one goes on."""
    return page.show("account/signed_in.html", title=N_("You are signed in"), until=page.session.expires)


def device(request: Request) -> str:
    """What the browser calls itself."""
    return request.headers.get("user-agent", "")[:_DEVICE]


def _entered(page: OpenPage, signed: SignedIn, wanted: str) -> Response:
    ended, user, now = cookie(page.request, SESSION), signed.identity.user, page.web.clock.now()
    has_typed = page.web.unsent.hand_over(ended, signed.token, user, now)
    answer = page.go(typed.PATH if has_typed else own_path(wanted))
    keep(page.request, answer, SESSION, signed.token)
    return answer


def _show(page: OpenPage, form: Form[Credentials], refused: Refused | None = None) -> Response:
    query = page.request.url.query
    return _answer(
        page,
        form,
        refused,
        title=N_("Sign in"),
        lead="",
        action=f"/sign-in?{query}" if query else "/sign-in",
        button=N_("Sign in"),
        help=_HELP,
    )


def _show_code(page: OpenPage, form: Form[Code], refused: Refused | None = None) -> Response:
    lead = N_("Your login is protected by a code besides the password.")
    return _answer(
        page, form, refused, title=N_("One more step"), lead=lead, action="/sign-in/code", button=N_("Go on"), help=""
    )


def _answer(page: OpenPage, form: Form, refused: Refused | None, **values: str) -> Response:  # type: ignore[type-arg]
    status = 422 if form.mistakes else 200
    if refused and refused.why is Why.THROTTLED:
        form.mistakes.clear()
        form.refuse("", _THROTTLED, minutes=ceil(refused.retry_after / 60))
        status = 429
    answer = page.show("account/sign_in.html", status, form=form, **values)
    if status == 429 and refused:
        answer.headers["Retry-After"] = str(ceil(refused.retry_after))
    return answer
