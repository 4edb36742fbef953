"""Customers and what was agreed with them.

What is always read and replaced whole (hours, closed days, routing) is one JSON value in the words of the YAML file;
what is looked up or must be unique is a column.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, Table, Text, false, text

from engine.store.tables.base import metadata

_Json = JSON(none_as_null=True)
_WANTED = text("digest_times IS NOT NULL")

tariffs = Table(
    "tariffs",
    metadata,
    Column("name", Text, primary_key=True),
    Column("hours", _Json, nullable=False),
    Column("closed_on_holidays", Boolean, nullable=False),
)

customers = Table(
    "customers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("blocked", Boolean, nullable=False),
    Column("tariff", ForeignKey(tariffs.c.name), nullable=False, index=True),
    Column("state", Text),
    Column("greeting", Text),
    Column("hours", _Json),
    Column("closed_days", _Json, nullable=False),
    Column("routing", _Json, nullable=False),
    Column("ring_time", Float),
    Column("max_calls", Integer),
    # Calls per second.
    Column("max_rate", Float),
    # Whether the customer has agreed that supervisors listen in.
    Column("listening_in", Boolean, nullable=False, server_default=false()),
    # The times of day at which daily summaries are due, with blanks between; NULL = none is wanted.
    Column("digest_times", Text),
    Index("ix_customers_digest_times", "digest_times", sqlite_where=_WANTED, postgresql_where=_WANTED),
    # Calls keep the id for ever, so it must never come back for somebody else.
    sqlite_autoincrement=True,
)

access_numbers = Table(
    "access_numbers",
    metadata,
    Column("number", Text, primary_key=True),
    Column("customer", ForeignKey(customers.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("place", Integer, nullable=False),
)

forwarded_lines = Table(
    "forwarded_lines",
    metadata,
    Column("customer", ForeignKey(customers.c.id, ondelete="CASCADE"), primary_key=True),
    Column("number", Text, primary_key=True),
    # Only where people corrected it; else the prefix decides (`engine.law.classes`).
    Column("number_class", Text),
    Column("place", Integer, nullable=False),
)

wait_settings = Table(
    "wait_settings",
    metadata,
    Column("customer", ForeignKey(customers.c.id, ondelete="CASCADE"), primary_key=True),
    Column("treatment", Text, nullable=False),
    Column("music", Text, nullable=False),
    Column("greeting", Text),
    Column("announcements", _Json, nullable=False),
    Column("announce_every", Float),
    Column("max_wait", Float),
    Column("then", Text, nullable=False),
)

# What no call needs, and most customers have little of: no row where nothing is entered, NULL for what is not.
customer_details = Table(
    "customer_details",
    metadata,
    Column("customer", ForeignKey(customers.c.id, ondelete="CASCADE"), primary_key=True),
    Column("live_since", Text),
    Column("absence_reason", Text),
    Column("back_from", Text),
    Column("back_from_text", Text),
    Column("instructions", Text),
    Column("contacts", _Json),
    Column("company", _Json),
    Column("vip_notes", _Json),
    Column("faq", _Json),
    Column("message_fields", _Json),
    Column("shown_numbers", _Json),
    Column("put_through", _Json),
    Column("digest", _Json),
)

# Whose calls are refused: looked up with every call (`engine.store.customers`).
blocked_callers = Table(
    "blocked_callers",
    metadata,
    Column("customer", ForeignKey(customers.c.id, ondelete="CASCADE"), primary_key=True),
    Column("number", Text, primary_key=True),
    Column("note", Text),
    # On the customer's clocks, as in YAML.
    Column("since", Text),
    Column("by", Text),
    Column("place", Integer, nullable=False),
)

# What people find customers by (`engine.store.searching`): small, for it is read from end to end.
customer_search = Table(
    "customer_search",
    metadata,
    Column("customer", ForeignKey(customers.c.id, ondelete="CASCADE"), primary_key=True),
    # For the beginning of a name; ordered by code points on both databases.
    Column("name", Text().with_variant(Text(collation="C"), "postgresql"), nullable=False, index=True),
    Column("text", Text, nullable=False),
)
