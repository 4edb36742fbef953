"""The first tables: trunks, agents, tariffs, customers, calls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _trunks()
    _agents()
    _customers()
    _below_customers()
    _calls()


def _trunks() -> None:
    op.create_table(
        "trunks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("registrar", sa.Text()),
        sa.Column("user", sa.Text()),
        sa.Column("password", sa.Text()),
        sa.Column("number_from", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_trunks"),
    )
    op.create_table(
        "trunk_matches",
        sa.Column("trunk", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["trunk"], ["trunks.name"], name="fk_trunk_matches_trunk_trunks", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("trunk", "network", name="pk_trunk_matches"),
    )


def _agents() -> None:
    op.create_table(
        "groups",
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_groups"),
    )
    op.create_table(
        "agents",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("pause_reason", sa.Text()),
        sa.PrimaryKeyConstraint("login", name="pk_agents"),
    )
    op.create_table(
        "agent_groups",
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agent"], ["agents.login"], name="fk_agent_groups_agent_agents", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["group"], ["groups.name"], name="fk_agent_groups_group_groups"),
        sa.PrimaryKeyConstraint("agent", "group", name="pk_agent_groups"),
    )
    op.create_index("ix_agent_groups_group", "agent_groups", ["group"])
    op.create_table(
        "agent_skills",
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("skill", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agent"], ["agents.login"], name="fk_agent_skills_agent_agents", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("agent", "skill", name="pk_agent_skills"),
    )
    op.create_table(
        "phones",
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("uri", sa.Text()),
        sa.Column("password", sa.Text()),
        sa.ForeignKeyConstraint(["agent"], ["agents.login"], name="fk_phones_agent_agents", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("agent", name="pk_phones"),
    )


def _customers() -> None:
    op.create_table(
        "tariffs",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("closed_on_holidays", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_tariffs"),
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("tariff", sa.Text(), nullable=False),
        sa.Column("state", sa.Text()),
        sa.Column("greeting", sa.Text()),
        sa.Column("hours", sa.JSON()),
        sa.Column("closed_days", sa.JSON(), nullable=False),
        sa.Column("routing", sa.JSON(), nullable=False),
        sa.Column("ring_time", sa.Float()),
        sa.ForeignKeyConstraint(["tariff"], ["tariffs.name"], name="fk_customers_tariff_tariffs"),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
        sa.UniqueConstraint("number", name="uq_customers_number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_customers_tariff", "customers", ["tariff"])


def _below_customers() -> None:
    op.create_table(
        "access_numbers",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer"], ["customers.id"], name="fk_access_numbers_customer_customers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_access_numbers"),
    )
    op.create_index("ix_access_numbers_customer", "access_numbers", ["customer"])
    op.create_table(
        "forwarded_lines",
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_class", sa.Text()),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer"], ["customers.id"], name="fk_forwarded_lines_customer_customers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer", "number", name="pk_forwarded_lines"),
    )
    op.create_table(
        "wait_settings",
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("treatment", sa.Text(), nullable=False),
        sa.Column("music", sa.Text(), nullable=False),
        sa.Column("greeting", sa.Text()),
        sa.Column("announcements", sa.JSON(), nullable=False),
        sa.Column("announce_every", sa.Float()),
        sa.Column("max_wait", sa.Float()),
        sa.Column("then", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer"], ["customers.id"], name="fk_wait_settings_customer_customers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer", name="pk_wait_settings"),
    )


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("dialled", sa.Text(), nullable=False),
        sa.Column("access_number", sa.Text()),
        sa.Column("customer", sa.Integer()),
        sa.Column("caller", sa.Text()),
        sa.Column("line", sa.Text()),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("treatment", sa.Text()),
        sa.Column("first_media_at", sa.DateTime(timezone=True)),
        sa.Column("picked_up_at", sa.DateTime(timezone=True)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("agent_left_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("cause", sa.Integer()),
        sa.Column("agent", sa.Text()),
        sa.Column("waited_ms", sa.BigInteger(), nullable=False),
        sa.Column("talked_ms", sa.BigInteger(), nullable=False),
        sa.Column("transferred_ms", sa.BigInteger(), nullable=False),
        sa.Column("charged_seconds", sa.BigInteger(), nullable=False),
        sa.Column("charged_minutes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
    )
    op.create_index("ix_calls_arrived_at", "calls", ["arrived_at"])
    op.create_index("ix_calls_customer", "calls", ["customer"])
    op.create_index("ix_calls_outcome", "calls", ["outcome"])
    op.create_table(
        "call_trail",
        sa.Column("call", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("call", "n", name="pk_call_trail"),
    )
