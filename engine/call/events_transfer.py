"""What happens to a call while its caller is put through (`engine.call.events` has the rest).

What an agent wants is an event, too: it has happened, and the machine judges what becomes of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.terms import HangupCause, LegId
from engine.transfer.plan import Order


@dataclass(frozen=True, slots=True)
class TransferOrdered:
    """The agent wants the caller put through."""

    order: Order


@dataclass(frozen=True, slots=True)
class ReferAsked:
    """The agent's phone wants the caller put through (REFER, RFC 3515); whether it may is being looked up."""

    leg: LegId
    to: str | None
    """As the phone wrote it; None = to another call of the phone's (Replaces, RFC 3891)."""


@dataclass(frozen=True, slots=True)
class ReferRefused:
    """It may not."""

    leg: LegId
    why: str


@dataclass(frozen=True, slots=True)
class AgentHolds:
    """The agent's phone has put the talk on hold by itself (RFC 3264 § 8.4)."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The agent wants the caller back, and the target gone."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """The agent wants the next target tried."""


@dataclass(frozen=True, slots=True)
class Picked:
    """The agent wants this target tried and no other."""

    at: int
    """Index on the list, from 0."""


@dataclass(frozen=True, slots=True)
class Swapped:
    """The agent wants to talk to the other of the two."""


@dataclass(frozen=True, slots=True)
class Conferred:
    """The agent wants all three to talk."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The agent leaves the two alone."""


@dataclass(frozen=True, slots=True)
class TargetRinging:
    """A target's phone rings (180 or 183)."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class TargetAnswered:
    """Somebody, or something, has answered at a target's phone."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class TargetPressed:
    """Who has answered there has pressed a key."""

    leg: LegId
    key: str
    """One of `0`-`9`, `*`, `#`, `A`-`D`."""


@dataclass(frozen=True, slots=True)
class TargetEnded:
    """The leg to a target is over or never came to be."""

    leg: LegId
    cause: HangupCause = HangupCause.NORMAL
    response: int | None = None
    """SIP's, ≥ 300, if one has ended it: it tells more than the cause."""
    silent: float = 0.0
    """Seconds, ≥ 0, for which nothing had been heard of it."""
    late: float = 0.0
    """Seconds, ≥ 0, by which it is told later than it may have happened: the switch was out of reach."""


@dataclass(frozen=True, slots=True)
class TargetSilent:
    """The carrier has not answered at all, not even with 100."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class TargetRefused:
    """The leg was not dialled: a limit against toll fraud."""

    leg: LegId
    why: str
    by_trunk: bool
    """It is the trunk's; another one may do."""


TransferEvent = (
    TransferOrdered
    | ReferAsked
    | ReferRefused
    | AgentHolds
    | TakenBack
    | Skipped
    | Picked
    | Swapped
    | Conferred
    | HandedOver
    | TargetRinging
    | TargetAnswered
    | TargetPressed
    | TargetEnded
    | TargetSilent
    | TargetRefused
)
