"""How a customer's lists are narrowed: by days and by a text, as an address has them.

Rule of this file: days are German ones, both included, and such that can be reckoned with.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from pydantic import BaseModel, Field

from engine.entries.fields import Day
from engine.service.customers import ZONE

_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)


class Span(BaseModel):
    """What somebody wants to see."""

    since: Day | None = Field(default=None, ge=_FIRST_DAY, le=_LAST_DAY)
    until: Day | None = Field(default=None, ge=_FIRST_DAY, le=_LAST_DAY)
    text: str | None = Field(default=None, max_length=80)

    @property
    def begin(self) -> datetime | None:
        """The first moment that is wanted."""
        return datetime.combine(self.since, time(), ZONE) if self.since else None

    @property
    def end(self) -> datetime | None:
        """The first one that is not any more."""
        return datetime.combine(self.until + timedelta(days=1), time(), ZONE) if self.until else None
