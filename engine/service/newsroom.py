"""News from support for the agents: written and taken away, and at hand for every desk.

Rule of this file: desks look often and wait for nobody, so what is shown is kept in memory; it changes here alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from engine.accounts import Action, Identity
from engine.ports.customers import Author
from engine.ports.news import News, NewsStore


class TooMuchNews(Exception):
    """There is as much as desks show already."""


class NoRight(Exception):
    """Who asks may not write news."""


class Newsroom:
    """Works on one store."""

    def __init__(self, store: NewsStore, now: Callable[[], datetime], changed: Callable[[], None]) -> None:
        """`now`: this moment, in UTC; `changed()` lets desks look again."""
        self._store, self._now, self._changed = store, now, changed
        self._known: Sequence[News] | None = None

    @property
    def shown(self) -> Sequence[News]:
        """What desks show at this moment, the latest first; nothing before `load` was asked for."""
        now = self._now()
        return [one for one in self._known or () if one.holds(now)]

    async def load(self) -> Sequence[News]:
        """The same, read from the store where that has not been done."""
        if self._known is None:
            self._known = await self._store.all()
        return self.shown

    async def write(self, text: str, until: datetime | None, by: Identity) -> None:
        """Show one more, up to `until` (aware). Raises NoRight, TooMuchNews."""
        _check(by)
        added = await self._store.add(News(0, text, until, self._now(), by.login), _author(by))
        await self._renew()
        if not added:
            raise TooMuchNews

    async def remove(self, news: int, by: Identity) -> None:
        """Take it away; nothing happens if it is not there. Raises NoRight."""
        _check(by)
        await self._store.remove(news, _author(by), self._now())
        await self._renew()

    async def _renew(self) -> None:
        self._known = await self._store.all()
        self._changed()


def _check(by: Identity) -> None:
    if not by.may(Action.WRITE_NEWS):
        raise NoRight(by.login)


def _author(by: Identity) -> Author:
    return Author(by.login, by.role.value, by.acting_for)
