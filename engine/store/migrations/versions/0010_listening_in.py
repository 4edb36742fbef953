"""Whether a customer has agreed that supervisors listen in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    with op.batch_alter_table("customers") as batch:
        batch.add_column(sa.Column("listening_in", sa.Boolean(), nullable=False, server_default=sa.false()))
