"""What is kept of the calls at agents' desks beside their messages (`engine.ports.desk`).

Rule: a call and an agent are named as they were, without foreign keys: the call's record may come later than its
closing, and both outlive the agent. What is a customer's goes with it.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Table, Text

from engine.store.tables.base import UTCDateTime, metadata
from engine.store.tables.customers import customers

call_closings = Table(
    "call_closings",
    metadata,
    Column("call", Text, primary_key=True),
    Column("customer", ForeignKey(customers.c.id, ondelete="CASCADE"), nullable=False),
    Column("agent", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("spam", Boolean, nullable=False),
    Column("at", UTCDateTime, nullable=False, index=True),
    Index("ix_call_closings_customer", "customer", "at"),
    Index("ix_call_closings_spam", "spam", "at"),
)

# Callers marked as spam whom the customer does not want to block: marks until then count no more.
spam_dismissals = Table(
    "spam_dismissals",
    metadata,
    Column("customer", ForeignKey(customers.c.id, ondelete="CASCADE"), primary_key=True),
    Column("number", Text, primary_key=True),
    Column("by", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
)

message_drafts = Table(
    "message_drafts",
    metadata,
    Column("agent", Text, primary_key=True),
    Column("call", Text, primary_key=True),
    Column("values", JSON, nullable=False),
    Column("at", UTCDateTime, nullable=False, index=True),
)
