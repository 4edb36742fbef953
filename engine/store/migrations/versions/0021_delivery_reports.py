"""Delivery reports name an SMS by what its gateway calls it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    where = sa.text("means = 'sms' AND reference IS NOT NULL")
    op.create_index(
        "ix_message_deliveries_reference",
        "message_deliveries",
        ["reference"],
        sqlite_where=where,
        postgresql_where=where,
    )
