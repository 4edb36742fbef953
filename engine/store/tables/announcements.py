"""Customers' own announcements, with their sound: the truth; what the switch plays are copies of it.

Rule: no call reads this table; what a call needs is the name in the customer's wait settings.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Table, Text, UniqueConstraint

from engine.store.tables.base import UTCDateTime, metadata
from engine.store.tables.customers import customers

announcements = Table(
    "announcements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("customer", ForeignKey(customers.c.id, ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    # What was typed, and the language of the voice; NULL = it was uploaded.
    Column("text", Text),
    Column("language", Text),
    # Bare A-law, 8000 bytes a second.
    Column("sound", LargeBinary, nullable=False),
    Column("made_at", UTCDateTime, nullable=False),
    UniqueConstraint("customer", "name"),
    # Wait settings name the id, so it must never come back for somebody else.
    sqlite_autoincrement=True,
)
