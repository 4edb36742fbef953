"""Call records, agents' talks, the legs to transfer targets, the append-only trail (`engine.ports`); journal files.

Rule: no foreign keys. A record is a fact; it outlives its customer and its agent.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, false

from engine.store.tables.base import UTCDateTime, metadata

calls = Table(
    "calls",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dialled", Text, nullable=False),
    Column("access_number", Text),
    Column("customer", Integer),
    Column("caller", Text),
    Column("line", Text),
    Column("arrived_at", UTCDateTime, nullable=False, index=True),
    Column("outcome", Text, nullable=False, index=True),
    Column("treatment", Text),
    Column("first_media_at", UTCDateTime),
    Column("picked_up_at", UTCDateTime),
    Column("answered_at", UTCDateTime),
    Column("agent_left_at", UTCDateTime),
    Column("ended_at", UTCDateTime),
    Column("cause", Integer),
    Column("agent", Text),
    Column("waited_ms", BigInteger, nullable=False),
    Column("talked_ms", BigInteger, nullable=False),
    Column("transferred_ms", BigInteger, nullable=False),
    Column("charged_seconds", BigInteger, nullable=False),
    Column("charged_minutes", BigInteger, nullable=False),
    Column("waited_again_ms", BigInteger, nullable=False, server_default="0"),
    Column("lost_again", Boolean, nullable=False, server_default=false()),
    # How much of it is forgotten (`engine.ports.records.CallRecord`).
    Column("forgotten", Integer, nullable=False, server_default="0"),
    Index("ix_calls_customer", "customer", "arrived_at"),
    Index("ix_calls_agent", "agent", "arrived_at"),
    Index("ix_calls_caller", "customer", "caller", "arrived_at"),
    Index("ix_calls_forgotten", "forgotten", "arrived_at"),
)

call_trail = Table(
    "call_trail",
    metadata,
    Column("call", Text, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("at", UTCDateTime, nullable=False),
    Column("what", Text, nullable=False),
    Column("detail", Text, nullable=False),
)

call_talks = Table(
    "call_talks",
    metadata,
    Column("call", Text, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("customer", Integer, nullable=False),
    Column("agent", Text, nullable=False),
    Column("began_at", UTCDateTime, nullable=False, index=True),
    Column("ended_at", UTCDateTime, nullable=False),
    Column("how", Text),
    Column("waited_ms", BigInteger, nullable=False),
    Column("talked_ms", BigInteger, nullable=False),
    Index("ix_call_talks_agent", "agent", "began_at"),
)

call_attempts = Table(
    "call_attempts",
    metadata,
    Column("leg", Text, primary_key=True),
    Column("call", Text, nullable=False, index=True),
    Column("customer", Integer, nullable=False),
    Column("contact", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("trunk", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("dialled_at", UTCDateTime, nullable=False),
    Column("ringing_at", UTCDateTime),
    Column("answered_at", UTCDateTime),
    Column("joined_at", UTCDateTime),
    Column("ended_at", UTCDateTime),
    Column("result", Text, nullable=False),
    Column("cause", Integer),
    Column("apart_ms", BigInteger, nullable=False, server_default="0"),
    Index("ix_call_attempts_customer", "customer", "dialled_at"),
)

journal_files = Table(
    "journal_files",
    metadata,
    Column("id", Text, primary_key=True),
    # Entries of that file that are in the store: written with them, so none is taken over twice.
    Column("taken", BigInteger, nullable=False),
)
