"""When a change that support is asked for is done (§6.2, §6.3).

Rule of this file: support works from Monday to Friday but for the public holidays of the customer's Bundesland. One
working day is given, so what is asked for on any day is due by the end of the first working day after it; what is
urgent, on the day itself, by the stand-by service.
"""

from __future__ import annotations

from datetime import date, timedelta

from engine.hours.holidays import holidays_of

_SATURDAY = 5


def is_working_day(day: date, state: str | None) -> bool:
    """Whether support works on that day. Raises ValueError for a code that is not in STATES."""
    return day.weekday() < _SATURDAY and day not in holidays_of(state, day.year)


def due_day(asked: date, state: str | None, urgent: bool = False) -> date:
    """The day by whose end it is done. `asked`: the day in the customer's zone. Raises ValueError as above."""
    if urgent:
        return asked
    day = asked + timedelta(days=1)
    while not is_working_day(day, state):
        day += timedelta(days=1)
    return day
