"""How a customer's lists are narrowed: by days and by a text, as an address has them.

Rule of this file: days are German ones, both included, and such that can be reckoned with.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo, field_validator

from engine.entries.fields import Day, Moment
from engine.service.customers import ZONE
from engine.terms import Wrong

_YEARS = range(2000, 3000)
_When = TypeVar("_When", date, datetime)


def _near(when: _When) -> _When:
    if when.year not in _YEARS:
        raise Wrong("year", f"name a year from {_YEARS[0]} to {_YEARS[-1]}", first=str(_YEARS[0]), last=str(_YEARS[-1]))
    return when


NearDay = Annotated[Day, AfterValidator(_near)]
NearMoment = Annotated[Moment, AfterValidator(_near)]
"""A day, and a moment on the customer's own clocks, from the years that can be reckoned with."""


class Span(BaseModel):
    """What somebody wants to see."""

    since: NearDay | None = None
    until: NearDay | None = None
    text: str | None = Field(default=None, max_length=80)

    @field_validator("until")
    @classmethod
    def _in_order(cls, until: date | None, info: ValidationInfo) -> date | None:
        since = info.data.get("since")
        if since and until and until < since:
            raise Wrong("days", "the last day is before the first one: exchange the two")
        return until

    @property
    def begin(self) -> datetime | None:
        """The first moment that is wanted."""
        return datetime.combine(self.since, time(), ZONE) if self.since else None

    @property
    def end(self) -> datetime | None:
        """The first one that is not any more."""
        return datetime.combine(self.until + timedelta(days=1), time(), ZONE) if self.until else None
