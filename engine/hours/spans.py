"""Weeks of service hours, read and written: `{mon-fri: ["08:00-18:00"], sat: ["09:00-12:00"]}` (§3.1).

Rule of this file: whatever parses is a sound week (no overlap, nothing empty, spans in order), and formatting
then parsing gives the same week back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from engine.hours.service import Span, Week
from engine.terms import Wrong

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
WEEK = 7 * DAY

_SPAN = re.compile(r"\s*([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})\s*")
_HOW = 'write e.g. {mon-fri: ["08:00-18:00"], sat: ["09:00-12:00"]}'


class HoursError(Wrong):
    """The hours are not well written; the text says what is wrong and how to write it."""


def parse_week(text: Mapping[str, Sequence[str]]) -> Week:
    """The week that the mapping from days to lists of spans describes.

    A day is `mon` … `sun` or a range, also over the week's end (`fri-mon`); a day named twice has all its
    spans. A span is `HH:MM-HH:MM` wall time; one that ends at or before its start reaches into the next day
    (`22:00-06:00`); the day's end is `24:00`. Days not named are closed. Raises HoursError.
    """
    if not isinstance(text, Mapping):
        raise HoursError("hours.mapping", f"hours are a mapping from days to lists of spans: {_HOW}")
    days: list[list[Span]] = [[] for _ in DAYS]
    for name, spans in text.items():
        if not isinstance(spans, list | tuple):
            raise HoursError("hours.list", f"the spans of '{name}' must be a list: {_HOW}", day=str(name))
        for day in parse_days(name):
            days[day] += [parse_span(span) for span in spans]
    week = tuple(tuple(sorted(day, key=lambda span: span.start)) for day in days)
    _refuse_overlap(week)
    return week


def parse_days(text: str) -> list[int]:
    """The weekdays (0 = Monday) of `mon` or `mon-fri` or `fri-mon`, in order. Raises HoursError."""
    words = [word.strip().lower() for word in str(text).split("-")]
    if len(words) > 2 or not all(word in DAYS for word in words):
        known = ", ".join(DAYS)
        raise HoursError(
            "hours.day", f"'{text}' is not a day: write one of {known} or a range like mon-fri", written=str(text)
        )
    first, last = DAYS.index(words[0]), DAYS.index(words[-1])
    return [day % 7 for day in range(first, (last if last >= first else last + 7) + 1)]


def parse_span(text: str) -> Span:
    """The span `HH:MM-HH:MM`. Raises HoursError, also for an empty one."""
    match = _SPAN.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise HoursError(
            "hours.span", f"'{text}' is not a span of time: write it as \"08:00-18:00\"", written=str(text)
        )
    start, end = _minutes(match[1], match[2], text), _minutes(match[3], match[4], text)
    if start == DAY:
        raise HoursError(
            "hours.begin", f"'{text}': a span cannot begin at 24:00; write 00:00 of the next day", written=text
        )
    if start == end:
        raise HoursError(
            "hours.empty", f"'{text}' is empty: write \"00:00-24:00\" for the whole day, or leave it out", written=text
        )
    return Span(start, end if end > start else end + DAY)


def format_week(week: Week) -> dict[str, list[str]]:
    """The week as `parse_week` reads it; neighbouring days with the same spans are one range, closed days
    left out."""
    text: dict[str, list[str]] = {}
    first = 0
    for day in range(7):
        if day < 6 and week[day + 1] == week[first]:
            continue
        if week[first]:
            name = DAYS[first] if first == day else f"{DAYS[first]}-{DAYS[day]}"
            text[name] = [format_span(span) for span in week[first]]
        first = day + 1
    return text


def format_span(span: Span) -> str:
    """The span as `HH:MM-HH:MM`."""
    end = span.end if span.end <= DAY else span.end - DAY
    return f"{span.start // 60:02}:{span.start % 60:02}-{end // 60:02}:{end % 60:02}"


def in_week(week: Week) -> Iterator[tuple[int, int]]:
    """Every span as minutes since Monday 00:00, in order of their start; the end may lie past the week's."""
    for day, spans in enumerate(week):
        for span in spans:
            yield day * DAY + span.start, day * DAY + span.end


def _minutes(hour: str, minute: str, text: str) -> int:
    minutes = int(hour) * 60 + int(minute)
    if int(minute) > 59 or minutes > DAY:
        raise HoursError(
            "hours.time",
            f"'{text}': {hour}:{minute} is not a time of day: write 00:00 to 24:00",
            written=text,
            time=f"{hour}:{minute}",
        )
    return minutes


def _refuse_overlap(week: Week) -> None:
    spans = list(in_week(week))
    if not spans:
        return
    # The first span once more, a week later: Sunday's last may reach into Monday.
    spans.append((spans[0][0] + WEEK, spans[0][1] + WEEK))
    for (start, end), (next_start, next_end) in pairwise(spans):
        if next_start < end:
            one, other = _named(start, end), _named(next_start, next_end)
            raise HoursError(
                "hours.overlap", f"{one} and {other} overlap: let one end where the other begins", one=one, other=other
            )


def _named(start: int, end: int) -> str:
    day = start // DAY
    return f"{DAYS[day % 7]} {format_span(Span(start - day * DAY, end - day * DAY))}"
