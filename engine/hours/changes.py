"""When a service opens or closes next.

Rule of this file: `open_at` alone judges. Here is only where its answer can change: where a span begins or ends, and
where the clock itself jumps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from engine.hours.holidays import holidays_of
from engine.hours.narrowing import clashes
from engine.hours.opening import open_at
from engine.hours.service import ServiceHours, Span, Week
from engine.hours.spans import DAY

HORIZON = 400
"""Days that are looked at: more than a year, so that every holiday is among them."""
_ONE_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_ALWAYS: Week = ((Span(0, DAY),),) * 7


def next_change(hours: ServiceHours, now: datetime) -> datetime | None:
    """The first moment after `now`, in UTC, at which `open_at` says other than at `now`.

    None if there is none within HORIZON days. Raises ValueError for a `now` without a zone.
    """
    is_open = open_at(hours, now).open
    zone = ZoneInfo(hours.zone)
    days = _days(hours, now.astimezone(zone).date())
    later = (at for day in days for at in sorted(_turns(hours, day, zone)) if at > now)
    return next((at for at in later if open_at(hours, at).open != is_open), None)


def _days(hours: ServiceHours, today: date) -> Iterable[date]:
    """The days on which something may change, in order; few where a year would have to be looked through."""
    weeks = [hours.week] if hours.narrowed is None else [hours.week, hours.narrowed]
    if not all(map(any, weeks)):
        return ()  # closed for ever
    if any(clashes(_ALWAYS, week) for week in weeks):
        return (today + timedelta(days=n) for n in range(HORIZON))
    # Open day and night, but for days that are closed: with the last span of the day before, up to that of their own.
    closed = {day for day in _closed_days(hours, today) if abs(day - today).days < HORIZON}
    return sorted({*closed, *(day + _ONE_DAY for day in closed)})


def _closed_days(hours: ServiceHours, today: date) -> Iterator[date]:
    yield from hours.closed_days
    if hours.closed_on_holidays:
        for year in range((today - _ONE_DAY).year, (today + timedelta(days=HORIZON)).year + 1):
            yield from holidays_of(hours.state, year)


def _turns(hours: ServiceHours, day: date, zone: ZoneInfo) -> Iterator[datetime]:
    """Every moment of this local day, and its end, at which something may change."""
    midnight = datetime.combine(day, time())
    for minute in {*_edges(hours.week, day), *_edges(hours.narrowed, day)}:
        wall = midnight + timedelta(minutes=minute)
        for fold in (0, 1):  # an hour that comes twice
            at = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
            if at.astimezone(zone).replace(tzinfo=None) == wall:  # else it is in the hour that is left out
                yield at
    yield from _jump(midnight, zone)


def _edges(week: Week | None, day: date) -> Iterator[int]:
    """The minutes of the day at which its own spans begin or end, and those of the day before end."""
    if week is None:
        return
    today, yesterday = week[day.weekday()], week[day.weekday() - 1]
    ends = chain((span.end for span in today), (span.end - DAY for span in yesterday))
    yield from (span.start for span in today)
    yield from (end for end in ends if 0 <= end <= DAY)


def _jump(midnight: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The moment of this local day at which the clock is put forward or back, if it is."""
    before = midnight.replace(tzinfo=zone).astimezone(UTC)
    after = (midnight + _ONE_DAY).replace(tzinfo=zone).astimezone(UTC)
    offset = before.astimezone(zone).utcoffset()
    if after.astimezone(zone).utcoffset() == offset:
        return
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    yield after.replace(microsecond=0)
