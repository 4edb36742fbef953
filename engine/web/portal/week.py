"""Working hours as people write them, a line for each day: `8:00-12:00, 13-17 Uhr`.

Rule of this file: a line becomes spans as `engine.hours.spans` reads them; what it cannot read stays as it was typed,
and is refused there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.hours.spans import DAYS, HoursError, format_span, parse_week
from engine.web.languages import N_

DAY_NAMES = {
    "mon": N_("Monday"),
    "tue": N_("Tuesday"),
    "wed": N_("Wednesday"),
    "thu": N_("Thursday"),
    "fri": N_("Friday"),
    "sat": N_("Saturday"),
    "sun": N_("Sunday"),
}
_BETWEEN = re.compile(r"\s*(?:,|;|\bund\b|\band\b|&)\s*")
_SPAN = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*(?:-|–|—|\bbis\b|\bto\b)\s*([0-9]{1,2})(?:[:.]([0-9]{2}))?")
_CLOCK = re.compile(r"\bUhr\b|\bh\b", re.IGNORECASE)


def write_days(hours: Any) -> dict[str, str | None]:
    """Each day's line, None for a day without work; `hours` as an entry writes them."""
    if not isinstance(hours, Mapping):
        return dict.fromkeys(DAYS)
    week = parse_week(hours)
    return {day: ", ".join(map(format_span, spans)) or None for day, spans in zip(DAYS, week, strict=True)}


def parse_days(lines: Mapping[str, str | None]) -> dict[str, list[str]] | None:
    """The hours as an entry reads them; None where no line is filled: whenever the service is open."""
    return {day: _spans(line) for day, line in lines.items() if line} or None


def misplaced(lines: Mapping[str, str | None]) -> str:
    """The first day whose line is wrong in itself; else the first that is filled, for two days that overlap."""
    filled = [day for day, line in lines.items() if line]
    for day in filled:
        try:
            parse_week({day: _spans(lines[day] or "")})
        except HoursError:
            return day
    return filled[0]


def _spans(line: str) -> list[str]:
    return [_span(part) for part in _BETWEEN.split(_CLOCK.sub("", line).strip()) if part]


def _span(text: str) -> str:
    match = _SPAN.fullmatch(text.strip())
    return f"{match[1]}:{match[2] or '00'}-{match[3]}:{match[4] or '00'}" if match else text
