"""What the outbox needs of a delivery; those of before were carried by nobody, and are over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
_TABLE = "message_deliveries"


def upgrade() -> None:
    op.add_column(_TABLE, sa.Column("key", sa.Text(), nullable=False, server_default=""))
    op.execute(f"UPDATE {_TABLE} SET key = 'before' || id")
    op.create_index("ix_message_deliveries_key", _TABLE, ["key"], unique=True)
    op.add_column(_TABLE, sa.Column("options", sa.JSON(), nullable=False, server_default="{}"))
    for name in ("begun_at", "due", "claimed_at"):
        op.add_column(_TABLE, sa.Column(name, sa.DateTime(timezone=True)))
    for name in ("reference", "by"):
        op.add_column(_TABLE, sa.Column(name, sa.Text()))
    op.add_column(_TABLE, sa.Column("detail", sa.Text(), nullable=False, server_default=""))
    op.add_column(_TABLE, sa.Column("is_replaced", sa.Boolean(), nullable=False, server_default=sa.false()))
    _index("due", ["means", "due"], "due IS NOT NULL")
    _index("failed", ["at"], "state = 'failed'")


def _index(name: str, columns: list[str], where: str) -> None:
    """Over the few deliveries that something is still to be done for, or that went wrong."""
    op.create_index(
        f"ix_message_deliveries_{name}",
        _TABLE,
        columns,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )
