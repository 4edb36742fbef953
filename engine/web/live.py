"""What every live page's stream has in common: server-sent events (WHATWG HTML §9.2) for a session that holds.

Rule of this file: data is one line of JSON, so no text of anybody can be an event of its own; asking whether a session
holds does not count as using it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterable
from typing import TYPE_CHECKING, Any

from starlette.responses import StreamingResponse

from engine.service.accounts import Session

if TYPE_CHECKING:
    from engine.web.page import Web

BEAT = 15.0
"""Seconds after which a silent stream says that it is still there."""
PATIENCE = 2.0
"""Seconds that the store has for an answer, where the floor goes on without it."""
GUARD = 5.0
"""Seconds after which a stream that tells of others only asks again whether its session holds."""


def streamed(events: AsyncIterable[str]) -> StreamingResponse:
    """The answer, without end; no proxy is to gather what is told."""
    return StreamingResponse(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def event(name: str, now: float, **data: Any) -> str:
    """One event as it goes over the wire. `now`: seconds since 1970, for the page to count by."""
    return written(name, now, json.dumps(data, ensure_ascii=False))


def written(name: str, now: float, data: str) -> str:
    """The same of data that is JSON of an object already."""
    more = f", {data[1:]}" if data != "{}" else "}"
    return f'event: {name}\ndata: {{"now": {now}{more}\n\n'


async def holds(web: Web, session: Session) -> bool:
    """Whether the session is there, and still the same person's. Raises StoreError if nobody can say."""
    who, there = session.identity, await web.accounts.sessions(session.identity.user)
    return any((one.id, one.identity.agent, one.identity.role) == (session.id, who.agent, who.role) for one in there)
