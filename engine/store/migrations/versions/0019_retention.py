"""What retention periods need: how much of a call is forgotten, ways to what is old, and each night's report."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
_NAMED = sa.text("due IS NULL AND address <> ''")


def upgrade() -> None:
    op.add_column("calls", sa.Column("forgotten", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_calls_forgotten", "calls", ["forgotten", "arrived_at"])
    op.create_index("ix_messages_taken_at", "messages", ["taken_at"])
    op.create_index(
        "ix_message_deliveries_named",
        "message_deliveries",
        ["at"],
        sqlite_where=_NAMED,
        postgresql_where=_NAMED,
    )
    op.create_table(
        "retention_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("took_ms", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_reports")),
        sqlite_autoincrement=True,
    )
