"""Timers whose deadlines are known: so another engine can start them again with what is left of their time.

Rule of this file: what it knows is what runs; it fires nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from engine.ports import Clock, Timers
from engine.terms import AgentId

HOLD_OFF = "hold_off"
WRAP_UP = "wrap_up"
"""The timers of an agent."""
_AT_ONCE = 0.001


def timer_owner(agent: AgentId) -> str:
    """The owner of an agent's timers."""
    return f"agent:{agent}"


class Deadlines:
    """The Timers port over another one, with the time of day at which each will fire."""

    def __init__(self, timers: Timers, clock: Clock) -> None:
        """Nothing runs."""
        self._timers, self._clock = timers, clock
        self._due: dict[str, dict[str, datetime]] = {}
        self._held: set[tuple[str, str]] = set()
        """Taken over and not started yet."""

    def of(self, owner: str) -> dict[str, datetime]:
        """When the owner's timers run out, by name; to be read, not to be changed."""
        return self._due.get(owner, {})

    def start(self, owner: str, name: str, seconds: float) -> None:
        """Fire after `seconds` (> 0)."""
        self._due.setdefault(owner, {})[name] = self._clock.now() + timedelta(seconds=seconds)
        self._held.discard((owner, name))
        self._timers.start(owner, name, seconds)

    def stop(self, owner: str, name: str) -> None:
        """Forget the timer; no error if it does not run."""
        self.fired(owner, name)
        self._timers.stop(owner, name)

    def stop_all(self, owner: str) -> None:
        """Forget every timer of the owner."""
        self._due.pop(owner, None)
        self._timers.stop_all(owner)

    def fired(self, owner: str, name: str) -> None:
        """The timer has run out."""
        names = self._due.get(owner, {})
        names.pop(name, None)
        if not names:
            self._due.pop(owner, None)

    def resume(self, owner: str, due: Mapping[str, datetime]) -> None:
        """Take over timers that another engine had started; they do not run before `arm`."""
        for name, moment in due.items():
            self._due.setdefault(owner, {})[name] = moment
            self._held.add((owner, name))

    def arm(self) -> None:
        """Start what was taken over, with the rest of its time; what is over fires at once."""
        now, held, self._held = self._clock.now(), self._held, set()
        for owner, name in sorted(held):
            if moment := self._due.get(owner, {}).get(name):
                self.start(owner, name, max((moment - now).total_seconds(), _AT_ONCE))
