"""What a try or a look has brought: tests, and where the other side asks for what cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.jobs.outcome import NotSetUp, not_handed_over
from engine.message.states import DeliveryState, Means, Occasion, Trouble
from engine.ports.outbox import NotHanded
from tests.notify.parcels import NOW, handed_over, parcel

MAIL = replace(parcel(Means.MAIL, "eva@korn.example"), since=NOW)
TEST = replace(MAIL, occasion=Occasion.TEST, message=0)
AWAY = NotHanded(Trouble.UNREACHABLE, "nobody there")


def test_a_test_is_tried_for_ten_minutes_and_waits_for_nothing_to_be_set_up() -> None:
    first = not_handed_over(TEST, AWAY, NOW, 0.0)
    assert (first.state, first.due) == (DeliveryState.QUEUED, NOW + timedelta(minutes=1))
    late = NOW + timedelta(minutes=9, seconds=30)
    assert not_handed_over(TEST, AWAY, late, 0.0).state is DeliveryState.FAILED
    assert not_handed_over(MAIL, AWAY, late, 0.0).state is DeliveryState.QUEUED
    missing = NotSetUp("mail is not set up here")
    assert not_handed_over(TEST, missing, NOW, 0.0).state is DeliveryState.FAILED
    assert not_handed_over(MAIL, missing, NOW, 0.0).state is DeliveryState.QUEUED


@pytest.mark.parametrize("after", [float("inf"), 1e14, 1.7e12, 86_400.0])
def test_a_look_is_not_put_off_for_long_whatever_the_other_side_asks_for(after: float) -> None:
    """A chain of alarms hangs on it; and a day that no calendar has would leave it claimed for ever."""
    sent = replace(handed_over(parcel(Means.PUSHOVER, "key"), "receipt"), since=NOW)
    noted = not_handed_over(sent, NotHanded(Trouble.UNREACHABLE, "429", after=after, is_try=False), NOW, 0.0)
    assert (noted.state, noted.due) == (DeliveryState.SENT, NOW + timedelta(hours=1))


@pytest.mark.parametrize("after", [float("inf"), 1e14])
def test_a_try_that_could_be_made_only_when_the_news_is_stale_is_none(after: float) -> None:
    noted = not_handed_over(
        parcel(Means.SMS, "+491701234567"), NotHanded(Trouble.UNREACHABLE, "429", after=after), NOW, 0.0
    )
    assert (noted.state, noted.due) == (DeliveryState.FAILED, None)
