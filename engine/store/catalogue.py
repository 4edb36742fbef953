"""Everything that an administrator writes down, read and written whole (`engine.ports.CatalogueStore`).

Rule of this file: a change is one transaction that no other change overlaps, from the reading that it was decided
on to the commit. What the engine itself keeps in the same rows (who is ready) stays untouched.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection

from engine.entries import Catalogue, Changes
from engine.store.audit import COMMAND_LINE, AuditWriter, note_import
from engine.store.catalogue_reading import read_catalogue
from engine.store.catalogue_writing import CatalogueWriter, customer_ids
from engine.store.changing import wait_for_others
from engine.store.database import Database


class StoredCatalogue:
    """Fills `engine.ports.CatalogueStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> Catalogue:
        """Everything as it stands in the store now, passwords included."""
        async with self._database.writing() as connection:
            await connection.run_sync(wait_for_others)
            return await read_catalogue(connection)

    async def change(self, decide: Callable[[Catalogue], Changes]) -> None:
        """Load everything, ask `decide`, write what it says, and who did it; all or nothing."""
        async with self._database.writing() as connection:
            await connection.run_sync(wait_for_others)
            stored = await read_catalogue(connection)
            changes = decide(stored)
            ids = await customer_ids(connection)
            await CatalogueWriter(self._database, connection).write(changes)
            ids |= await customer_ids(connection)
            await connection.run_sync(_note, stored, changes, ids)


def _note(connection: Connection, stored: Catalogue, changes: Changes, ids: dict[str, int]) -> None:
    writer = AuditWriter(connection, COMMAND_LINE, datetime.now(UTC))
    note_import(writer, stored, changes, ids)
