"""The board as all see it: drawn once for each change and language, and shared by every stream.

Rules of this file: whoever looks waits for an edition other than the one he has; who has the one before gets what has
changed since, anybody else gets everything, so nobody can have seen something wrong. Nothing is drawn while nobody
looks. Times that run are moments, so a board on which nothing happens costs nothing.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy.exc import DBAPIError

from engine.accounts import Identity
from engine.service.floor_day import EVERY, FloorDay
from engine.store.database import StoreError
from engine.web.board.drawing import Drawing, Drawn

if TYPE_CHECKING:
    from engine.web.page import Web

LOOK = 1.0
"""Seconds between two looks at whether the switch is there, of which no change tells."""
log = structlog.get_logger()


class BrokenOff(Exception):
    """The board could not be drawn; why stands in the log. Who looks again has it drawn anew."""


@dataclass(slots=True)
class Edition:
    """What the board was at one moment, in one language; both texts are JSON of an object."""

    number: int
    drawn: Drawn
    step: str
    """From the edition before."""
    _whole: str = ""

    @property
    def whole(self) -> str:
        """Everything; made when somebody asks first."""
        if not self._whole:
            self._whole = _told(Drawn({name: {} for name in self.drawn.lists}, {}), self.drawn)
        return self._whole

    def after(self, shown: int) -> str:
        """What somebody needs who has that edition; -1 = nothing yet."""
        return self.step if shown == self.number - 1 and shown >= 0 else self.whole


@dataclass(slots=True)
class _Face:
    """One language."""

    drawing: Drawing
    edition: Edition | None = None
    looks: int = 0
    """How many streams."""
    waiting: set[asyncio.Future[None]] = field(default_factory=set)


class Wall:
    """One for all; in the memory of this process."""

    def __init__(self) -> None:
        """Nobody looks yet."""
        self._faces: dict[str, _Face] = {}
        self._leaders: list[Identity] = []
        self._task: asyncio.Task[None] | None = None
        self._day: FloorDay | None = None
        self._is_counted = False
        """Whether the store has been asked for the day."""

    async def page(self, web: Web, by: Identity, language: str) -> Drawn:
        """Everything as it is now, for a page that is loaded. Raises NotALeader."""
        day = await _day_of(web, by)
        return self._face(web, language).drawing.draw(web.leading.look(by), web.ready(), day)

    @asynccontextmanager
    async def watched(self, web: Web, by: Identity, language: str) -> AsyncIterator[_Face]:
        """For as long as somebody looks. Raises NotALeader."""
        web.leading.seen(by)
        face = self._face(web, language)
        face.looks += 1
        self._leaders.append(by)
        try:
            if self._task is None or self._task.done():
                self._task = asyncio.create_task(self._run(web), name="board")
            elif face.edition is None:
                self._draw(web)
            yield face
        finally:
            self._leave(face, by)

    def _leave(self, face: _Face, by: Identity) -> None:
        face.looks -= 1
        self._leaders.remove(by)
        if not face.looks:
            face.edition = None
        if not self._leaders and self._task:
            self._task.cancel()
            self._task, self._is_counted = None, False

    def _face(self, web: Web, language: str) -> _Face:
        if language not in self._faces:
            self._faces[language] = _Face(Drawing(web.templates[language].env))
        return self._faces[language]

    async def edition(self, face: _Face, shown: int, seconds: float) -> Edition | None:
        """The first one other than that, or None after so many seconds. Raises BrokenOff."""
        if face.edition is None or face.edition.number == shown:
            if self._task is None or self._task.done():
                raise BrokenOff
            woken = asyncio.get_running_loop().create_future()
            face.waiting.add(woken)
            with suppress(TimeoutError):
                await asyncio.wait_for(woken, seconds)
            face.waiting.discard(woken)
        return face.edition if face.edition and face.edition.number != shown else None

    # --- the drawing

    async def _run(self, web: Web) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._follow_day(web))
                tasks.create_task(self._follow_floor(web))
        except Exception:  # whoever looks breaks off, and asks again
            log.exception("board_broken_off")

    async def _follow_floor(self, web: Web) -> None:
        while self._leaders:
            by = self._leaders[0]
            seen = web.leading.seen(by)
            self._draw(web)
            with suppress(TimeoutError):
                await asyncio.wait_for(web.leading.changed(by, seen), LOOK)

    async def _follow_day(self, web: Web) -> None:
        while self._leaders:
            self._day, self._is_counted = await _day_of(web, self._leaders[0]), True
            self._draw(web)
            await asyncio.sleep(EVERY.total_seconds())

    def _draw(self, web: Web) -> None:
        """A new edition in each language that somebody looks at, if anything of it has changed."""
        if not self._leaders:
            return
        floor = web.leading.look(self._leaders[0])
        for face in (one for one in self._faces.values() if one.looks):
            drawn = face.drawing.draw(floor, web.ready(), *((self._day,) if self._is_counted else ()))
            before = face.edition
            if before is None or before.drawn != drawn:
                step = _told(before.drawn, drawn) if before else ""
                face.edition = Edition(before.number + 1 if before else 0, drawn, step)
                _wake(face)


async def _day_of(web: Web, by: Identity) -> FloorDay | None:
    """The figures of the day; None while the store is away."""
    try:
        return await web.leading.figures(by)
    except (StoreError, DBAPIError) as problem:
        log.warning("board_without_figures", why=str(problem).splitlines()[0])
        return None


def _wake(face: _Face) -> None:
    for waiting in face.waiting:
        if not waiting.done():
            waiting.set_result(None)
    face.waiting.clear()


def _told(before: Drawn, after: Drawn) -> str:
    lists: dict[str, dict[str, Any]] = {}
    for name, rows in after.lists.items():
        old = before.lists[name]
        changed = {key: html for key, html in rows.items() if old.get(key) != html}
        if changed or list(old) != list(rows):
            lists[name] = {"order": list(rows), "rows": changed}
    parts = {name: html for name, html in after.parts.items() if before.parts.get(name) != html}
    return json.dumps({"lists": lists, "parts": parts}, ensure_ascii=False)
