"""Who changed what of a customer, an agent or a trunk, and when; append-only.

Rule: no foreign keys. What happened is a fact; it outlives its customer and whoever did it.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, Table, Text

from engine.store.tables.base import UTCDateTime, metadata

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UTCDateTime, nullable=False),
    # A login, or `command line`.
    Column("who", Text, nullable=False),
    Column("role", Text),
    # The customer as whom support was working.
    Column("acting_for", Integer),
    # 0 and no number = nobody's: an agent, a group or a trunk.
    Column("customer", Integer, nullable=False),
    Column("customer_number", Text, nullable=False),
    # As in `engine.entries.paths`, or `created` or `deleted`; `agents/anna/name` beside customers.
    Column("path", Text, nullable=False),
    Column("old", JSON(none_as_null=True)),
    Column("new", JSON(none_as_null=True)),
    Index("ix_audit_customer", "customer", "id"),
    sqlite_autoincrement=True,
)
