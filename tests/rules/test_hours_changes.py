"""When the service opens or closes next: exact, on the nights on which clocks are changed too."""

from datetime import date, datetime

import pytest
from hypothesis import given

from engine.hours.changes import next_change
from engine.hours.opening import open_at
from engine.hours.service import ServiceHours
from engine.hours.spans import parse_week
from tests.rules.weeks import berlin, between, moment, service

OFFICE = ServiceHours(parse_week({"mon-fri": ["08:00-18:00"]}), closed_on_holidays=True, state="BE")
ALWAYS = ServiceHours(parse_week({"mon-sun": ["00:00-24:00"]}))


@pytest.mark.parametrize(
    ("now", "change"),
    [
        ("2026-03-02 07:59", "2026-03-02 08:00"),
        ("2026-03-02 08:00", "2026-03-02 18:00"),
        ("2026-03-06 18:00", "2026-03-09 08:00"),
        ("2026-04-02 18:00", "2026-04-07 08:00"),  # Easter
    ],
)
def test_office_hours(now: str, change: str) -> None:
    assert next_change(OFFICE, berlin(now)) == berlin(change)


def test_over_the_hour_that_is_left_out_and_the_one_that_comes_twice() -> None:
    night = ServiceHours(parse_week({"sun": ["02:15-02:45"]}))
    assert next_change(night, berlin("2026-03-28 12:00")) == berlin("2026-04-05 02:15"), "29 March has no 02:15"
    first, second = berlin("2026-10-25 02:15"), berlin("2026-10-25 02:15", fold=1)
    closes = berlin("2026-10-25 02:45")
    assert [next_change(night, now) for now in (berlin("2026-10-24 12:00"), first, closes)] == [first, closes, second]


def test_a_span_that_begins_in_the_hour_left_out_begins_after_it() -> None:
    early = ServiceHours(parse_week({"sun": ["02:15-06:00"]}))
    assert next_change(early, berlin("2026-03-29 01:59")) == berlin("2026-03-29 03:00")


@pytest.mark.parametrize(
    "hours",
    [
        ALWAYS,
        ServiceHours(parse_week({})),
        ServiceHours(ALWAYS.week, narrowed=parse_week({})),
        ServiceHours(ALWAYS.week, closed_days=frozenset({date(2020, 12, 24)})),
    ],
)
def test_what_never_changes(hours: ServiceHours) -> None:
    assert next_change(hours, berlin("2026-03-02 08:00")) is None


def test_always_open_but_on_one_day() -> None:
    hours = ServiceHours(ALWAYS.week, closed_days=frozenset({date(2026, 12, 24)}))
    assert next_change(hours, berlin("2026-03-02 08:00")) == berlin("2026-12-24 00:00")
    assert next_change(hours, berlin("2026-12-24 08:00")) == berlin("2026-12-25 00:00")


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        next_change(ALWAYS, datetime(2026, 3, 2))


@given(service(), moment())
def test_nothing_changes_before_and_something_does_then(hours: ServiceHours, now: datetime) -> None:
    change = next_change(hours, now)
    is_open = open_at(hours, now).open
    assert {open_at(hours, at).open for at in between(now, change)} == {is_open}
    assert change is None or open_at(hours, change).open is not is_open
