"""§3.3: a customer's own hours may only narrow the tariff's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.hours.narrowing import clashes
from engine.hours.service import Week
from engine.hours.spans import parse_week

OFFICE = {"mon-fri": ["08:00-18:00"]}
ROUND_THE_CLOCK = {"mon-sun": ["00:00-24:00"]}


@pytest.mark.parametrize(
    ("own", "tariff", "expected"),
    [
        ({}, {}, []),
        ({"mon": ["08:00-18:00"]}, OFFICE, []),
        ({"mon": ["08:00-12:00", "12:00-18:00"]}, OFFICE, []),
        ({"mon": ["08:00-18:00"]}, {"mon": ["08:00-12:00", "12:00-18:00"]}, []),
        ({"mon-sun": ["22:00-06:00"]}, ROUND_THE_CLOCK, []),
        ({"sun": ["00:00-24:00"], "mon": ["00:00-06:00"]},
         {"sat-sun": ["20:00-19:59"], "mon": ["19:59-20:00"]},
         ["Sunday 19:59-20:00 is outside the tariff's 00:00-19:59, 20:00-24:00"]),
        ({"wed": ["07:00-12:00"]}, OFFICE, ["Wednesday 07:00-08:00 is outside the tariff's 08:00-18:00"]),
        ({"wed": ["07:00-19:00"]}, OFFICE,
         ["Wednesday 07:00-08:00 is outside the tariff's 08:00-18:00",
          "Wednesday 18:00-19:00 is outside the tariff's 08:00-18:00"]),
        ({"wed": ["10:00-16:00"]}, {"wed": ["08:00-12:00", "14:00-18:00"]},
         ["Wednesday 12:00-14:00 is outside the tariff's 08:00-12:00, 14:00-18:00"]),
        ({"wed": ["07:00-09:00"]}, {"wed": ["08:00-12:00", "12:00-18:00"]},
         ["Wednesday 07:00-08:00 is outside the tariff's 08:00-18:00"]),
        ({"mon": ["18:00-19:00"]}, {"mon": ["08:00-18:00"], "tue": ["00:00-24:00"]},
         ["Monday 18:00-19:00 is outside the tariff's 08:00-18:00"]),
        ({"mon": ["01:00-02:00"]}, {"sun": ["12:00-24:00"]},
         ["Monday 01:00-02:00 is outside the tariff, which has no hours on Monday"]),
        ({"sat": ["09:00-12:00"]}, OFFICE,
         ["Saturday 09:00-12:00 is outside the tariff, which has no hours on Saturday"]),
        ({"sun": ["22:00-06:00"]}, {"sun": ["20:00-04:00"]},
         ["Monday 04:00-06:00 is outside the tariff's 00:00-04:00"]),
        ({"sat": ["05:00-07:00"]}, {"fri": ["22:00-06:00"]},
         ["Saturday 06:00-07:00 is outside the tariff's 00:00-06:00"]),
        ({"mon": ["00:00-07:00"]}, {"sun": ["22:00-06:00"]},
         ["Monday 06:00-07:00 is outside the tariff's 00:00-06:00"]),
        ({"tue-wed": ["18:00-02:00"]}, OFFICE,
         ["Tuesday 18:00-02:00 is outside the tariff's 08:00-18:00",
          "Wednesday 18:00-02:00 is outside the tariff's 08:00-18:00"]),
    ],
)  # fmt: skip
def test_every_part_outside_the_tariff_is_named(
    own: dict[str, list[str]], tariff: dict[str, list[str]], expected: list[str]
) -> None:
    assert [str(clash) for clash in clashes(parse_week(own), parse_week(tariff))] == expected


SPANS = st.lists(st.sampled_from(["00:00-06:00", "06:00-08:30", "08:30-18:00", "18:00-24:00"]), unique=True)
NIGHTS = st.sampled_from([["22:00-06:00"], ["20:00-02:00"], ["23:59-00:01"]])
WEEKS = st.dictionaries(st.sampled_from(["mon", "tue-fri", "sat-sun"]), SPANS | NIGHTS)


def _sound(text: dict[str, list[str]]) -> bool:
    try:
        parse_week(text)
    except ValueError:
        return False
    return True


SOUND = WEEKS.filter(_sound).map(parse_week)


def _minutes(week: Week) -> set[int]:
    """Every minute of the week that is open: the slow, plain way."""
    return {
        (day * 1440 + minute) % 10080
        for day, spans in enumerate(week)
        for span in spans
        for minute in range(span.start, span.end)
    }


@given(SOUND, SOUND)
def test_the_clashes_are_exactly_the_minutes_that_the_tariff_lacks(own: Week, tariff: Week) -> None:
    outside = {
        (clash.day * 1440 + minute) % 10080
        for clash in clashes(own, tariff)
        for minute in range(clash.outside.start, clash.outside.end)
    }
    assert outside == _minutes(own) - _minutes(tariff)
