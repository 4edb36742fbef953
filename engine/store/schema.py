"""Brings a database to the schema of this program, by Alembic.

Rule: two programs that start at once must not both migrate: the second waits and finds nothing to do.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from engine.store.changing import wait_for_others
from engine.store.database import Database, StoreError

HEAD = "0022"
"""The newest migration. A database that is there already is not handed to Alembic, which takes long to load."""
_LOCK = 0x564F525A
"""Key of the PostgreSQL advisory lock that a migration holds ("VORZ")."""


async def upgrade(database: Database) -> None:
    """Create or migrate the tables, all or nothing; nothing happens if they are up to date.

    Raises StoreError if the database cannot be reached or was made by a newer version.
    """
    await asyncio.to_thread(database.create_file)
    async with database.writing() as connection:
        await connection.run_sync(wait_for_others, _LOCK)
        await connection.run_sync(_to_head)


def _to_head(connection: Connection) -> None:
    if inspect(connection).has_table("alembic_version"):
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
        if found == HEAD:
            return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            f"the database does not fit this version of Vorzimmer ({error}): install the newer one"
        ) from error
