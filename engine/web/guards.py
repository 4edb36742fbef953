"""What every request passes before and after the pages: its origin, its size, the headers of the answer, mishaps.

WebSockets pass the question of their origin alone; what they may bring is limited in `engine.web.server`.

Rule of this file: the pages cannot forget any of it. A browser sends what is unsafe only from a page of ours; no page
runs or loads anything that is not ours (OWASP ASVS 5.0 §3.4, §3.5).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import MutableHeaders
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.web.acting import SAFE

LARGEST_BODY = 256 * 1024
"""Bytes that a request may bring."""
LARGEST_UPLOAD = 11 * 1024 * 1024
"""The same where a file is uploaded: the file and what is around it."""
_UPLOADS = re.compile(r"/announcements(/[0-9]+)?/upload")
BY_TOKEN = "/api/"
"""Below it no cookie opens anything, so no browser can be made to send what counts there."""
HOOKS = "/api/hooks/"
"""Addresses below it have a secret in them."""
_POLICY = "; ".join(
    f"{kind} {source}"
    for kind, source in {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "media-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }.items()
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000")
Refuse = Callable[[Request, int, str], Response]
"""Makes the page for a status; the text is the number that stands in the log, or empty."""
log = structlog.get_logger()


class Guards:
    """Around the whole application. `refuse` makes the error pages."""

    def __init__(self, app: ASGIApp, refuse: Refuse, *, is_trusted: bool = True) -> None:
        """Nothing kept between requests. `is_trusted`: see `public_app`."""
        self._app, self._refuse, self._is_trusted = app, refuse, is_trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "websocket":
            return await self._socket(scope, receive, send)
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _protect(MutableHeaders(scope=message), is_strict=scope["scheme"] == "https" and self._is_trusted)
            await send(message)

        request = Request(scope)
        try:
            if status := _objection(request):
                log.warning("request_refused", status=status, method=scope["method"], path=shown(scope["path"]))
                await self._refuse(request, status, "")(scope, receive, sending)
            else:
                await self._app(scope, receive, sending)
        except ClientDisconnect:
            log.info("visitor_gone", path=shown(scope["path"]))
        except Exception:
            number = secrets.token_hex(4)
            log.exception("page_failed", number=number, method=scope["method"], path=shown(scope["path"]))
            if not started:
                await self._refuse(request, 500, number)(scope, receive, sending)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A WebSocket: browsers ask nobody before they open one to a foreign host, and send its cookies."""
        if is_ours(HTTPConnection(scope)):
            return await self._app(scope, receive, send)
        log.warning("request_refused", status=403, method="GET", path=scope["path"])
        await receive()
        await send({"type": "websocket.close", "code": 1008})  # before it was accepted: 403


def _protect(headers: MutableHeaders, *, is_strict: bool) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
    headers.setdefault("Cache-Control", "no-store")
    if (
        is_strict
    ):  # else, with a certificate of our own, nobody could make the exception that it needs (RFC 6797 § 12.1)
        headers[_TRANSPORT[0]] = _TRANSPORT[1]


def _objection(request: Request) -> int | None:
    """The status that this request is refused with before any page sees it."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > largest_body(request.url.path):
        return 413
    free = request.method in SAFE or request.url.path.startswith(BY_TOKEN)
    return None if free or is_ours(request) else 403


def shown(path: str) -> str:
    """The path as a log may have it."""
    return f"{HOOKS}…" if path.startswith(HOOKS) else path


def largest_body(path: str) -> int:
    """Bytes that a request for this path may bring."""
    return LARGEST_UPLOAD if _UPLOADS.fullmatch(path) else LARGEST_BODY


class BodyLimit:
    """Breaks a body off where it gets too large, also one that has not said how large it is."""

    def __init__(self, app: ASGIApp) -> None:
        """Nothing kept between requests."""
        self._limited = {most: RequestBodyLimitMiddleware(app, most) for most in (LARGEST_BODY, LARGEST_UPLOAD)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        await self._limited[largest_body(scope.get("path", ""))](scope, receive, send)


def is_ours(request: HTTPConnection) -> bool:
    """Whether a page of ours has sent it.

    `Sec-Fetch-Site` (W3C Fetch Metadata) where the browser sends it, else `Origin` (RFC 6454) against `Host`; what has
    neither is refused.
    """
    if site := request.headers.get("sec-fetch-site"):
        return site == "same-origin"
    if origin := request.headers.get("origin"):
        return urlsplit(origin).netloc == request.headers.get("host")
    return False
