"""How a customer's callers are put through: the number that is shown, and what it may cost at most (L7)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from engine.entries.base import Entry
from engine.entries.fields import LineNumber
from engine.law.shown import Shows


class PutThroughEntry(Entry):
    """Agreed with the customer; support's."""

    shows: Shows = Shows.OWN
    number: LineNumber | None = None
    """One of the `shown_numbers`; None = the first."""
    legs_per_minute: Annotated[int, Strict(), Field(ge=1, le=100)] | None = None
    """Numbers that are dialled within a minute; None = the installation's."""
    minutes_per_day: Annotated[int, Strict(), Field(ge=1, le=100_000)] | None = None
    """Talked with those who were put through to; None = the installation's."""
