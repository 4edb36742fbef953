"""Carriers' lines and the addresses that they call from."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, ForeignKey, Integer, Table, Text

from engine.store.tables.base import metadata

trunks = Table(
    "trunks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("registrar", Text),
    Column("user", Text),
    Column("password", Text),
    Column("number_from", Text, nullable=False),
    Column("max_calls", Integer),
    # Calls per second.
    Column("max_rate", Float),
    # In the words of the YAML file; NULL = no call goes out by it.
    Column("outbound", JSON(none_as_null=True)),
)

trunk_matches = Table(
    "trunk_matches",
    metadata,
    Column("trunk", ForeignKey(trunks.c.name, ondelete="CASCADE"), primary_key=True),
    Column("network", Text, primary_key=True),
)
