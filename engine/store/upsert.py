"""INSERT that minds what is there already; the same words on SQLite and PostgreSQL, from two dialects."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Table

from engine.store.database import Database

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

    Insert = postgresql.Insert | sqlite.Insert


def insert_missing(database: Database, table: Table) -> Insert:
    """Inserts rows; those whose key is there already are left as they are."""
    return _insert(database.is_sqlite, table).on_conflict_do_nothing()


def insert_or_replace(database: Database, table: Table, key: str | tuple[str, ...], *written: str) -> Insert:
    """Inserts rows; of those whose unique column(s) `key` are there already the columns `written` are replaced."""
    return _or_replace(database.is_sqlite, table, key, written)


@cache
def _or_replace(is_sqlite: bool, table: Table, key: str | tuple[str, ...], written: tuple[str, ...]) -> Insert:
    statement = _insert(is_sqlite, table)
    return statement.on_conflict_do_update(
        index_elements=[key] if isinstance(key, str) else key, set_={name: statement.excluded[name] for name in written}
    )


def _insert(is_sqlite: bool, table: Table) -> Insert:
    if is_sqlite:
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # here: takes a tenth of a second to load

    return postgresql.insert(table)
