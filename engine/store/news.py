"""News for desks in the store (`engine.ports.news`); who wrote and took away what stands in the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from engine.entries.paths import Change
from engine.ports.customers import Author
from engine.ports.news import MOST_NEWS, News
from engine.store.audit import INSTALLATION, AuditWriter
from engine.store.changing import wait_for_others
from engine.store.database import Database
from engine.store.tables import desk_news


class StoredNews:
    """Fills `NewsStore`."""

    def __init__(self, database: Database) -> None:
        """On a lane of its own."""
        self._lane = database.lane()

    async def all(self) -> Sequence[News]:
        """See NewsStore."""
        wanted = select(desk_news).order_by(desk_news.c.id.desc())
        rows = await self._lane.read(lambda connection: connection.execute(wanted).all())
        return [News(row.id, row.text, row.until, row.at, row.by) for row in rows]

    async def add(self, news: News, author: Author) -> bool:
        """See NewsStore."""
        row = {"text": news.text, "until": news.until, "at": news.at, "by": news.by}

        def work(connection: Connection) -> bool:
            wait_for_others(connection)
            connection.execute(delete(desk_news).where(desk_news.c.until <= news.at))
            if connection.execute(select(func.count()).select_from(desk_news)).scalar_one() >= MOST_NEWS:
                return False
            connection.execute(insert(desk_news).values(row))
            _note(connection, author, news.at, Change("news", None, news.text))
            return True

        return await self._lane.write(work)

    async def remove(self, news: int, author: Author, at: datetime) -> bool:
        """See NewsStore."""
        gone = delete(desk_news).where(desk_news.c.id == news).returning(desk_news.c.text)

        def work(connection: Connection) -> bool:
            text = connection.execute(gone).scalar_one_or_none()
            if text is not None:
                _note(connection, author, at, Change("news", text, None))
            return text is not None

        return await self._lane.write(work)


def _note(connection: Connection, author: Author, at: datetime, change: Change) -> None:
    writer = AuditWriter(connection, author, at)
    writer.noted(INSTALLATION, "", change)
    writer.write()
