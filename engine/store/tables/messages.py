"""Messages taken for customers, and how each was delivered (`engine.ports.messages`).

Rule: a message belongs to its customer and goes with it. Its call and its agent are named as they were, without foreign
keys: it outlives both.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from engine.store.tables.base import UTCDateTime, metadata
from engine.store.tables.customers import customers

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("customer", ForeignKey(customers.c.id, ondelete="CASCADE"), nullable=False),
    # Made by who has sent it: what is sent twice is stored once.
    Column("key", Text, nullable=False),
    Column("taken_at", UTCDateTime, nullable=False),
    Column("state", Text, nullable=False),
    # All that it is found by, folded; before the long texts, so that a search need not read past them.
    Column("search", Text, nullable=False),
    # NULL = for everybody at the customer.
    Column("contact", Text),
    Column("caller_name", Text, nullable=False),
    Column("company", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("urgency", Text, nullable=False),
    # Words with blanks between.
    Column("ticks", Text, nullable=False),
    Column("call", Text),
    Column("agent", Text, nullable=False),
    Column("agent_name", Text, nullable=False),
    # Logins, as they were then.
    Column("read_at", UTCDateTime),
    Column("read_by", Text),
    Column("done_at", UTCDateTime),
    Column("done_by", Text),
    Column("text", Text, nullable=False),
    # Pairs of label and value, as they were then.
    Column("fields", JSON, nullable=False, server_default="[]"),
    UniqueConstraint("customer", "key"),
    Index("ix_messages_call", "customer", "call", "taken_at"),
    Index("ix_messages_customer", "customer", "taken_at"),
    Index("ix_messages_state", "customer", "state", "taken_at"),
    # Pages' addresses name the id.
    sqlite_autoincrement=True,
)

message_deliveries = Table(
    "message_deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message", ForeignKey(messages.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("means", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("trouble", Text),
    sqlite_autoincrement=True,
)
