"""What happens, told to an open desk as it happens (`engine.web.live`).

Rule of this file: every look is the whole truth of a part, and only parts that are not as they were are sent, so who
comes back after a lost connection has seen nothing wrong. What is the agent's own is told at once. A session that is
over hears nothing more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import structlog
from fastapi import APIRouter, Response

from engine.ports.desk import Seen
from engine.store.database import StoreError
from engine.terms import AgentState
from engine.web.desk import parts
from engine.web.desk.page import AtDesk, DeskPage
from engine.web.live import BEAT, GUARD, event, holds, streamed

router = APIRouter(prefix="/desk")
_LOOK = 1.0
"""Seconds between two looks at whether a customer has changed what is on the desk (§6.1)."""
log = structlog.get_logger()


@router.get("/events")
async def events(page: AtDesk) -> Response:
    """Without end."""
    return streamed(Stream(page).news())


class Stream:
    """One page of one agent, for as long as it is open."""

    def __init__(self, page: DeskPage) -> None:
        """Nothing is shown yet."""
        self._page, self._shown = page, dict[str, str]()
        self._seen, self._rung = self._look()
        self._is_own = self._is_others = True
        self._edition = (0, 0)
        self._checked = self._told = -BEAT

    async def news(self) -> AsyncIterator[str]:
        """Every event as it goes over the wire; it breaks off where the store is away, and the page asks again."""
        try:
            while await self._holds():
                changed = await self._changes()
                if changed or self._now() - self._told >= BEAT:
                    self._told = self._now()
                    yield self._event("look", parts=changed)
                await self._wait()
            yield self._event("over")
        except StoreError as problem:
            log.warning("desk_broken_off", agent=self._page.login, why=str(problem))

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _look(self) -> tuple[Seen, int]:
        page = self._page
        return page.desk.seen(page.identity), page.web.bells.count(page.login)

    async def _holds(self) -> bool:
        """Whether the session is there."""
        if not self._is_own and self._now() - self._checked < GUARD:
            return True
        self._checked = self._now()
        return await holds(self._page.web, self._page.session)

    async def _changes(self) -> dict[str, str]:
        if not (self._is_own or self._is_others):
            return {}
        page = self._page
        if self._is_own:
            self._edition = await self._edited()
        made = parts.html(page, await parts.whole(page) if self._is_own else parts.glance(page))
        changed = {name: html for name, html in made.items() if self._shown.get(name) != html}
        self._shown |= changed
        return changed

    async def _wait(self) -> None:
        """Until there may be news, of whatever kind."""
        page, (before, rung) = self._page, (self._seen, self._rung)
        tasks: list[asyncio.Task[Any]] = [
            asyncio.create_task(page.desk.changed(page.identity, before)),
            asyncio.create_task(page.web.bells.rung(page.login, rung)),
        ]
        try:
            done, _ = await asyncio.wait(tasks, timeout=_LOOK, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
        for task in done:
            task.result()
        self._seen, self._rung = self._look()
        is_due = self._now() - self._told >= BEAT
        self._is_others = before.others != self._seen.others
        is_own = (before.own, rung) != (self._seen.own, self._rung)
        self._is_own = is_own or is_due or await self._edited() != self._edition

    async def _edited(self) -> tuple[int, int]:
        """Whose call is at the desk, and the customer's last change; zeros where there is none."""
        agent = self._page.agent
        if agent is None or agent.call is None or (agent.call.ended_at and agent.state is not AgentState.WRAP_UP):
            return 0, 0
        last = await self._page.web.customers.history(agent.call.customer, 1)
        return agent.call.customer, last[0].id if last else 0

    def _event(self, name: str, **data: Any) -> str:
        return event(name, self._page.web.clock.now().timestamp(), **data)
