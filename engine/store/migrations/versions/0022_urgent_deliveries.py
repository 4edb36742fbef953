"""Deliveries that wait behind nothing that is not urgent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
_TABLE = "message_deliveries"
_IS_EMERGENCY = sa.text(
    "UPDATE message_deliveries SET is_urgent = true WHERE due IS NOT NULL "
    "AND message IN (SELECT id FROM messages WHERE urgency = 'emergency')"
)


def upgrade() -> None:
    op.add_column(_TABLE, sa.Column("is_urgent", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(_IS_EMERGENCY)
    where = sa.text("due IS NOT NULL AND is_urgent")
    op.create_index(
        "ix_message_deliveries_urgent", _TABLE, ["means", "due"], sqlite_where=where, postgresql_where=where
    )
