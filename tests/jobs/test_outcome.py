"""What a try of a test brings: who has asked for it learns soon how it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from engine.jobs.outcome import NotSetUp, not_handed_over
from engine.message.states import DeliveryState, Means, Occasion, Trouble
from engine.ports.outbox import NotHanded
from tests.notify.parcels import NOW, parcel

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
