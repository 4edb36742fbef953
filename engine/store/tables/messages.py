"""Messages taken for customers, and how each was delivered (`engine.ports.messages`); notices (`engine.ports.notices`).

Rule: a message belongs to its customer and goes with it. Its call and its agent are named as they were, without foreign
keys: it outlives both.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, false, text

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
    Index("ix_messages_taken_at", "taken_at"),
    # Pages' addresses name the id.
    sqlite_autoincrement=True,
)

_DUE, _FAILED = text("due IS NOT NULL"), text("state = 'failed'")
_URGENT = text("due IS NOT NULL AND is_urgent")
_ADDRESSED = text("due IS NULL AND address <> ''")
_NOTICES = text("message IS NULL")
_NAMED = text("means = 'sms' AND reference IS NOT NULL")

message_deliveries = Table(
    "message_deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    # NULL = it is a notice, and has its customer itself.
    Column("message", ForeignKey(messages.c.id, ondelete="CASCADE"), index=True),
    Column("means", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("trouble", Text),
    # Goes with every try, so that the other side can tell a second one of the same.
    Column("key", Text, nullable=False, server_default=""),
    # What the means wants to know besides, as it was entered then.
    Column("options", JSON, nullable=False, server_default="{}"),
    # When it was due first, and when it is next; NULL = nothing is to be done any more.
    Column("begun_at", UTCDateTime),
    Column("due", UTCDateTime),
    # It waits behind nothing that is not.
    Column("is_urgent", Boolean, nullable=False, server_default=false()),
    # NULL = nobody is at it.
    Column("claimed_at", UTCDateTime),
    # What the courier calls it.
    Column("reference", Text),
    # Who has acknowledged it.
    Column("by", Text),
    # The other side's own words on the last try.
    Column("detail", Text, nullable=False, server_default=""),
    # Another delivery has taken its place.
    Column("is_replaced", Boolean, nullable=False, server_default=false()),
    # Of a notice; of a message's delivery NULL.
    Column("customer", ForeignKey(customers.c.id, ondelete="CASCADE")),
    Column("occasion", Text, nullable=False, server_default="message"),
    # What a notice is to say: the texts of a test, the day and time of a summary.
    Column("told", JSON, nullable=False, server_default="{}"),
    Index("ix_message_deliveries_key", "key", unique=True),
    # Over the few that something is to be done for, or that went wrong.
    Index("ix_message_deliveries_due", "means", "due", sqlite_where=_DUE, postgresql_where=_DUE),
    Index("ix_message_deliveries_urgent", "means", "due", sqlite_where=_URGENT, postgresql_where=_URGENT),
    Index("ix_message_deliveries_failed", "at", sqlite_where=_FAILED, postgresql_where=_FAILED),
    # Over those that are over and still say to whom they went.
    Index("ix_message_deliveries_named", "at", sqlite_where=_ADDRESSED, postgresql_where=_ADDRESSED),
    Index(
        "ix_message_deliveries_notices",
        *("customer", "occasion", "begun_at"),
        sqlite_where=_NOTICES,
        postgresql_where=_NOTICES,
    ),
    # Delivery reports name an SMS by it.
    Index("ix_message_deliveries_reference", "reference", sqlite_where=_NAMED, postgresql_where=_NAMED),
    sqlite_autoincrement=True,
)
