"""Where programs of others tell of what has become of our SMS; no login but a secret in the address.

Rules of this file: who does not know the secret finds nothing here. Who does is never told that something is wrong with
what he says: it is noted, or it is dropped. Only where it cannot be noted for now he is asked to come again.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import DBAPIError

from engine.ports.reports import Report
from engine.store.database import StoreError
from engine.web.api.problems import Problem, problem_of
from engine.web.guards import HOOKS

log = structlog.get_logger()
router = APIRouter(prefix=HOOKS.rstrip("/"))


@dataclass(frozen=True, slots=True)
class SmsHook:
    """What the gateway tells goes where."""

    secret: str = field(repr=False)
    """What its address ends with."""
    read: Callable[[bytes], Report | None]
    """What the body says; None = nothing of ours."""
    take: Callable[[Report], Awaitable[bool]]
    """Note it; False = it has changed nothing. Raises StoreError."""


@router.post("/sms/{secret}")
async def sms(request: Request, secret: str) -> Response:
    """A delivery report; the same one may come again and again."""
    hook: SmsHook | None = request.app.state.sms_hook
    if hook is None or not hmac.compare_digest(secret.encode(), hook.secret.encode()):
        raise Problem(404, "unknown")
    report = hook.read(await request.body())
    if report is None:
        log.info("report_dropped", why="the SMS gateway has told nothing that concerns us")
        return Response(status_code=204)
    try:
        if not await hook.take(report):
            log.info("report_dropped", why="known already, too late, or of no SMS of ours")
    except (StoreError, DBAPIError, OSError) as problem:
        log.warning("report_not_taken", problem=type(problem).__name__)
        return problem_of(503)
    return Response(status_code=204)
