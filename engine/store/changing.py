"""One change at a time of what administrators and customers write down.

Rule of this file: a change waits for the one before it, so that each is decided on what it is written over. Calls
write other tables and wait for nobody.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_LOCK = 0x43415441
"""Key of the PostgreSQL advisory lock that a change holds ("CATA"); SQLite has one writer anyway."""


def wait_for_others(connection: Connection, lock: int = _LOCK) -> None:
    """Hold all other transactions that ask for this lock off until this one ends."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock})
