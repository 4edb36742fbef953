"""The timers of a call, by name."""

from __future__ import annotations

from enum import StrEnum


class Timer(StrEnum):
    """The timers of one call."""

    MAX_WAIT = "max_wait"
    """The longest wait allowed."""
    OVERFLOW = "overflow"
    """The customer's overflow time."""
    ANNOUNCE = "announce"
    """Time for the next interim announcement."""
    RING = "ring"
    """One agent's phone has rung long enough."""
    ALERT = "alert"
    """An agent's phone has not even said that it rings."""
    TARGET = "target"
    """A target's phone has rung long enough, or has not rung for too long."""
    TARGET_ALERT = "target_alert"
    """The carrier has not even said that a target's phone rings."""
    ACCEPT = "accept"
    """Whoever has answered should have pressed 1 by now."""
    TALK_LIMIT = "talk_limit"
    """The longest time that a target may talk to a caller."""
    CLEAR = "clear"
    """A channel that was told to end has not said that it did."""
