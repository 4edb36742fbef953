"""How long a target who was joined with the caller did not hear him: rarely so, and 0 is right for the calls before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("call_attempts", sa.Column("apart_ms", sa.BigInteger(), nullable=False, server_default="0"))
