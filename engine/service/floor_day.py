"""The day of the floor in figures: service level, calls answered and abandoned, waits and talks, by the hour.

Rules of this file: the day is the German one, with 23 or 25 hours when the clocks change. The store is asked once in a
few seconds, however many look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from engine.ports.floor_days import Counted, FloorDays
from engine.service.customers import ZONE

EVERY = timedelta(seconds=5)
"""How old the figures may be."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Figures of some time. Waits and talks in seconds; None where there was nothing to measure."""

    answered: int
    abandoned: int
    level: float | None
    """Service level: answered within 20 s / (answered + abandoned), 0 to 1. Who gave up within 5 s is not counted."""
    longest_wait: float | None
    """Those after a talk included."""
    average_wait: float | None
    """Over answered and abandoned calls."""
    average_talk: float | None
    lost_again: int = 0
    """Of the answered ones: talked to, back in the line, and lost there."""


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the day. `begin` is aware; at the end of summer time two hours have the same name."""

    begin: datetime
    totals: Totals


@dataclass(frozen=True, slots=True)
class FloorDay:
    """Today until now; `hours` up to the present one."""

    totals: Totals
    hours: tuple[Hour, ...]


class Today:
    """Works on one store; asked by everybody who looks at the board."""

    def __init__(self, days: FloorDays, now: Callable[[], datetime]) -> None:
        """`now`: this moment, in UTC."""
        self._days, self._now = days, now
        self._known: FloorDay | None = None
        self._known_at = now()

    async def figures(self) -> FloorDay:
        """Today's, at most `EVERY` old. Raises StoreError if the store cannot be reached."""
        now = self._now()
        if self._known is None or not timedelta(0) <= now - self._known_at < EVERY:
            moments = hours_of(now)
            self._known = _day(moments, await self._days.counted(moments))
            self._known_at = now
        return self._known


def hours_of(now: datetime) -> list[datetime]:
    """The beginnings of today's hours in German time, in UTC, and the end of the present one."""
    there = now.astimezone(ZONE)
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)
    passed = (now - midnight) // timedelta(hours=1)
    return [midnight + timedelta(hours=n) for n in range(passed + 2)]


def _day(moments: Sequence[datetime], counted: Sequence[Counted]) -> FloorDay:
    hours = [Hour(begin, _totals([one])) for begin, one in zip(moments, counted, strict=False)]
    return FloorDay(_totals(counted), tuple(hours))


def _totals(counted: Sequence[Counted]) -> Totals:
    answered, abandoned = sum(one.answered for one in counted), sum(one.abandoned for one in counted)
    all_of_them = answered + abandoned
    return Totals(
        answered,
        abandoned,
        sum(one.in_time for one in counted) / all_of_them if all_of_them else None,
        max(one.longest_ms for one in counted) / 1000 if all_of_them else None,
        sum(one.waited_ms for one in counted) / 1000 / all_of_them if all_of_them else None,
        sum(one.talked_ms for one in counted) / 1000 / answered if answered else None,
        sum(one.lost_again for one in counted),
    )
