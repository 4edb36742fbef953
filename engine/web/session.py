"""Who is asking: the cookie of a session, and what a page may ask of it.

Rule of this file: a page gets its customer from the session alone, never from an address or a form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import HTTPException, Request, Response
from starlette.requests import HTTPConnection

from engine.accounts import Identity, Role
from engine.service.accounts import Session
from engine.terms import CustomerId
from engine.web import overtime

if TYPE_CHECKING:
    from engine.web.page import Web

SESSION, LANGUAGE, FLASH, PENDING = "session", "language", "flash", "pending"
_FLASH_SECONDS = 60
_LANGUAGE_SECONDS = 365 * 86_400
_PENDING_SECONDS = 300


class SignInNeeded(Exception):
    """Nobody is signed in, or not any more."""


def cookie_name(request: HTTPConnection, name: str) -> str:
    """Under TLS with the prefix that binds it to this very host (RFC 6265bis §4.1.3.2)."""
    return f"__Host-{name}" if request.url.scheme in ("https", "wss") else name


def cookie(request: HTTPConnection, name: str) -> str:
    """What the browser has kept for us; empty if nothing."""
    return request.cookies.get(cookie_name(request, name), "")


def keep(request: Request, response: Response, name: str, value: str) -> None:
    """Give the browser something to keep; an empty value takes it away.

    `Lax` for the session, so that a link in a mail opens the page for who is signed in; whatever changes something is
    guarded by its origin (`engine.web.guards`).
    """
    seconds = {LANGUAGE: _LANGUAGE_SECONDS, FLASH: _FLASH_SECONDS, PENDING: _PENDING_SECONDS}.get(name)
    response.set_cookie(
        cookie_name(request, name),
        value,
        max_age=seconds if value else 0,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict" if name in (FLASH, PENDING) else "lax",
    )


def address_of(request: Request) -> str:
    """Where it comes from; behind a proxy that uvicorn trusts, what the proxy says."""
    return request.client.host if request.client else ""


async def session_of(request: HTTPConnection, web: Web) -> Session | None:
    """The session of this request; asked for once."""
    if not hasattr(request.state, "session"):
        token = cookie(request, SESSION)
        session = await web.accounts.session(token, lambda late: _may(request, web, late)) if token else None
        acted = session.identity.acting_for if session else None
        request.state.acted = await web.accounts.customer(acted) if acted is not None else None
        request.state.session = session
        if session:
            web.unsent.note(token, session.identity.user)
    found: Session | None = request.state.session
    return found


async def _may(request: HTTPConnection, web: Web, late: Session) -> bool:
    """Whether a session whose time is over holds for this; where not, `state.beyond`: whether for something else."""
    may = await overtime.may(web, late, request.url.path, request.query_params.get("call", ""))
    request.state.beyond = not may and await overtime.may(web, late)
    return may


async def identity_of(request: Request, web: Web, *roles: Role) -> Identity:
    """Who is signed in. Raises SignInNeeded, or HTTPException 403 for another role; no roles named = any."""
    session = await session_of(request, web)
    if session is None:
        raise SignInNeeded
    if roles and session.identity.role not in roles:
        raise HTTPException(403)
    return session.identity


def customer_of(identity: Identity) -> CustomerId:
    """Whose data the pages show: the own ones, or those of the customer that support acts for. Raises 403."""
    if identity.tenant is None:
        raise HTTPException(403)
    return identity.tenant
