"""What the rules of a listening order: of the switch (`pbx.perform`), of the timers, and of the call's trail.

Rule of this file: facts of the field, told and not asked. There is no order that lets the supervisor be heard.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.terms import AgentId, HangupCause


class Timer(StrEnum):
    """The timers of one listening."""

    RING = "ring"
    """The supervisor's phone has rung long enough."""
    TELL = "tell"
    """The end of the announcement should have been told by now."""
    TAP = "tap"
    """What is listened with should be there by now, and joined."""
    CLEAR = "clear"
    """A channel that was told to end has not said that it did."""


@dataclass(frozen=True, slots=True)
class DialSupervisor:
    """Ring the supervisor's phone."""

    supervisor: AgentId


@dataclass(frozen=True, slots=True)
class DropSupervisor:
    """End the supervisor's leg."""

    cause: HangupCause = HangupCause.NORMAL


@dataclass(frozen=True, slots=True)
class Tell:
    """Play this sound to caller and agent, in their conversation; its end arrives as Told or NotTold."""

    sound: str


@dataclass(frozen=True, slots=True)
class StopTelling:
    """Cut the announcement off."""


@dataclass(frozen=True, slots=True)
class Tap:
    """Make what hears both of them at the agent's leg; arrives as Tapped."""


@dataclass(frozen=True, slots=True)
class Join:
    """Let the supervisor hear it."""


@dataclass(frozen=True, slots=True)
class Untap:
    """End what hears them."""


@dataclass(frozen=True, slots=True)
class Unjoin:
    """Take apart what joins it with the supervisor's phone."""


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Fire TimerFired(name) after so many seconds (> 0)."""

    name: Timer
    seconds: float


@dataclass(frozen=True, slots=True)
class StopTimer:
    """Forget the timer; no error if it does not run."""

    name: Timer


@dataclass(frozen=True, slots=True)
class Note:
    """A line for the trail of the call that is listened to."""

    what: str
    detail: str = ""


SwitchCommand = DialSupervisor | DropSupervisor | Tell | StopTelling | Tap | Join | Untap | Unjoin
Command = SwitchCommand | StartTimer | StopTimer | Note
