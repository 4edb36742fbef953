"""What stands against a call out: reasons that an agent is told, and how much one customer has used (toll fraud).

Rules of this file: who has used up what is allowed dials no more until it is less again. Talks that go on count as they
go; when all of a day have lasted too long together, the newest ends first. A day is told by its beginning, for its
length depends on where one is.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from engine.terms import LegId

_MINUTE = timedelta(minutes=1)


class Refused(StrEnum):
    """Why nobody is put through, or one number is not dialled."""

    BY_LAW = "by_law"
    """Callers would pay while they wait (L3)."""
    NO_CONTACT = "no_contact"
    NO_TARGETS = "no_targets"
    """The contact has no number in use, or not that one."""
    NO_TRUNK = "no_trunk"
    """No carrier's line dials out."""
    FORBIDDEN_NUMBER = "forbidden_number"
    """110, 112, 118xy, 0137, 0900."""
    DEAR_NUMBER = "dear_number"
    ABROAD = "abroad"
    OWN_NUMBER = "own_number"
    """An access number, or one of the customer's forwarded lines: the call would come back."""
    LEGS_PER_MINUTE = "legs_per_minute"
    LEGS_AT_ONCE = "legs_at_once"
    MINUTES_PER_DAY = "minutes_per_day"
    TRUNK_FULL = "trunk_full"
    """This trunk has as many calls as it may; another one may have fewer."""

    TRUNK_AWAY = "trunk_away"
    """This trunk's carrier does not answer at present."""

    @property
    def is_the_trunks(self) -> bool:
        """Whether it is about one way out alone, so that another one may do."""
        return self in (Refused.NO_TRUNK, Refused.TRUNK_FULL, Refused.TRUNK_AWAY)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one customer may use."""

    legs_per_minute: int
    """≥ 1."""
    minutes_per_day: int
    """≥ 1; begun minutes do not count as whole ones."""
    legs_at_once: int = 10
    """≥ 1, ringing ones included."""


class Usage:
    """What one customer has used. Every time is aware."""

    def __init__(self, day: datetime, seconds: float = 0.0) -> None:
        """`seconds`: talked since the day's beginning, by what is known of it already."""
        self._day, self._seconds = day, seconds
        self._legs: deque[datetime] = deque()
        self._talks: dict[LegId, datetime] = {}

    def dials(self, now: datetime) -> None:
        """One more number is dialled."""
        self._legs.append(now)

    def begins(self, leg: LegId, now: datetime) -> None:
        """A target has answered."""
        self._talks[leg] = now

    def ends(self, leg: LegId, now: datetime, day: datetime) -> None:
        """The leg is over, answered or not."""
        if begun := self._talks.pop(leg, None):
            self.talked(begun, now, day)

    def talked(self, begun: datetime, ended: datetime, day: datetime) -> None:
        """A leg has lasted from `begun` to `ended`; what was before the day's beginning does not count."""
        self._turn_to(day)
        self._seconds += _seconds(begun, ended, day)

    def refused(self, allowance: Allowance, now: datetime, day: datetime) -> Refused | None:
        """Whether one more leg is too many at `now`, on the day that began at `day`."""
        while self._legs and self._legs[0] <= now - _MINUTE:
            self._legs.popleft()
        if len(self._legs) >= allowance.legs_per_minute:
            return Refused.LEGS_PER_MINUTE
        return None if self.left(allowance, now, day) > 0 else Refused.MINUTES_PER_DAY

    def left(self, allowance: Allowance, now: datetime, day: datetime) -> float:
        """Seconds that may still be talked on the day that began at `day`, talks that go on counted; < 0 = too many."""
        self._turn_to(day)
        talked = self._seconds + sum(_seconds(begun, now, day) for begun in self._talks.values())
        return allowance.minutes_per_day * 60.0 - talked

    def newest(self) -> LegId | None:
        """The talk that goes on and began last."""
        return max(self._talks, key=lambda leg: self._talks[leg], default=None)

    def _turn_to(self, day: datetime) -> None:
        if day != self._day:
            self._day, self._seconds = day, 0.0


def _seconds(begun: datetime, now: datetime, day: datetime) -> float:
    return max(0.0, (now - max(begun, day)).total_seconds())
