"""What happened to a listening, in the past tense. `pbx.decode` and the service make them, the machine judges them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.listening.commands import Command, Timer
from engine.terms import HangupCause


@dataclass(frozen=True, slots=True)
class PickedUp:
    """The supervisor's phone has been picked up."""


@dataclass(frozen=True, slots=True)
class LegEnded:
    """The supervisor's phone has hung up, or never came to be."""

    cause: HangupCause = HangupCause.NORMAL


@dataclass(frozen=True, slots=True)
class Told:
    """Caller and agent have heard the announcement to its end."""


@dataclass(frozen=True, slots=True)
class NotTold:
    """The announcement was cut off, or could not be played."""


@dataclass(frozen=True, slots=True)
class Tapped:
    """What is listened with is there."""


@dataclass(frozen=True, slots=True)
class SnoopEnded:
    """What is listened with is gone: so is the agent's phone."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The supervisor hears the conversation."""


@dataclass(frozen=True, slots=True)
class TalkOver:
    """Caller and agent no longer talk."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Somebody wants it to end."""

    why: str
    """A word for the trail: `stopped`, `ready`, `shutdown` …"""


@dataclass(frozen=True, slots=True)
class LinkLost:
    """The switch cannot be reached; what is left there is ended as soon as it can be."""


@dataclass(frozen=True, slots=True)
class OrderRefused:
    """The switch would not do it."""

    command: Command
    why: str


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A timer of the listening has run out."""

    name: Timer


Event = (
    PickedUp
    | LegEnded
    | Told
    | NotTold
    | Tapped
    | SnoopEnded
    | Joined
    | TalkOver
    | Stopped
    | LinkLost
    | OrderRefused
    | TimerFired
)
