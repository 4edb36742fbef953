"""Change orders for support."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "change_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("price", sa.Integer()),
        sa.Column("surcharge", sa.Integer()),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("done_by", sa.Text()),
        sa.ForeignKeyConstraint(
            ["customer"], ["customers.id"], name="fk_change_orders_customer_customers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_change_orders"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_change_orders_customer", "change_orders", ["customer"])
    op.create_index("ix_change_orders_done_at", "change_orders", ["done_at", "due"])
