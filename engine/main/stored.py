"""The store, opened for a command or for the engine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from engine.settings import Settings
from engine.store.database import Database
from engine.store.schema import upgrade


@asynccontextmanager
async def stored(settings: Settings) -> AsyncIterator[Database]:
    """The database, created or brought up to date. Raises StoreError."""
    database = Database(settings.database_url)
    try:
        await upgrade(database)
        yield database
    finally:
        await database.close()
