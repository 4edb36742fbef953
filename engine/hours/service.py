"""Service hours of one customer: the tariff's spans, its holidays, the customer's own narrowing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

ZONE_NAME = "Europe/Berlin"
"""By whose clocks customers' days and hours are meant."""


@dataclass(frozen=True, slots=True)
class Span:
    """Open from minute `start` of the day up to, not including, minute `end`.

    0 ≤ start < 1440, start < end < start + 1440, or 0 to 1440 for a whole day; `end` past 1440 reaches into
    the next day. A span belongs to the day on which it begins.
    """

    start: int
    end: int


Week = tuple[tuple[Span, ...], ...]
"""Seven entries, Monday first: the spans that begin on that weekday."""


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """What `open_at` judges. `state`: whose holidays, one of `engine.hours.holidays.STATES`, e.g. `BE`."""

    week: Week
    closed_on_holidays: bool = False
    state: str | None = None
    closed_days: frozenset[date] = frozenset()
    """Further days on which the customer is closed, e.g. 24 December."""
    narrowed: Week | None = None
    """The customer's own hours; where given, open only if both are."""
    zone: str = ZONE_NAME
