"""What agents' desks keep of calls: why one has no message, and what is typed so far; calls by agent and by caller."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    _closings()
    _drafts()
    op.create_index("ix_calls_agent", "calls", ["agent", "arrived_at"])
    op.create_index("ix_calls_caller", "calls", ["customer", "caller", "arrived_at"])


def _closings() -> None:
    op.create_table(
        "call_closings",
        sa.Column("call", sa.Text(), nullable=False),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("spam", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer"], ["customers.id"], name="fk_call_closings_customer_customers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("call", name="pk_call_closings"),
    )
    op.create_index("ix_call_closings_customer", "call_closings", ["customer", "at"])


def _drafts() -> None:
    op.create_table(
        "message_drafts",
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("call", sa.Text(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("agent", "call", name="pk_message_drafts"),
    )
    op.create_index("ix_message_drafts_at", "message_drafts", ["at"])
