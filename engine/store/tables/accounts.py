"""Who may sign in, and what became of it.

Rules of this file: what lets somebody in is kept as a hash alone (SHA-256 of 256 random bits, argon2id of a password).
An event has no foreign keys: it is a fact and outlives its user, until it is too old to be kept.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text

from engine.store.tables.agents import agents
from engine.store.tables.base import UTCDateTime, metadata
from engine.store.tables.customers import customers

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    # What logins are compared by (`engine.accounts.login_key`).
    Column("key", Text, nullable=False, unique=True),
    Column("login", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False, index=True),
    Column("made_at", UTCDateTime, nullable=False),
    Column("customer", ForeignKey(customers.c.id, ondelete="CASCADE"), index=True),
    Column("agent", ForeignKey(agents.c.login, ondelete="CASCADE"), unique=True),
    Column("language", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("password", Text),
    # Not encrypted: docs/security.md says why.
    Column("totp", Text),
    Column("totp_begun", Text),
    Column("totp_step", BigInteger),
    Column("signed_in_at", UTCDateTime),
    # Events keep the id for ever, so it must never come back for somebody else.
    sqlite_autoincrement=True,
)

one_time_links = Table(
    "one_time_links",
    metadata,
    Column("token", Text, primary_key=True),
    Column("user", ForeignKey(users.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("expires_at", UTCDateTime, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token", Text, nullable=False, unique=True),
    Column("user", ForeignKey(users.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", UTCDateTime, nullable=False),
    Column("last_seen_at", UTCDateTime, nullable=False),
    Column("address", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("acting_for", ForeignKey(customers.c.id, ondelete="SET NULL"), index=True),
    sqlite_autoincrement=True,
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    # SHA-256 of the key: some type their password there.
    Column("login", Text, nullable=False),
    Column("network", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False, index=True),
    # The password was right, the one-time code was not.
    Column("code", Boolean, nullable=False),
)
Index("ix_sign_in_failures_login", sign_in_failures.c.login, sign_in_failures.c.at)
Index("ix_sign_in_failures_network", sign_in_failures.c.network, sign_in_failures.c.at)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token", Text, nullable=False, unique=True),
    Column("user", ForeignKey(users.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("made_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("used_at", UTCDateTime),
    sqlite_autoincrement=True,
)

account_events = Table(
    "account_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UTCDateTime, nullable=False, index=True),
    Column("user", Integer, index=True),
    Column("login", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("by", Integer),
    Column("address", Text, nullable=False),
)
