"""What a try has brought: how far the delivery is now, and when it is looked after next.

Rule of this file: values only. When a further try is worth it, `engine.message.retrying` says.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.message.retrying import again
from engine.message.states import DeliveryState, Occasion, Trouble
from engine.ports.outbox import Handed, Noted, NotHanded, Parcel

SHORTEST = timedelta(seconds=1)
"""Between two looks at one delivery, whatever a courier says."""
LOOK_AGAIN = timedelta(minutes=1)
"""After a look that has failed."""
LONGEST_REST = 3600.0
"""Seconds until the next look, at most, whatever the other side asks for: an alarm may hang on what it says then."""
LOOKS = timedelta(days=3)
"""How long it is asked what has become of a delivery."""
SET_UP = timedelta(days=1)
"""How long deliveries wait for their means to be set up: news of yesterday is none."""

TRIED_OUT = timedelta(minutes=10)
"""How long a test is tried: who has asked for it looks at the page."""


class NotSetUp(NotHanded):
    """Nobody here carries by this means (yet)."""

    def __init__(self, detail: str) -> None:
        """`detail`: what is missing, for the admin."""
        super().__init__(Trouble.OURS, detail, is_try=False)


def is_a_look(parcel: Parcel) -> bool:
    """Whether it has been handed over already."""
    return parcel.state is not DeliveryState.QUEUED


def handed_over(parcel: Parcel, handed: Handed, now: datetime) -> Noted:
    """Of one that its courier has taken, or has told of."""
    due = None if handed.look_at is None else max(handed.look_at, now + SHORTEST)
    if is_a_look(parcel) and handed.state is parcel.state and now - _since(parcel, now) > LOOKS:
        due = None
    tries = parcel.tries + (not is_a_look(parcel))
    return Noted(parcel.id, handed.state, now, tries, due, None, "", handed.reference, handed.by)


def not_handed_over(parcel: Parcel, problem: NotHanded, now: datetime, chance: float) -> Noted:
    """Of one that was not taken, or of which nothing was to be learned. `chance`: in [0, 1)."""
    if is_a_look(parcel):
        return _unseen(parcel, problem, now)
    tries = parcel.tries + problem.is_try
    wait = None if problem.final else _wait(parcel, problem, now, tries, chance)
    state, due = (DeliveryState.FAILED, None) if wait is None else (DeliveryState.QUEUED, now + wait)
    return Noted(parcel.id, state, now, tries, due, problem.trouble, problem.detail)


def _wait(parcel: Parcel, problem: NotHanded, now: datetime, tries: int, chance: float) -> timedelta | None:
    begun, is_test = now - _since(parcel, now), parcel.occasion is Occasion.TEST
    if isinstance(problem, NotSetUp):
        return SET_UP - begun if begun < SET_UP and not is_test else None
    wait = again(parcel.means, max(tries, 1), problem.trouble, begun, chance, problem.after)
    return None if is_test and wait is not None and begun + wait > TRIED_OUT else wait


def _unseen(parcel: Parcel, problem: NotHanded, now: datetime) -> Noted:
    """It may have arrived all the same: only who knows that it has not says that finally."""
    if problem.final:
        return Noted(parcel.id, DeliveryState.FAILED, now, parcel.tries, None, problem.trouble, problem.detail)
    wait = max(LOOK_AGAIN, timedelta(seconds=min(problem.after or 0.0, LONGEST_REST)))
    due = now + wait if now - _since(parcel, now) <= LOOKS else None
    return Noted(parcel.id, parcel.state, now, parcel.tries, due, None, problem.detail)


def _since(parcel: Parcel, now: datetime) -> datetime:
    return parcel.since or now
