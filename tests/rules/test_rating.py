"""FAQ, §2.2: charged time is the connected time rounded up, and nothing without an agent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.tariff.rating import Charge, charge

CONNECTED = st.integers(0, 10**12)


@pytest.mark.parametrize(
    ("connected_ms", "expected"),
    [
        (0, Charge(0, 0)),
        (1, Charge(1, 1)),
        (1_000, Charge(1, 1)),
        (1_001, Charge(2, 1)),
        (59_999, Charge(60, 1)),
        (60_000, Charge(60, 1)),
        (60_001, Charge(61, 2)),
        (3_600_000, Charge(3600, 60)),
        (2**53 * 1000 + 1, Charge(2**53 + 1, 2**53 // 60 + 1)),
    ],
)
def test_every_started_second_and_minute_counts(connected_ms: int, expected: Charge) -> None:
    assert charge(connected_ms) == expected


def test_a_negative_time_is_refused() -> None:
    with pytest.raises(ValueError, match="a call cannot have been connected for -1 ms"):
        charge(-1)


@given(CONNECTED)
def test_charged_time_covers_the_connected_time_and_not_a_unit_more(connected_ms: int) -> None:
    charged = charge(connected_ms)
    assert charged.seconds * 1000 - 1000 < connected_ms <= charged.seconds * 1000
    assert charged.minutes * 60 - 60 < charged.seconds <= charged.minutes * 60


@given(CONNECTED, CONNECTED)
def test_who_talks_longer_is_never_charged_less(one: int, other: int) -> None:
    shorter, longer = charge(min(one, other)), charge(max(one, other))
    assert shorter.seconds <= longer.seconds
    assert shorter.minutes <= longer.minutes
