"""Callers whom customers have blocked, and whom they did not want to block."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "blocked_callers",
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("since", sa.Text()),
        sa.Column("by", sa.Text()),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer"], ["customers.id"], name="fk_blocked_callers_customer_customers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer", "number", name="pk_blocked_callers"),
    )
    op.create_table(
        "spam_dismissals",
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer"], ["customers.id"], name="fk_spam_dismissals_customer_customers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer", "number", name="pk_spam_dismissals"),
    )
    op.create_index("ix_call_closings_spam", "call_closings", ["spam", "at"])
