"""Moments as customers write them: wall time in the customer's zone, `2026-12-27 08:00`.

Rule of this file: a moment is kept as it was written and becomes UTC here only, so all rules agree on the two nights on
which the clock is changed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_FIRST, _LAST = datetime(1900, 1, 1), datetime(9900, 1, 1)
"""What is written beyond counts as these: nearer to the ends of time nothing could be reckoned with."""


def in_utc(wall: datetime, zone: str) -> datetime:
    """The naive wall time as UTC.

    Of an hour that comes twice (clocks go back) the first is meant; a time in the hour that is left out (clocks go
    forward) is as long after that hour's beginning as it says: 02:30 becomes 03:30.
    """
    return min(max(wall, _FIRST), _LAST).replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def in_force(since: datetime | None, until: datetime | None, now: datetime, zone: str) -> bool:
    """Whether `now`, an aware time, is from `since` on and before `until`; None = without that end."""
    return (since is None or in_utc(since, zone) <= now) and (until is None or now < in_utc(until, zone))
