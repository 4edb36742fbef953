"""What was forgotten night by night (`engine.ports.keeping`): figures, and nobody's data."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Integer, Table

from engine.store.tables.base import UTCDateTime, metadata

retention_reports = Table(
    "retention_reports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UTCDateTime, nullable=False),
    Column("took_ms", BigInteger, nullable=False),
    # Objects with the fields of `engine.ports.keeping.Forgotten`.
    Column("lines", JSON, nullable=False),
    sqlite_autoincrement=True,
)
