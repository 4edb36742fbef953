"""Short news from support, for idle desks (`engine.ports.news`)."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from engine.store.tables.base import UTCDateTime, metadata

desk_news = Table(
    "desk_news",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    # NULL = until somebody takes it away.
    Column("until", UTCDateTime),
    Column("at", UTCDateTime, nullable=False),
    # A login, as it was then.
    Column("by", Text, nullable=False),
    # Pages' addresses name the id.
    sqlite_autoincrement=True,
)
