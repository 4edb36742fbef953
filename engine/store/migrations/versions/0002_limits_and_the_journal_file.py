"""Limits per trunk and per customer; how far a journal file has been taken over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for table in ("trunks", "customers"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("max_calls", sa.Integer()))
            batch.add_column(sa.Column("max_rate", sa.Float()))
    op.create_table(
        "journal_files",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journal_files"),
    )
