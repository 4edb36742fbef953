"""A message for the tests of what becomes of it on its way out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from engine.message.slip import Slip, Tick, Urgency
from engine.terms import AgentId

WHOLE = Slip(
    agent=AgentId("anna"),
    agent_name="Anna Lindner",
    taken_at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC),
    contact="Eva Korn",
    caller_name="Jürgen Groß",
    company="Mühle Krüger",
    number="+4930123450",
    subject="Ofen",
    urgency=Urgency.URGENT,
    text="Der Ofen ist kalt.\nBitte heute noch.",
    ticks=frozenset({Tick.APPOINTMENT, Tick.CALL_BACK}),
    fields=(("Kundennummer", "4711"), ("Größe", "")),
)
"""Everything is written, but one of the customer's own fields."""
BARE = Slip(AgentId("anna"), "Anna Lindner", WHOLE.taken_at)


def slip(**written: Any) -> Slip:
    """A message in which only this is written."""
    return replace(BARE, **written)
