"""Customers' own fields in messages, and an index by which reasons for no message are forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("customer_details", sa.Column("message_fields", sa.JSON()))
    op.add_column("messages", sa.Column("fields", sa.JSON(), nullable=False, server_default="[]"))
    op.create_index("ix_call_closings_at", "call_closings", ["at"])
