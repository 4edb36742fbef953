"""Everything that an administrator writes down, read and written whole (`engine.ports.CatalogueStore`).

Rule of this file: a change is one transaction that no other change overlaps, from the reading that it was decided
on to the commit. What the engine itself keeps in the same rows (who is ready) stays untouched.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.entries import Catalogue, Changes
from engine.store.catalogue_reading import read_catalogue
from engine.store.catalogue_writing import CatalogueWriter
from engine.store.database import Database

_LOCK = 0x43415441
"""Key of the PostgreSQL advisory lock that a change holds ("CATA"); SQLite has one writer anyway."""


class StoredCatalogue:
    """Fills `engine.ports.CatalogueStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> Catalogue:
        """Everything as it stands in the store now, passwords included."""
        async with self._database.writing() as connection:
            await self._lock(connection)
            return await read_catalogue(connection)

    async def change(self, decide: Callable[[Catalogue], Changes]) -> None:
        """Load everything, ask `decide`, write what it says, all or nothing."""
        async with self._database.writing() as connection:
            await self._lock(connection)
            changes = decide(await read_catalogue(connection))
            await CatalogueWriter(self._database, connection).write(changes)

    async def _lock(self, connection: AsyncConnection) -> None:
        if not self._database.is_sqlite:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
