"""Agents, their groups, skills, phones and days. A skill exists by being used, so it has no table of its own."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from engine.store.tables.base import UTCDateTime, metadata
from engine.terms import AgentState

groups = Table("groups", metadata, Column("name", Text, primary_key=True))

agents = Table(
    "agents",
    metadata,
    Column("login", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False, default=AgentState.OFFLINE.value),
    Column("pause_reason", Text),
)

agent_groups = Table(
    "agent_groups",
    metadata,
    Column("agent", ForeignKey(agents.c.login, ondelete="CASCADE"), primary_key=True),
    Column("group", ForeignKey(groups.c.name), primary_key=True, index=True),
)

agent_skills = Table(
    "agent_skills",
    metadata,
    Column("agent", ForeignKey(agents.c.login, ondelete="CASCADE"), primary_key=True),
    Column("skill", Text, primary_key=True),
)

phones = Table(
    "phones",
    metadata,
    Column("agent", ForeignKey(agents.c.login, ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("uri", Text),
    Column("password", Text),
)

# No foreign key: a day is a fact and outlives its agent, until it is too old to be kept.
agent_log = Table(
    "agent_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("agent", Text, nullable=False),
    # What he became, any of `engine.terms.AgentState`, and of a pause why.
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("at", UTCDateTime, nullable=False, index=True),
    Index("ix_agent_log_agent", "agent", "at"),
)
