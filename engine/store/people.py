"""Trunks, groups and agents, read and written together (`engine.ports.people.PeopleStore`).

Rule of this file: a change overlaps no other change of what administrators write down; customers are not even read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from engine.entries import Catalogue, Changes
from engine.ports.customers import AuditEntry, Author
from engine.ports.people import Login
from engine.store.audit import INSTALLATION, AuditWriter, history, note_people
from engine.store.catalogue_reading import read_people
from engine.store.catalogue_writing import CatalogueWriter
from engine.store.changing import wait_for_others
from engine.store.database import Database
from engine.store.tables import users
from engine.terms import AgentId


class StoredPeople:
    """Fills `PeopleStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> Catalogue:
        """See PeopleStore."""
        async with self._database.writing() as connection:
            await connection.run_sync(wait_for_others)
            return await read_people(connection)

    async def change(self, author: Author, decide: Callable[[Catalogue], Changes]) -> None:
        """See PeopleStore."""
        async with self._database.writing() as connection:
            await connection.run_sync(wait_for_others)
            stored = await read_people(connection)
            changes = decide(stored)
            await CatalogueWriter(self._database, connection).write(changes)
            await connection.run_sync(_note, author, stored, changes)

    async def logins(self) -> Mapping[AgentId, Login]:
        """See PeopleStore."""
        wanted = select(users.c.agent, users.c.login, users.c.disabled).where(users.c.agent.is_not(None))
        async with self._database.reading() as connection:
            return {AgentId(row.agent): Login(row.login, row.disabled) for row in await connection.execute(wanted)}

    async def history(self, limit: int, before: int | None = None) -> Sequence[AuditEntry]:
        """See PeopleStore."""
        async with self._database.reading() as connection:
            return await connection.run_sync(history, INSTALLATION, limit, before)


def _note(connection: Connection, author: Author, stored: Catalogue, changes: Changes) -> None:
    writer = AuditWriter(connection, author, datetime.now(UTC))
    note_people(writer, stored, changes)
    writer.write()
