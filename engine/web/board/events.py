"""What happens on the floor, told to an open board as it happens (`engine.web.live`).

Rule of this file: what is told was drawn once for all (`wall.py`). A session that is over hears nothing more; while the
store is away nobody can say whether it is, and the board goes on, for the calls do.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import structlog
from fastapi import APIRouter, Response
from sqlalchemy.exc import DBAPIError

from engine.store.database import StoreError
from engine.web.board.page import AtBoard, BoardPage
from engine.web.board.wall import BrokenOff
from engine.web.live import BEAT, GUARD, event, holds, streamed, written

router = APIRouter(prefix="/desk/board")
log = structlog.get_logger()


@router.get("/events")
async def events(page: AtBoard) -> Response:
    """Without end."""
    return streamed(news(page))


@router.get("/there")
async def there(page: AtBoard) -> Response:
    """For a page whose stream was lost: whether it is worth while to ask for another one."""
    return Response(status_code=204)


async def news(page: BoardPage) -> AsyncIterator[str]:
    """Every event as it goes over the wire; it breaks off where the board cannot be drawn, and the page asks again."""
    loop, web = asyncio.get_running_loop(), page.web
    shown, told, checked = -1, loop.time(), -GUARD
    with suppress(BrokenOff):
        async with web.wall.watched(web, page.identity, page.language) as face:
            while True:
                if loop.time() - checked >= GUARD:
                    checked = loop.time()
                    if not await _holds(page):
                        yield event("over", web.clock.now().timestamp())
                        return
                edition = await web.wall.edition(face, shown, GUARD)
                if edition or loop.time() - told >= BEAT:
                    told, now = loop.time(), web.clock.now().timestamp()
                    yield written("look", now, edition.after(shown) if edition else "{}")
                if edition:
                    shown = edition.number


async def _holds(page: BoardPage) -> bool:
    try:
        return await holds(page.web, page.session)
    except (StoreError, DBAPIError) as problem:
        log.warning("board_session_unknown", user=page.identity.user, why=str(problem).splitlines()[0])
        return True
