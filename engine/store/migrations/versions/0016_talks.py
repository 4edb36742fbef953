"""Every agent's talk of a call, and what became of callers who came back into the line; a closing for each agent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
_TALKS = """
INSERT INTO call_talks (call, n, customer, agent, began_at, ended_at, how, waited_ms, talked_ms)
SELECT id, 1, customer, agent, picked_up_at, COALESCE(agent_left_at, ended_at, picked_up_at),
    CASE WHEN outcome = 'failed' THEN 'not_joined' END, waited_ms, talked_ms
FROM calls WHERE agent IS NOT NULL AND customer IS NOT NULL AND picked_up_at IS NOT NULL
"""
"""Of calls that have been, the last agent is all that is known."""


def upgrade() -> None:
    op.create_table(
        "call_talks",
        sa.Column("call", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.Text()),
        sa.Column("waited_ms", sa.BigInteger(), nullable=False),
        sa.Column("talked_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("call", "n", name="pk_call_talks"),
    )
    op.execute(_TALKS)
    op.create_index("ix_call_talks_began_at", "call_talks", ["began_at"])
    op.create_index("ix_call_talks_agent", "call_talks", ["agent", "began_at"])
    op.add_column("calls", sa.Column("waited_again_ms", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("calls", sa.Column("lost_again", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("call_closings") as closings:
        closings.drop_constraint("pk_call_closings", type_="primary")
        closings.create_primary_key("pk_call_closings", ["call", "agent"])
