"""Changes by support need one working day (§6.2); urgent ones are for the stand-by service (§6.3)."""

from __future__ import annotations

from datetime import date

import pytest

from engine.hours.working_days import due_day

CASES = [
    ("a Monday", date(2026, 11, 23), "BE", date(2026, 11, 24)),
    ("a Friday", date(2026, 11, 20), "BE", date(2026, 11, 23)),
    ("a Saturday", date(2026, 11, 21), "BE", date(2026, 11, 23)),
    ("Maundy Thursday", date(2026, 4, 2), "BE", date(2026, 4, 7)),
    ("before Reformation Day, where it is one", date(2025, 10, 30), "SN", date(2025, 11, 3)),
    ("before Reformation Day, where it is none", date(2025, 10, 30), "BY", date(2025, 10, 31)),
    ("before Women's Day in no state that is known", date(2027, 3, 5), None, date(2027, 3, 8)),
    ("before Women's Day in Berlin", date(2027, 3, 5), "BE", date(2027, 3, 9)),
    ("Christmas Eve", date(2026, 12, 24), "BE", date(2026, 12, 28)),
    ("New Year's Eve", date(2026, 12, 31), "BE", date(2027, 1, 4)),
]


@pytest.mark.parametrize(("asked", "state", "due"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_6_2_a_change_is_due_after_one_working_day(asked: date, state: str | None, due: date) -> None:
    assert due_day(asked, state) == due


def test_6_3_an_urgent_change_is_due_on_the_same_day_also_on_a_sunday() -> None:
    assert due_day(date(2026, 11, 22), "BE", urgent=True) == date(2026, 11, 22)


def test_6_2_a_state_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="'XX' is not a Bundesland"):
        due_day(date(2026, 11, 23), "XX")
