"""Whether a customer has agreed that supervisors listen in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    # No batch: it would make the table anew, and SQLite would then give a deleted customer's key to the next one.
    op.add_column("customers", sa.Column("listening_in", sa.Boolean(), nullable=False, server_default=sa.text("false")))
