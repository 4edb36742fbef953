"""Pages for what does not work out: each says what, why and what to do.

Rule of this file: nothing of the inside is told; a 500 has a number that stands in the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from engine.service.announcements import NoSuchAnnouncement
from engine.service.customers import NoSuchCustomer
from engine.service.desk import NoSuchCall
from engine.service.messages import NoSuchMessage
from engine.web.acting import ActsForAnother
from engine.web.api import problems
from engine.web.api.problems import Problem, problem_of
from engine.web.guards import BY_TOKEN
from engine.web.languages import N_
from engine.web.page import OpenPage, Web, sign_in_address
from engine.web.session import FLASH, SESSION, SignInNeeded, cookie, keep
from engine.web.typed import page_of, typed_fields

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Trouble:
    title: str
    why: str


_TROUBLES = {
    400: _Trouble(N_("This did not arrive whole"), N_("Please go back and try it again.")),
    403: _Trouble(
        N_("You may not see this"),
        N_("Your login is not allowed to do that, or the request did not come from one of our pages. "
           "If you need it, please ask our support."),
    ),
    404: _Trouble(
        N_("This page does not exist"),
        N_("Perhaps the address is mistyped, or what it showed has been deleted."),
    ),
    405: _Trouble(N_("This does not work here"), N_("Please go back and use the buttons of the page.")),
    409: _Trouble(
        N_("Somebody else has changed this"),
        N_("While you were writing, the same was changed elsewhere. "
           "Please load the page again, compare, and save once more."),
    ),
    413: _Trouble(N_("This is too large"), N_("Please send less at once, or a smaller file.")),
    422: _Trouble(N_("This cannot be used"), N_("Please go back and check what you have written.")),
    423: _Trouble(
        N_("Your sign-in is over"),
        N_("You can still bring the call that you have just had and its message to an end. "
           "For anything else, also for the next call, please sign in anew."),
    ),
    429: _Trouble(N_("Too many attempts"), N_("Please wait a few minutes and try it again.")),
    500: _Trouble(
        N_("Something went wrong on our side"),
        N_("Calls go on being answered. Please try it again; if it stays so, tell our support this number:"),
    ),
}  # fmt: skip


def error_page(request: Request, status: int, number: str = "") -> Response:
    """The page for that status; problem details for programs. `number` is the one in the log."""
    if _is_program(request):
        return problem_of(status, **({"number": number} if number else {}))
    page = OpenPage(request, getattr(request.state, "session", None))
    trouble_shown = _TROUBLES.get(status, _TROUBLES[400])
    return page.show("error.html", status, title=trouble_shown.title, why=trouble_shown.why, number=number)


def _note_refusal(request: Request) -> None:
    """Who was not allowed what (ASVS 5.0, 16.3.2)."""
    session = getattr(request.state, "session", None)
    user = session.identity.user if session else None
    log.warning("not_allowed", user=user, method=request.method, path=request.url.path)


async def _over(request: Request, token: str) -> str:
    """The word of `FLASHES` for a session that has ended, after what was being sent is kept if it can be."""
    web: Web = request.app.state.web
    if request.method == "GET":
        return "session_over"
    kept = await web.unsent.keep(request, token, page_of(request), web.clock.now())
    return "session_over_kept" if kept else "session_over_lost"


def _is_beyond(request: Request) -> bool:
    """Whether a desk goes on whose time is over, and only this is not for it (`engine.web.overtime`)."""
    return request.url.path.startswith("/desk/") and getattr(request.state, "beyond", False)


def _is_program(request: Request) -> bool:
    return request.url.path.startswith(BY_TOKEN)


def mend_errors(app: FastAPI) -> None:
    """Every error of the application becomes a page of ours."""
    app.add_exception_handler(Problem, problems.refuse)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, HTTPException)
        if problem.status_code == HTTPStatus.FORBIDDEN:
            _note_refusal(request)
        answer = error_page(request, problem.status_code)
        for name, value in (problem.headers or {}).items():
            answer.headers[name] = value
        return answer

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, RequestValidationError)
        if _is_program(request):
            return problems.malformed(list(problem.errors()))
        return error_page(request, 404 if request.method == "GET" else 422)

    @app.exception_handler(NoSuchAnnouncement)
    @app.exception_handler(NoSuchCall)
    @app.exception_handler(NoSuchCustomer)
    @app.exception_handler(NoSuchMessage)
    async def gone(request: Request, _problem: Exception) -> Response:
        return error_page(request, 404)

    _mend_sessions(app)


def _mend_sessions(app: FastAPI) -> None:
    """Where whoever asks is no longer the one that the page was made for."""

    @app.exception_handler(ActsForAnother)
    async def another(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, ActsForAnother)
        page = OpenPage(request, request.state.session)
        said = {"title": problem.title(page.words), "why": problem.why(page.words)}
        fields = await typed_fields(request) if problem.made_for else None
        action = f"{request.url.path}?{request.url.query}"
        return page.show("acting.html", HTTPStatus.CONFLICT, **said, fields=fields, action=action)

    @app.exception_handler(SignInNeeded)
    async def sign_in(request: Request, _problem: Exception) -> Response:
        token = cookie(request, SESSION)
        if request.headers.get("hx-request") and _is_beyond(request):
            return error_page(request, HTTPStatus.LOCKED)
        if request.headers.get("hx-request"):  # a part of the page that it stands on, which is where to come back to
            answer = Response(status_code=401, headers={"HX-Redirect": sign_in_address(page_of(request))})
            if token:
                keep(request, answer, FLASH, "session_over")
            return answer
        wanted = request.url.path if request.method == "GET" else page_of(request)
        answer = RedirectResponse(sign_in_address(wanted), 303)
        if token:
            keep(request, answer, FLASH, await _over(request, token))
        return answer
