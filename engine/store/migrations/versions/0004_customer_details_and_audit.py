"""Customers' contacts and what else no call needs; the audit log; what customers are found by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.searching import refill

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "customer_details",
        sa.Column("customer", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text()) for name in ("live_since", "absence_reason", "back_from", "back_from_text")),
        sa.Column("instructions", sa.Text()),
        *(sa.Column(name, sa.JSON()) for name in ("contacts", "company", "vip_notes", "faq", "shown_numbers")),
        sa.ForeignKeyConstraint(
            ["customer"], ["customers.id"], name="fk_customer_details_customer_customers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer", name="pk_customer_details"),
    )
    op.create_table(
        "customer_search",
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer"], ["customers.id"], name="fk_customer_search_customer_customers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer", name="pk_customer_search"),
    )
    op.create_index("ix_customer_search_name", "customer_search", ["name"])
    _audit()
    op.drop_index("ix_calls_customer", "calls")
    op.create_index("ix_calls_customer", "calls", ["customer", "arrived_at"])
    refill(op.get_bind())


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("role", sa.Text()),
        sa.Column("acting_for", sa.Integer()),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("customer_number", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("old", sa.JSON()),
        sa.Column("new", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_customer", "audit", ["customer", "id"])
