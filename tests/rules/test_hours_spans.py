"""§3.1: weeks of service hours, read and written."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.hours.service import Span, Week
from engine.hours.spans import HoursError, format_week, parse_week

EIGHT_TO_SIX = Span(480, 1080)
NIGHT = Span(1320, 1800)


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ({}, ((),) * 7),
        ({"mon-sun": ["00:00-24:00"]}, ((Span(0, 1440),),) * 7),
        (
            {"mon-fri": ["08:00-18:00"], "sat": ["09:00-12:00"]},
            ((EIGHT_TO_SIX,),) * 5 + ((Span(540, 720),), ()),
        ),
        ({"fri-mon": ["22:00-06:00"]}, ((NIGHT,), (), (), (), (NIGHT,), (NIGHT,), (NIGHT,))),
        ({"wed": ["14:00-18:00", "8:00 - 12:00"]},
         ((), (), (Span(480, 720), Span(840, 1080)), (), (), (), ())),
        ({"Mon": ["08:00-12:00"], "mon-tue": ["12:00-00:00"]},
         ((Span(480, 720), Span(720, 1440)), (Span(720, 1440),), (), (), (), (), ())),
        ({"sun": ["22:00-06:00"], "mon": ["06:00-07:00"]}, ((Span(360, 420),), (), (), (), (), (), (NIGHT,))),
        ({"mon": []}, ((),) * 7),
    ],
)  # fmt: skip
def test_weeks_are_read(text: Mapping[str, Sequence[str]], week: Week) -> None:
    assert parse_week(text) == week


DAY = "is not a day: write one of mon, tue, wed, thu, fri, sat, sun or a range like mon-fri"
SPAN = 'is not a span of time: write it as "08:00-18:00"'
OVERLAP = "overlap: let one end where the other begins"
HOW = 'write e.g. {mon-fri: ["08:00-18:00"], sat: ["09:00-12:00"]}'


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (["08:00-18:00"], f"hours are a mapping from days to lists of spans: {HOW}"),
        (None, f"hours are a mapping from days to lists of spans: {HOW}"),
        ({"mon": "08:00-18:00"}, f"the spans of 'mon' must be a list: {HOW}"),
        ({"montag": []}, f"'montag' {DAY}"),
        ({"mon-": []}, f"'mon-' {DAY}"),
        ({"mon-tue-wed": []}, f"'mon-tue-wed' {DAY}"),
        ({1: []}, f"'1' {DAY}"),
        ({"mon": ["8-18"]}, f"'8-18' {SPAN}"),
        ({"mon": [800]}, f"'800' {SPAN}"),
        ({"mon": ["٠٨:00-18:00"]}, f"'٠٨:00-18:00' {SPAN}"),
        ({"mon": ["08:60-18:00"]}, "'08:60-18:00': 08:60 is not a time of day: write 00:00 to 24:00"),
        ({"mon": ["08:00-24:01"]}, "'08:00-24:01': 24:01 is not a time of day: write 00:00 to 24:00"),
        ({"mon": ["24:00-06:00"]},
         "'24:00-06:00': a span cannot begin at 24:00; write 00:00 of the next day"),
        ({"mon": ["08:00-08:00"]},
         "'08:00-08:00' is empty: write \"00:00-24:00\" for the whole day, or leave it out"),
        ({"mon": ["08:00-12:00", "11:59-13:00"]}, f"mon 08:00-12:00 and mon 11:59-13:00 {OVERLAP}"),
        ({"mon-tue": ["08:00-12:00"], "tue": ["08:00-12:00"]},
         f"tue 08:00-12:00 and tue 08:00-12:00 {OVERLAP}"),
        ({"mon": ["22:00-06:00"], "tue": ["05:00-07:00"]},
         f"mon 22:00-06:00 and tue 05:00-07:00 {OVERLAP}"),
        ({"sun": ["22:00-06:00"], "mon": ["05:00-07:00"]},
         f"sun 22:00-06:00 and mon 05:00-07:00 {OVERLAP}"),
        ({"sun": ["22:00-06:00", "23:00-24:00"]},
         f"sun 22:00-06:00 and sun 23:00-24:00 {OVERLAP}"),
    ],
)  # fmt: skip
def test_a_bad_week_is_refused_with_how_to_write_it(text: Any, refusal: str) -> None:
    with pytest.raises(HoursError) as refused:
        parse_week(text)
    assert str(refused.value) == refusal


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ({}, {}),
        ({"fri-mon": ["22:00-06:00"]}, {"mon": ["22:00-06:00"], "fri-sun": ["22:00-06:00"]}),
        ({"sun": ["12:00-00:00", "8:00-9:00"]}, {"sun": ["08:00-09:00", "12:00-24:00"]}),
        ({"mon": ["08:00-18:00"], "tue-fri": ["08:00-18:00"]}, {"mon-fri": ["08:00-18:00"]}),
    ],
)
def test_weeks_are_written_with_the_fewest_words(text: dict[str, list[str]], written: dict[str, list[str]]) -> None:
    assert format_week(parse_week(text)) == written


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    """Any sound week: between two neighbouring marks it is open or not, for less than a day."""
    marks = sorted(draw(st.sets(st.integers(0, 7 * 96 - 1), max_size=14)))
    days: list[list[Span]] = [[] for _ in range(7)]
    for start, end in zip(marks, [*marks[1:], marks[0] + 7 * 96] if marks else [], strict=True):
        if draw(st.booleans()):
            day, begin = divmod(start * 15, 1440)
            days[day].append(Span(begin, min(begin + (end - start) * 15, begin + 1439)))
    return tuple(tuple(day) for day in days)


@given(weeks())
def test_writing_and_reading_gives_the_same_week(week: Week) -> None:
    assert parse_week(format_week(week)) == week
