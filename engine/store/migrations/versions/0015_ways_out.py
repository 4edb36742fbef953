"""How trunks dial out, and how a customer's callers are put through."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("trunks", sa.Column("outbound", sa.JSON(none_as_null=True)))
    op.add_column("customer_details", sa.Column("put_through", sa.JSON(none_as_null=True)))
