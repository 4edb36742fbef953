"""What a try has brought, where the other side asks for what cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.jobs.outcome import not_handed_over
from engine.message.states import DeliveryState, Means, Trouble
from engine.ports.outbox import NotHanded
from tests.notify.parcels import NOW, handed_over, parcel


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
