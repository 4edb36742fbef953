"""The rate of calls: so many per second, told the time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.call.limits import Bucket
from tests.rules.calls import NOON


def passed(rate: float, *seconds: float) -> list[bool]:
    """Whether each of the calls at these moments may pass."""
    bucket = Bucket()
    return [bucket.take(rate, NOON + timedelta(seconds=at)) for at in seconds]


@pytest.mark.parametrize(
    ("rate", "seconds", "expected"),
    [
        (2, (0, 0, 0, 0.49, 0.5, 0.5), [True, True, False, False, True, False]),
        (0.5, (0, 1, 1.9, 2, 3.9, 60, 60), [True, False, False, True, False, True, False]),
        (1, (5, 4, 5, 6), [True, False, False, True]),
    ],
)
def test_so_many_and_no_more(rate: float, seconds: tuple[float, ...], expected: list[bool]) -> None:
    assert passed(rate, *seconds) == expected


@given(rate=st.floats(0.1, 1000), steps=st.lists(st.floats(0, 3), min_size=1, max_size=200))
def test_never_more_than_the_rate_and_one_seconds_share(rate: float, steps: list[float]) -> None:
    moments = [sum(steps[: n + 1]) for n in range(len(steps))]
    span = moments[-1] - moments[0]
    assert sum(passed(rate, *moments)) <= max(1.0, rate) + rate * span + 0.001
