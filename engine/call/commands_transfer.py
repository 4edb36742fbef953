"""What the rules order of the switch while a caller is put through (`engine.call.commands` has the rest)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.terms import E164, CustomerId, LegId, PlayId
from engine.transfer.plan import Route


@dataclass(frozen=True, slots=True)
class DialTarget:
    """Ring a transfer target by this route, showing `name` beside the route's number."""

    leg: LegId
    route: Route
    name: str
    customer: CustomerId
    number: E164
    """Whose limits count, and the number that they are about."""
    asks: bool = False
    """Who answers there is going to be asked to press 1."""
    caller_name: str | None = None
    """Whom the question names beside the customer; None = it is not known."""


@dataclass(frozen=True, slots=True)
class ProbeTarget:
    """Ask whether the carrier has said anything of a target's leg; if not, TargetSilent follows."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class DropTarget:
    """End a target's leg, ringing (CANCEL) or talking (BYE)."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class AskTarget:
    """Ask who has answered to press 1: one sound, whose end arrives as AnnouncementEnded."""

    leg: LegId
    play: PlayId
    sound: str


@dataclass(frozen=True, slots=True)
class Join:
    """Into the conversation; None = the caller."""

    leg: LegId | None


@dataclass(frozen=True, slots=True)
class Part:
    """Out of the conversation, into silence; None = the caller."""

    leg: LegId | None


@dataclass(frozen=True, slots=True)
class PlayRingTone:
    """Let an agent who waits for a target hear that it rings."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class StopRingTone:
    """Let the agent hear it no more."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class AcceptRefer:
    """Tell the agent's phone that the caller is put through, as it wanted."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class RefuseRefer:
    """Tell the agent's phone that the caller is not put through: 603."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class RefuseHold:
    """Where the agent's phone holds, the caller hears no music, but whatever the phone still sends (L3)."""


TransferCommand = (
    DialTarget
    | ProbeTarget
    | DropTarget
    | AskTarget
    | Join
    | Part
    | PlayRingTone
    | StopRingTone
    | AcceptRefer
    | RefuseRefer
    | RefuseHold
)
