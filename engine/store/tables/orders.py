"""What customers have asked support to change (§6.2, §6.3)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text

from engine.store.tables.base import UTCDateTime, metadata
from engine.store.tables.customers import customers

change_orders = Table(
    "change_orders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("customer", ForeignKey(customers.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("asked_at", UTCDateTime, nullable=False),
    # Logins, as they were then.
    Column("asked_by", Text, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("due", Date, nullable=False),
    # In cents; NULL = support has not said yet.
    Column("price", Integer),
    Column("surcharge", Integer),
    Column("done_at", UTCDateTime),
    Column("done_by", Text),
    Index("ix_change_orders_done_at", "done_at", "due"),
    sqlite_autoincrement=True,
)
