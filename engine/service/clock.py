"""The time of day that calls are measured with.

The rule of this file: a step of the machine's clock (NTP, an admin) must not make a conversation longer or shorter.
The time of day is read once and then carried on with the monotonic clock, until nothing is being measured.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class SteadyClock:
    """UTC that never steps; `set()` takes over the machine's time again."""

    def __init__(self) -> None:
        """Starts at the machine's time."""
        self.set()

    def set(self) -> None:
        """Take over the machine's time; only while no call is being measured."""
        self._day, self._tick = datetime.now(UTC), time.monotonic()

    def now(self) -> datetime:
        """This moment."""
        return self._day + timedelta(seconds=time.monotonic() - self._tick)
