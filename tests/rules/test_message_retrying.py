"""When a delivery is tried again, and when it is given up (§5.2.3)."""

from __future__ import annotations

from datetime import timedelta
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.message.retrying import PATIENCE, again
from engine.message.states import Means, Trouble

MEANS = st.sampled_from(Means)
LASTING = [Trouble.BUSY, Trouble.NO_ANSWER, Trouble.UNREACHABLE, Trouble.OURS]
TROUBLES = st.sampled_from(LASTING)
CHANCES = st.floats(0, 1, exclude_max=True)
HOUR = timedelta(hours=1)
START = timedelta(0)


def waits(means: Means, chance: float) -> list[float]:
    """Seconds of every wait of a delivery that never succeeds."""
    found: list[float] = []
    while (
        wait := again(means, len(found) + 1, Trouble.UNREACHABLE, timedelta(seconds=sum(found)), chance)
    ) is not None:
        found.append(wait.total_seconds())
        assert len(found) < 1000, "it does not end"
    return found


@given(MEANS, CHANCES)
def test_every_delivery_ends_in_its_time_and_waits_grow(means: Means, chance: float) -> None:
    found = waits(means, chance)
    assert found == sorted(found)
    assert found[0] > 0
    assert timedelta(seconds=sum(found)) <= PATIENCE[means].lasts


@given(MEANS, st.integers(1, 50), TROUBLES, st.timedeltas(START, HOUR), CHANCES, st.floats(0, 86_400))
def test_never_before_the_other_side_wants_it(
    means: Means, tries: int, trouble: Trouble, begun: timedelta, chance: float, after: float
) -> None:
    wait = again(means, tries, trouble, begun, chance, after)
    if wait is None:
        longest = max(after, *PATIENCE[means].waits) + max(PATIENCE[means].waits) / 2
        is_over = begun.total_seconds() + longest > PATIENCE[means].lasts.total_seconds()
        assert is_over or tries > len(PATIENCE[means].waits)
    else:
        assert wait >= timedelta(seconds=after)
        assert wait >= (again(means, tries, trouble, begun, chance) or START)


@given(MEANS, st.integers(1, 50), CHANCES, CHANCES)
def test_chance_only_makes_it_longer_and_by_half_at_most(means: Means, tries: int, one: float, other: float) -> None:
    first, *found = (again(means, tries, Trouble.BUSY, START, chance) for chance in sorted([0.0, one, other]))
    if first is None:
        assert found == [None, None]
    else:
        low, high = found
        assert low and high
        assert first <= low <= high <= first * 1.5


@given(MEANS, CHANCES, st.integers(1, 50))
def test_what_nobody_can_mend_ends_at_once(means: Means, chance: float, tries: int) -> None:
    for trouble in (Trouble.ADDRESS, Trouble.NOT_ACKNOWLEDGED):
        assert again(means, tries, trouble, START, chance, 60) is None


@pytest.mark.parametrize("means", Means)
def test_a_refusal_is_final_but_by_mail(means: Means) -> None:
    wait = again(means, 1, Trouble.REFUSED, START, 0)
    assert wait == (timedelta(minutes=1) if means is Means.MAIL else None)


@pytest.mark.parametrize("trouble", LASTING)
@pytest.mark.parametrize("means", Means)
def test_all_else_is_tried_again(means: Means, trouble: Trouble) -> None:
    assert again(means, 1, trouble, START, 0.5) is not None


def test_5_2_3_the_numbers_as_they_are_meant() -> None:
    mail, sms, push, fax = (waits(means, 0) for means in (Means.MAIL, Means.SMS, Means.PUSHOVER, Means.FAX))
    assert mail[:8] == [60, 120, 300, 600, 1200, 1800, 3600, 3600]
    assert sum(mail) == pytest.approx(24 * 3600, abs=3600)
    assert sms[:8] == [15, 30, 60, 120, 300, 600, 1200, 1200]
    assert push[:8] == [5, 10, 15, 30, 60, 120, 300, 300]
    assert sum(sms) <= 6 * 3600
    assert sum(push) <= 3 * 3600
    assert fax == [120, 180, 300, 600, 900], "six calls in all"


@pytest.mark.parametrize("after", [inf, 1e300, 25 * 3600.0])
def test_who_wants_more_time_than_the_news_has_ends_it(after: float) -> None:
    assert again(Means.MAIL, 1, Trouble.UNREACHABLE, START, 0, after) is None


@pytest.mark.parametrize("after", [nan, -5.0, -inf, 0.0, None])
def test_a_wish_that_is_none_changes_nothing(after: float | None) -> None:
    assert again(Means.MAIL, 2, Trouble.UNREACHABLE, START, 0, after) == timedelta(minutes=2)


def test_a_fax_that_had_to_wait_for_its_turn_has_all_its_tries() -> None:
    assert again(Means.FAX, 1, Trouble.BUSY, 2 * HOUR, 0) == timedelta(minutes=2)
    assert again(Means.FAX, 5, Trouble.BUSY, 2 * HOUR, 0) == timedelta(minutes=15)
    assert again(Means.FAX, 6, Trouble.BUSY, START, 0) is None
    assert again(Means.FAX, 1, Trouble.BUSY, 4 * HOUR, 0) is None
