"""Deliveries that belong to no message: tests of a contact's options, and daily summaries; who wants these."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
_TABLE = "message_deliveries"
_IS_NONE_OF_A_MESSAGE = "message IS NULL"
_WANTS_SUMMARIES = "digest_times IS NOT NULL"


def upgrade() -> None:
    with op.batch_alter_table(_TABLE, table_kwargs={"sqlite_autoincrement": True}) as deliveries:
        deliveries.alter_column("message", existing_type=sa.Integer(), nullable=True)
        deliveries.add_column(sa.Column("customer", sa.Integer()))
        deliveries.add_column(sa.Column("occasion", sa.Text(), nullable=False, server_default="message"))
        deliveries.add_column(sa.Column("told", sa.JSON(), nullable=False, server_default="{}"))
        deliveries.create_foreign_key(
            "fk_message_deliveries_customer_customers", "customers", ["customer"], ["id"], ondelete="CASCADE"
        )
    _index("ix_message_deliveries_notices", _TABLE, ["customer", "occasion", "begun_at"], _IS_NONE_OF_A_MESSAGE)
    op.add_column("customers", sa.Column("digest_times", sa.Text()))
    _index("ix_customers_digest_times", "customers", ["digest_times"], _WANTS_SUMMARIES)
    op.add_column("customer_details", sa.Column("digest", sa.JSON()))


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
