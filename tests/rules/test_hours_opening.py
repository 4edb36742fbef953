"""§3.1, §3.3: whether the service is open at a moment, and why."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.hours.holidays import STATES, holidays_of
from engine.hours.opening import Opening, Reason, open_at
from engine.hours.service import ServiceHours, Week
from engine.hours.spans import parse_week

BERLIN = ZoneInfo("Europe/Berlin")
ALWAYS = parse_week({"mon-sun": ["00:00-24:00"]})
OFFICE = parse_week({"mon-fri": ["08:00-18:00"]})
NIGHTS = parse_week({"mon-sun": ["22:00-06:00"]})
OPEN = Opening(True, Reason.IN_HOURS)
OUTSIDE = Opening(False, Reason.OUTSIDE_HOURS)


def at(hours: ServiceHours, text: str) -> Opening:
    """The answer at a wall time in Berlin, `2026-03-02 08:00`."""
    return open_at(hours, datetime.fromisoformat(text).replace(tzinfo=BERLIN))


@pytest.mark.parametrize(
    ("time", "opening"),
    [
        ("2026-03-02 07:59:59", OUTSIDE),
        ("2026-03-02 08:00", OPEN),
        ("2026-03-02 17:59:59.999", OPEN),
        ("2026-03-02 18:00", OUTSIDE),
        ("2026-03-07 12:00", OUTSIDE),
    ],
)
def test_3_1_open_from_the_first_minute_up_to_the_last(time: str, opening: Opening) -> None:
    assert at(ServiceHours(OFFICE), time) == opening


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("America/New_York"), BERLIN])
def test_3_1_the_moment_may_come_in_any_zone(zone: ZoneInfo) -> None:
    assert open_at(ServiceHours(OFFICE), datetime(2026, 7, 1, 6, 0, tzinfo=UTC).astimezone(zone)) == OPEN
    assert open_at(ServiceHours(OFFICE), datetime(2026, 7, 1, 5, 59, tzinfo=UTC).astimezone(zone)) == OUTSIDE


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="open_at needs a time with its zone"):
        open_at(ServiceHours(OFFICE), datetime(2026, 7, 1))


def test_3_1_a_span_over_midnight_and_over_the_weeks_end() -> None:
    sunday_night = ServiceHours(parse_week({"sun": ["22:00-06:00"]}))
    times = [
        "2026-03-01 21:59",
        "2026-03-01 22:00",
        "2026-03-02 00:00",
        "2026-03-02 05:59",
        "2026-03-02 06:00",
    ]
    assert [at(sunday_night, time) for time in times] == [OUTSIDE, OPEN, OPEN, OPEN, OUTSIDE]


def test_3_1_public_holidays_of_the_state_close_the_whole_day() -> None:
    berlin, bavaria = (ServiceHours(ALWAYS, True, state) for state in ("BE", "BY"))
    womens_day = Opening(False, Reason.HOLIDAY, "Frauentag")
    assert at(berlin, "2027-03-08 00:00") == womens_day
    assert at(berlin, "2027-03-08 23:59") == womens_day
    assert at(berlin, "2027-03-09 00:00") == OPEN
    assert at(bavaria, "2027-03-08 12:00") == OPEN
    assert at(ServiceHours(ALWAYS, False, "BE"), "2027-03-08 12:00") == OPEN


def test_3_1_outside_the_hours_of_a_holiday_the_reason_is_the_hours() -> None:
    assert at(ServiceHours(OFFICE, True, "BE"), "2026-12-25 07:00") == OUTSIDE
    assert at(ServiceHours(OFFICE, True, "BE"), "2026-12-25 08:00") == Opening(
        False, Reason.HOLIDAY, "Erster Weihnachtstag"
    )


def test_3_1_a_span_belongs_to_the_day_on_which_it_begins() -> None:
    nights = ServiceHours(NIGHTS, True, "BE")
    labour_day = Opening(False, Reason.HOLIDAY, "Erster Mai")
    times = [
        "2026-05-01 05:59",
        "2026-05-01 06:00",
        "2026-05-01 22:00",
        "2026-05-02 05:59",
        "2026-05-02 22:00",
    ]
    assert [at(nights, time) for time in times] == [OPEN, OUTSIDE, labour_day, labour_day, OPEN]


def test_further_closed_days_close_like_holidays() -> None:
    hours = ServiceHours(NIGHTS, closed_days=frozenset({date(2026, 12, 24)}))
    closed = Opening(False, Reason.CLOSED_DAY, "2026-12-24")
    times = ["2026-12-24 05:59", "2026-12-24 22:00", "2026-12-25 05:59", "2026-12-25 22:00"]
    assert [at(hours, time) for time in times] == [OPEN, closed, closed, OPEN]


def test_3_3_own_hours_narrow_the_tariffs() -> None:
    hours = ServiceHours(OFFICE, True, "BE", narrowed=parse_week({"mon-thu": ["09:00-12:00"]}))
    narrowed = Opening(False, Reason.NARROWED)
    times = [
        "2026-03-02 07:00",
        "2026-03-02 08:00",
        "2026-03-02 09:00",
        "2026-03-02 12:00",
        "2026-03-06 10:00",
    ]
    assert [at(hours, time) for time in times] == [OUTSIDE, narrowed, OPEN, narrowed, narrowed]


def test_3_3_a_night_of_the_own_hours_that_began_on_a_holiday_stays_closed() -> None:
    hours = ServiceHours(ALWAYS, True, "BE", narrowed=NIGHTS)
    assert at(hours, "2026-05-02 03:00") == Opening(False, Reason.HOLIDAY, "Erster Mai")


@pytest.mark.parametrize(
    ("spans", "opens", "closes"),
    [
        # The night is an hour short: 22:00 CET is 21:00 UTC, 06:00 CEST is 04:00 UTC.
        (["22:00-06:00"], "2026-03-28T21:00", "2026-03-29T04:00"),
        # 01:30 CET to 03:30 CEST: one hour in all.
        (["01:30-03:30"], "2026-03-29T00:30", "2026-03-29T01:30"),
        # Half of the span falls into the hour left out.
        (["02:30-03:30"], "2026-03-29T01:00", "2026-03-29T01:30"),
    ],
)
def test_clocks_go_forward(spans: list[str], opens: str, closes: str) -> None:
    assert _open_quarters(spans, "2026-03-28T12:00") == _quarters(opens, closes)


@pytest.mark.parametrize(
    ("spans", "opens", "closes"),
    [
        # The night is an hour long: 22:00 CEST is 20:00 UTC, 06:00 CET is 05:00 UTC.
        (["22:00-06:00"], "2026-10-24T20:00", "2026-10-25T05:00"),
        # 01:30 CEST to 03:30 CET.
        (["01:30-03:30"], "2026-10-24T23:30", "2026-10-25T02:30"),
        # The repeated hour is open twice.
        (["02:00-03:00"], "2026-10-25T00:00", "2026-10-25T02:00"),
    ],
)
def test_clocks_go_back(spans: list[str], opens: str, closes: str) -> None:
    assert _open_quarters(spans, "2026-10-24T12:00") == _quarters(opens, closes)


def test_an_hour_that_the_clocks_leave_out_is_never_open() -> None:
    assert _open_quarters(["02:00-03:00"], "2026-03-28T12:00") == []


def _open_quarters(spans: list[str], start: str) -> list[datetime]:
    """The quarters of an hour, from `start` (UTC) for a day, in which these daily spans are open."""
    hours = ServiceHours(parse_week({"mon-sun": spans}))
    first = datetime.fromisoformat(start).replace(tzinfo=UTC)
    quarters = (first + timedelta(minutes=15 * n) for n in range(96))
    return [quarter for quarter in quarters if open_at(hours, quarter).open]


def _quarters(opens: str, closes: str) -> list[datetime]:
    first, last = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (opens, closes))
    return [first + timedelta(minutes=15 * n) for n in range((last - first) // timedelta(minutes=15))]


@pytest.mark.parametrize(
    ("states", "day"),
    [
        ("BY BY-AUGSBURG SL", date(2026, 8, 15)),
        ("BB HB HH MV NI SH SN SN-CATHOLIC ST TH TH-CATHOLIC", date(2026, 10, 31)),
        ("BW BY BY-AUGSBURG BY-PROTESTANT HE NW RP SL SN-CATHOLIC TH-CATHOLIC", date(2026, 6, 4)),
        ("BY-AUGSBURG", date(2026, 8, 8)),
        ("SN SN-CATHOLIC", date(2026, 11, 18)),
        ("BE MV", date(2026, 3, 8)),
        ("TH TH-CATHOLIC", date(2026, 9, 20)),
        ("", date(2026, 12, 24)),
    ],
)
def test_holidays_that_only_some_states_have(states: str, day: date) -> None:
    assert [state for state in STATES if day in holidays_of(state, 2026)] == states.split()


def test_without_a_state_only_nationwide_holidays_count() -> None:
    assert sorted(holidays_of(None, 2026)) == [
        date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 14),
        date(2026, 5, 25), date(2026, 10, 3), date(2026, 12, 25), date(2026, 12, 26),
    ]  # fmt: skip


def test_an_unknown_state_is_refused() -> None:
    with pytest.raises(ValueError, match="'XX' is not a Bundesland: write one of BB, BE, BW, BY, BY-AUGSBURG,"):
        holidays_of("XX", 2026)


DAILY = st.sampled_from(["06:00-24:00", "08:00-18:00", "22:00-06:00", "06:00-08:30", "18:00-20:00"])
WEEKS = st.dictionaries(st.sampled_from(["mon-wed", "thu", "fri-sun"]), st.lists(DAILY, max_size=1)).map(parse_week)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


@given(WEEKS, WEEKS, st.booleans(), st.sampled_from([None, *STATES]), MOMENTS)
def test_3_3_narrowed_hours_are_never_open_when_the_tariffs_are_not(
    week: Week, narrowed: Week, closed_on_holidays: bool, state: str | None, now: datetime
) -> None:
    tariff = open_at(ServiceHours(week, closed_on_holidays, state), now)
    own = open_at(ServiceHours(narrowed, closed_on_holidays, state), now)
    both = open_at(ServiceHours(week, closed_on_holidays, state, narrowed=narrowed), now)
    assert both.open == (tariff.open and own.open)
