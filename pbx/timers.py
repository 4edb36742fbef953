"""Timers on the event loop: started by name, each fires once.

Rule of this file: a stopped timer never fires, and what a timer's owner raises is the owner's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

log = structlog.get_logger()


class LoopTimers:
    """The Timers port. `fired(owner, name)` is called when a timer runs out."""

    def __init__(self) -> None:
        """No timers, nobody told: set `fired` before the first start."""
        self.fired: Callable[[str, str], None] = _nobody
        self._running: dict[str, dict[str, asyncio.TimerHandle]] = {}

    def start(self, owner: str, name: str, seconds: float) -> None:
        """Fire after `seconds` (> 0). Raises ValueError for a time that is not."""
        if not seconds > 0:
            raise ValueError(f"timer {name} of {owner}: {seconds} s is no time to wait")
        self.stop(owner, name)
        loop = asyncio.get_running_loop()
        self._running.setdefault(owner, {})[name] = loop.call_later(seconds, self._fire, owner, name)

    def stop(self, owner: str, name: str) -> None:
        """Forget the timer."""
        names = self._running.get(owner, {})
        handle = names.pop(name, None)
        if handle:
            handle.cancel()
        if not names:
            self._running.pop(owner, None)

    def stop_all(self, owner: str) -> None:
        """Forget every timer of the owner."""
        for handle in self._running.pop(owner, {}).values():
            handle.cancel()

    def __len__(self) -> int:
        """How many run."""
        return sum(len(names) for names in self._running.values())

    def _fire(self, owner: str, name: str) -> None:
        self.stop(owner, name)
        try:
            self.fired(owner, name)
        except Exception:  # one call's error must not be lost in the loop, nor end the others
            log.exception("timer_failed", owner=owner, timer=name)


def _nobody(owner: str, name: str) -> None:
    raise RuntimeError(f"timer {name} of {owner} fired before anybody listened")
