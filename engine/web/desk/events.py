"""What happens, told to an open desk as it happens (`engine.web.live`).

Rule of this file: every look is the whole truth of a part, and only parts that are not as they were are sent, so who
comes back after a lost connection has seen nothing wrong. What is the agent's own is told at once; of a draft no more
than that there is a new one, and nothing is read for it. A session that is over hears nothing more, but the talk
that it was over in is brought to its end (`engine.web.overtime`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import structlog
from fastapi import APIRouter, Response
from sqlalchemy.exc import DBAPIError

from engine.ports.desk import Seen
from engine.store.database import StoreError
from engine.terms import AgentId, AgentState
from engine.web import leaving, overtime
from engine.web.desk import parts
from engine.web.desk.page import AtDesk, DeskPage
from engine.web.live import BEAT, GUARD, PATIENCE, event, streamed

router = APIRouter(prefix="/desk")
LOOK = 0.6
"""Seconds between two looks at whether a customer has changed what is on the desk: within a second with what another
process has changed, which is known after `FRESH` (§6.1)."""
_SHORT = 0.5
"""Seconds that the store has for an answer while it is known to be away."""
T = TypeVar("T")
log = structlog.get_logger()


@router.get("/events")
async def events(page: AtDesk) -> Response:
    """Without end."""
    return streamed(Stream(page).news())


class Stream:
    """One page of one agent, for as long as it is open."""

    def __init__(self, page: DeskPage) -> None:
        """Nothing is shown yet."""
        self._page, self._shown, self._drawn = page, dict[str, str](), dict[str, parts.Values]()
        self._team: dict[AgentId, str] = {}
        self._seen, self._rung = self._look()
        self._drafts = -1
        self._is_own = self._is_others = True
        self._edition = (0, 0)
        self._read = -BEAT
        self._call = parts.Values()
        self._is_away = False
        self._checked = self._told = -BEAT
        self._ends = page.session.expires.timestamp()

    async def news(self) -> AsyncIterator[str]:
        """Every event as it goes over the wire."""
        while await self._asked(self._holds(), True):
            changed, rows = await self._changes()
            drafts = self._page.web.drafts.count(self._page.login)
            if changed or rows or drafts != self._drafts or self._now() - self._told >= BEAT:
                self._told, self._drafts = self._now(), drafts
                draft, ends = self._page.draft, self._ends
                yield self._event("look", parts=changed, rows=rows, draft=draft, ends=ends)
            await self._wait()
        await self._asked(leaving.is_over(self._page.web, self._page.session), None)
        yield self._event("over")

    async def _asked(self, question: Awaitable[T], otherwise: T) -> T:
        """What the store says to it; while it is away a desk goes on with what is known without it."""
        try:
            async with asyncio.timeout(_SHORT if self._is_away else PATIENCE):
                said = await question
        except (StoreError, DBAPIError, TimeoutError) as problem:
            if not self._is_away:
                log.warning("desk_without_store", agent=self._page.login, why=str(problem).partition("\n")[0])
            self._is_away = True
            return otherwise
        return said

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
        web, session = self._page.web, self._page.session
        ends = await overtime.until(web, session)
        if ends is None:
            return False
        if ends <= web.clock.now():
            await leaving.is_over(web, session)
        self._ends, self._page.session = ends.timestamp(), replace(session, expires=ends)
        return True

    async def _changes(self) -> tuple[dict[str, str], dict[AgentId, str]]:
        """The parts that are not as they were, and the team's rows, if it is the same team."""
        if not (self._is_own or self._is_others):
            return {}, {}
        page = self._page
        own = self._undrawn(await self._own()) if self._is_own else {}
        made, team = {**parts.html(page, own), **parts.glance(page)}, parts.team(page)
        rows = {login: html for login, html in team.items() if self._team.get(login) != html}
        if list(team) != list(self._team):
            made["team"], rows = parts.team_html(page, team), {}
        self._team = team
        changed = {name: html for name, html in made.items() if self._shown.get(name) != html}
        self._shown |= changed
        return changed, rows

    def _undrawn(self, own: Mapping[str, parts.Values]) -> Mapping[str, parts.Values]:
        """What is not as it was when it was drawn last; words do not change while a page is open."""
        told = {name: {key: one for key, one in values.items() if not callable(one)} for name, values in own.items()}
        found = {name: values for name, values in own.items() if self._drawn.get(name) != told[name]}
        self._drawn |= told
        return found

    async def _own(self) -> Mapping[str, parts.Values]:
        """Everything; without the store as much as there is, and from then on every look asks for the rest again."""
        was_away, nothing = self._is_away, dict[str, parts.Values]()
        whole = await self._asked(self._whole(), nothing)
        if whole is nothing:
            return parts.without_store(self._page, self._call)
        self._is_away, self._call = False, whole["call"]
        if was_away:
            log.info("desk_with_store", agent=self._page.login)
        return whole

    async def _whole(self) -> dict[str, parts.Values]:
        self._edition = await self._edited()
        return await parts.own(self._page)

    async def _wait(self) -> None:
        """Until there may be news, of whatever kind."""
        page, (before, rung) = self._page, (self._seen, self._rung)
        tasks: list[asyncio.Task[Any]] = [
            asyncio.create_task(page.desk.changed(page.identity, before)),
            asyncio.create_task(page.web.bells.rung(page.login, rung)),
            asyncio.create_task(page.web.drafts.rung(page.login, self._drafts)),
        ]
        try:
            done, _ = await asyncio.wait(
                tasks, timeout=max(self._read + LOOK - self._now(), 0), return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            for task in tasks:
                task.cancel()
        for task in done:
            task.result()
        self._seen, self._rung = self._look()
        is_due = self._now() - self._told >= BEAT
        self._is_others = before.others != self._seen.others
        is_own = (before.own, rung) != (self._seen.own, self._rung)
        self._is_own = is_own or is_due or self._is_away or await self._asked(self._is_edited(), True)

    async def _is_edited(self) -> bool:
        """Whether a customer has changed what is on the desk; asked now and then, however often there is other news."""
        return self._now() - self._read >= LOOK and await self._edited() != self._edition

    async def _edited(self) -> tuple[int, int]:
        """Whose call is at the desk, and the customer's last change; zeros where there is none."""
        self._read = self._now()
        agent = self._page.agent
        if agent is None or agent.call is None or (agent.call.ended_at and agent.state is not AgentState.WRAP_UP):
            return 0, 0
        return agent.call.customer, await self._page.web.customers.edition(agent.call.customer)

    def _event(self, name: str, **data: Any) -> str:
        return event(name, self._page.web.clock.now().timestamp(), **data)
