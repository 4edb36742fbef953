"""How much of calls out one customer may use: legs of the last minute, minutes of the day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.terms import LegId
from engine.transfer.limits import Allowance, Refused, Usage

DAY = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
"""Midnight in Berlin."""
NEXT_DAY = DAY + timedelta(days=1)
NOON = DAY + timedelta(hours=12)
ALLOWANCE = Allowance(legs_per_minute=3, minutes_per_day=10)
LEG, OTHER = LegId("c-leg-1"), LegId("c-leg-2")


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_only_what_a_trunk_lacks_another_one_may_have() -> None:
    assert {why for why in Refused if why.is_the_trunks} == {Refused.NO_TRUNK, Refused.TRUNK_FULL, Refused.TRUNK_AWAY}


def test_so_many_numbers_are_dialled_in_a_minute_and_no_more() -> None:
    usage = Usage(DAY)
    for seconds in (0, 10, 20):
        assert usage.refused(ALLOWANCE, after(seconds), DAY) is None
        usage.dials(after(seconds))
    assert usage.refused(ALLOWANCE, after(59.9), DAY) is Refused.LEGS_PER_MINUTE
    assert usage.refused(ALLOWANCE, after(60), DAY) is None


def test_a_talk_counts_while_it_goes_on_and_afterwards() -> None:
    usage = Usage(DAY)
    usage.begins(LEG, NOON)
    assert usage.refused(ALLOWANCE, after(599), DAY) is None
    assert usage.refused(ALLOWANCE, after(600), DAY) is Refused.MINUTES_PER_DAY
    usage.ends(LEG, after(300), DAY)
    assert usage.refused(ALLOWANCE, after(3600), DAY) is None
    usage.begins(OTHER, after(4000))
    assert usage.refused(ALLOWANCE, after(4300), DAY) is Refused.MINUTES_PER_DAY


def test_talks_that_go_on_at_once_use_up_the_day_together_and_the_newest_is_told() -> None:
    usage = Usage(DAY)
    assert usage.newest() is None
    usage.begins(LEG, NOON)
    usage.begins(OTHER, after(60))
    assert usage.left(ALLOWANCE, after(300), DAY) == 60
    assert usage.left(ALLOWANCE, after(330), DAY) == 0
    assert usage.newest() == OTHER
    usage.ends(OTHER, after(330), DAY)
    assert (usage.newest(), usage.left(ALLOWANCE, after(340), DAY)) == (LEG, -10)


def test_who_never_answered_has_talked_for_no_time() -> None:
    usage = Usage(DAY, seconds=599)
    usage.ends(LEG, after(600), DAY)
    assert usage.refused(ALLOWANCE, after(600), DAY) is None


def test_what_was_talked_before_the_engine_was_there_counts() -> None:
    assert Usage(DAY, seconds=600).refused(ALLOWANCE, NOON, DAY) is Refused.MINUTES_PER_DAY


def test_a_new_day_begins_with_nothing_but_its_own_part_of_a_talk() -> None:
    usage = Usage(DAY, seconds=600)
    usage.begins(LEG, NEXT_DAY - timedelta(hours=1))
    assert usage.refused(ALLOWANCE, NEXT_DAY + timedelta(seconds=599), NEXT_DAY) is None
    assert usage.refused(ALLOWANCE, NEXT_DAY + timedelta(seconds=600), NEXT_DAY) is Refused.MINUTES_PER_DAY
    usage.ends(LEG, NEXT_DAY + timedelta(seconds=30), NEXT_DAY)
    assert usage.refused(ALLOWANCE, NEXT_DAY + timedelta(seconds=700), NEXT_DAY) is None
