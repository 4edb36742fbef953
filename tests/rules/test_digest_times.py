"""When daily summaries are due, on German clocks: once a day, also on those on which the clock is changed (§5.2.3)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from engine.hours.digest_times import Span, Wish, moment, spans

DAILY, WORKING = Wish("18:00", is_daily=True), Wish("18:00", is_daily=False)
THURSDAY = date(2026, 11, 26)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_it_is_about_what_came_since_the_one_before_and_due_until_the_day_is_over() -> None:
    due = at("2026-11-26 17:00")
    assert list(spans(DAILY, due - timedelta(seconds=1))) == []
    expected = [Span(THURSDAY, due - timedelta(days=1), due)]
    assert list(spans(DAILY, due)) == list(spans(DAILY, at("2026-11-26 22:59"))) == expected
    assert list(spans(DAILY, at("2026-11-26 23:00"))) == [], "it is another day by then"


def test_one_of_the_last_minutes_of_a_day_may_leave_after_midnight() -> None:
    late = Wish("23:59", is_daily=True)
    assert [one.day for one in spans(late, at("2026-11-26 23:30"))] == [THURSDAY]
    assert list(spans(late, at("2026-11-27 00:00"))) == []
    assert [one.day for one in spans(Wish("00:15", is_daily=True), at("2026-11-26 23:20"))] == [date(2026, 11, 27)]


@pytest.mark.parametrize(
    ("day", "state", "begins"),
    [
        ("2026-11-30", None, "2026-11-27 17:00"),  # a Monday tells of the weekend
        ("2026-11-28", None, None),  # a Saturday
        ("2026-12-25", "BE", None),
        ("2026-12-28", "BE", "2026-12-24 17:00"),
        ("2026-06-04", "BY", None),  # Fronleichnam
        ("2026-06-04", "BE", "2026-06-03 16:00"),
        ("2026-06-05", "BY", "2026-06-03 16:00"),
    ],
)
def test_on_working_days_it_tells_of_all_days_since_the_last(day: str, state: str | None, begins: str | None) -> None:
    found = [one.begin for one in spans(Wish("18:00", is_daily=False, state=state), at(f"{day} 20:00"))]
    assert found == ([at(begins)] if begins else [])


def test_the_days_on_which_the_clock_is_changed_have_one_each_and_no_hole() -> None:
    night = Wish("02:30", is_daily=True)
    days = [date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30), date(2026, 10, 25), date(2026, 10, 26)]
    assert [f"{moment(day, '02:30'):%d. %H:%M}" for day in days] == [
        "28. 01:30", "29. 01:30", "30. 00:30", "25. 00:30", "26. 01:30",
    ]  # fmt: skip
    for first in (date(2026, 3, 26), date(2026, 10, 22)):
        now, seen = at(f"{first} 00:00"), dict[date, Span]()
        for _ in range(6 * 24 * 12):
            now += timedelta(minutes=5)
            for one in spans(night, now):
                assert seen.setdefault(one.day, one) == one, "the same, whenever it is looked at"
        told = sorted(seen.values(), key=lambda one: one.day)
        assert len(told) >= 6
        assert all(one.end == other.begin for one, other in pairwise(told))
