"""When daily summaries are due, and what time each is about (§5.2.3).

Rule of this file: wall time, so a day on which the clock is changed has its summary once, as any other. A summary is
about all that came since the one before: what came on a day without one comes with the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.hours.service import ZONE_NAME
from engine.hours.working_days import is_working_day

LATE = timedelta(hours=1)
"""How long after midnight the summaries of the day before may still leave; after that they would be no news."""
_ZONE = ZoneInfo(ZONE_NAME)


@dataclass(frozen=True, slots=True)
class Wish:
    """When somebody wants it."""

    at: str
    """`18:00`, on the clocks in Germany."""
    is_daily: bool
    """Else on working days alone."""
    state: str | None = None
    """Whose holidays are no working days: one of `engine.hours.holidays.STATES`; None = nationwide ones alone."""


@dataclass(frozen=True, slots=True)
class Span:
    """The summary of this day is about what came from `begin` on and before `end`, at which it is due; in UTC."""

    day: date
    begin: datetime
    end: datetime


def moment(day: date, at: str) -> datetime:
    """That time of that day in UTC: of an hour that comes twice the first, of one that is left out as long after."""
    return datetime.combine(day, time.fromisoformat(at), _ZONE).astimezone(UTC)


def days_at(now: datetime) -> list[date]:
    """The days whose summaries may leave at `now`, an aware time: this one, and shortly after midnight the last."""
    return sorted({now.astimezone(_ZONE).date(), (now - LATE).astimezone(_ZONE).date()})


def is_due(end: datetime, now: datetime) -> bool:
    """Whether a summary whose time is `end` leaves at `now`: it has come, and it is no old news yet."""
    return end <= now and (end.astimezone(_ZONE).date() == now.astimezone(_ZONE).date() or now - end <= LATE)


def spans(wish: Wish, now: datetime) -> Iterator[Span]:
    """What is due at `now` or was due before, of the days of `days_at`. Raises ValueError for an unknown state."""
    for day in days_at(now):
        end = moment(day, wish.at)
        if _is_its_day(day, wish) and is_due(end, now):
            before = day - timedelta(days=1)
            while not _is_its_day(before, wish):
                before -= timedelta(days=1)
            yield Span(day, moment(before, wish.at), end)


def _is_its_day(day: date, wish: Wish) -> bool:
    return wish.is_daily or is_working_day(day, wish.state)
