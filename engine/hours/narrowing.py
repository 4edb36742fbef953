"""A customer's own hours may only narrow the tariff's (§3.3).

Rule of this file: compared minute by minute over the whole week, so a span over midnight, or two that touch,
count for what they cover and not for how they are written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.hours.service import Span, Week
from engine.hours.spans import DAY, WEEK, format_span, in_week

_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Clash:
    """A part of the own hours that the tariff does not have."""

    day: int
    """The weekday on which it begins, 0 = Monday."""
    outside: Span
    tariff: tuple[Span, ...]
    """When the tariff is open on that day, from 00:00 to 24:00."""

    def __str__(self) -> str:
        """E.g. `Wednesday 07:00-08:00 is outside the tariff's 08:00-18:00`."""
        day, outside = _NAMES[self.day], format_span(self.outside)
        if not self.tariff:
            return f"{day} {outside} is outside the tariff, which has no hours on {day}"
        return f"{day} {outside} is outside the tariff's {', '.join(map(format_span, self.tariff))}"


def clashes(own: Week, tariff: Week) -> list[Clash]:
    """Every part of `own` that lies outside `tariff`, from Monday on; empty if `own` only narrows."""
    covered = _covered(tariff)
    return [
        _clash(start, end, covered)
        for own_start, own_end in in_week(own)
        for start, end in _uncovered(own_start, own_end, covered)
    ]


def _covered(week: Week) -> list[tuple[int, int]]:
    """What the week covers in minutes since Monday 00:00, touching spans merged, for the weeks before and
    after too."""
    covered: list[tuple[int, int]] = []
    spans = list(in_week(week))
    for shift in (-WEEK, 0, WEEK):
        for start, end in spans:
            if covered and start + shift <= covered[-1][1]:
                covered[-1] = (covered[-1][0], max(covered[-1][1], end + shift))
            else:
                covered.append((start + shift, end + shift))
    return covered


def _uncovered(start: int, end: int, covered: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for covered_start, covered_end in covered:
        if covered_end <= start or covered_start >= end:
            continue
        if start < covered_start:
            yield start, covered_start
        start = covered_end
    if start < end:
        yield start, end


def _clash(start: int, end: int, covered: list[tuple[int, int]]) -> Clash:
    midnight = start - start % DAY
    of_day = tuple(
        Span(max(first, midnight) - midnight, min(last, midnight + DAY) - midnight)
        for first, last in covered
        if first < midnight + DAY and last > midnight
    )
    return Clash(midnight // DAY % 7, Span(start - midnight, end - midnight), of_day)
