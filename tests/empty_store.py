"""A SQLite file with our tables and nothing in them: migrated once for each process, then copied."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from engine.store.database import Database
from engine.store.schema import upgrade

_TEMPLATE: list[Path] = []
"""The file, once there is one. A migration takes a hundred times as long as a copy."""


async def empty_store(path: Path) -> str:
    """The URL of such a database, in this file."""
    if not _TEMPLATE:
        directory = Path(tempfile.mkdtemp(prefix="vorzimmer-tables-"))
        atexit.register(shutil.rmtree, directory, ignore_errors=True)
        await migrated(f"sqlite:///{directory}/empty.db")
        _TEMPLATE.append(directory / "empty.db")
    shutil.copy(_TEMPLATE[0], path)
    return f"sqlite:///{path}"


async def migrated(url: str) -> None:
    """Make our tables there."""
    database = Database(url)
    await upgrade(database)
    await database.close()
