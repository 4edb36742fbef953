"""How many calls are let in: so many at once, so many per second. Pure: told the time.

Rule of this file: calls at once are counted from the live calls themselves, also from those that a restarted engine
found again. Only the rate has a memory; to lose it lets in one second's calls more, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """Of a trunk or a customer; None = no limit."""

    max_calls: int | None = None
    """Calls at once, ≥ 1."""
    max_rate: float | None = None
    """Calls per second, > 0."""


UNLIMITED = Limits()


class Bucket:
    """So many per second on the average, and after a pause one second's share at once, but one at least."""

    def __init__(self) -> None:
        """Full."""
        self._left = float("inf")
        self._at: datetime | None = None

    def take(self, rate: float, now: datetime) -> bool:
        """Whether one more may pass at `now` (aware). Who may not pass leaves the bucket as it is."""
        gone = max(0.0, (now - self._at).total_seconds()) if self._at else 0.0
        self._left = min(max(1.0, rate), self._left + gone * rate)
        self._at = max(self._at or now, now)
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True
