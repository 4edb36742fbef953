"""Whether a customer's service is open at a moment, and why (§3.1, §3.3).

Rule of this file: hours are wall time in the customer's zone, and a span belongs to the day on which it
begins. If that day is a holiday or a closed day the whole span is closed, also its part after midnight; a
span that began on a working day stays open to its end, also past midnight into a holiday. When clocks go
forward the hour left out is never open; when they go back the repeated hour is open twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from engine.hours.holidays import holidays_of
from engine.hours.service import ServiceHours, Week
from engine.hours.spans import DAY

_ONE_DAY = timedelta(days=1)


class Reason(StrEnum):
    """Why the service is open or closed."""

    IN_HOURS = "in_hours"
    OUTSIDE_HOURS = "outside_hours"
    """Outside the tariff's hours."""
    NARROWED = "narrowed"
    """Within the tariff's hours, outside the customer's own."""
    HOLIDAY = "holiday"
    CLOSED_DAY = "closed_day"


@dataclass(frozen=True, slots=True)
class Opening:
    """The answer. `detail` is the holiday's German name or the closed day (`2026-12-24`), else empty."""

    open: bool
    reason: Reason
    detail: str = ""


_OPEN = Opening(True, Reason.IN_HOURS)


def open_at(hours: ServiceHours, now: datetime) -> Opening:
    """Whether the service is open at `now`, an aware time in any zone. Raises ValueError for a naive time.

    Open from a span's first minute up to, not including, the minute in which it ends.
    """
    if now.tzinfo is None:
        raise ValueError("open_at needs a time with its zone")
    local = now.astimezone(ZoneInfo(hours.zone))
    opening = _judge(hours, hours.week, local, Reason.OUTSIDE_HOURS)
    if opening.open and hours.narrowed is not None:
        return _judge(hours, hours.narrowed, local, Reason.NARROWED)
    return opening


def _judge(hours: ServiceHours, week: Week, local: datetime, otherwise: Reason) -> Opening:
    """Open if a span around `local` began on a working day; else why not."""
    shut = None
    for day in _days_begun(week, local):
        shut = _shut(hours, day)
        if shut is None:
            return _OPEN
    return shut or Opening(False, otherwise)


def _days_begun(week: Week, local: datetime) -> Iterator[date]:
    """The days, today and yesterday, on which a span began that `local` lies in."""
    minute = local.hour * 60 + local.minute
    day = local.date()
    for at in (minute, minute + DAY):
        if any(span.start <= at < span.end for span in week[day.weekday()]):
            yield day
        day -= _ONE_DAY


def _shut(hours: ServiceHours, day: date) -> Opening | None:
    """Why nothing that begins on `day` is open; None on a working day."""
    if day in hours.closed_days:
        return Opening(False, Reason.CLOSED_DAY, day.isoformat())
    if hours.closed_on_holidays and (name := holidays_of(hours.state, day.year).get(day)):
        return Opening(False, Reason.HOLIDAY, name)
    return None
