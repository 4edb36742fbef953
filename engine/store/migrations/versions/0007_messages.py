"""Messages taken for customers, and their deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    _messages()
    _deliveries()


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("caller_name", "company", "number", "subject")),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("ticks", sa.Text(), nullable=False),
        sa.Column("call", sa.Text()),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("agent_name", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.Column("read_by", sa.Text()),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("done_by", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer"], ["customers.id"], name="fk_messages_customer_customers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("customer", "key", name="uq_messages_customer"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_messages_call", "messages", ["customer", "call", "taken_at"])
    op.create_index("ix_messages_customer", "messages", ["customer", "taken_at"])
    op.create_index("ix_messages_state", "messages", ["customer", "state", "taken_at"])


def _deliveries() -> None:
    op.create_table(
        "message_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("means", "recipient", "address", "state")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text()),
        sa.ForeignKeyConstraint(
            ["message"], ["messages.id"], name="fk_message_deliveries_message_messages", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_message_deliveries"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_message_deliveries_message", "message_deliveries", ["message"])
