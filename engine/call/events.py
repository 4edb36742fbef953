"""What happened to a call, in the past tense. `pbx.decode` and the services make them, the machine judges them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.call.commands import SwitchCommand, Timer
from engine.call.events_transfer import (
    AgentHolds,
    Conferred,
    HandedOver,
    Picked,
    ReferAsked,
    ReferRefused,
    Skipped,
    Swapped,
    TakenBack,
    TargetAnswered,
    TargetEnded,
    TargetPressed,
    TargetRefused,
    TargetRinging,
    TargetSilent,
    TransferEvent,
    TransferOrdered,
)
from engine.call.plan import Plan
from engine.terms import E164, AgentId, CallId, HangupCause, LegId, PlayId


@dataclass(frozen=True, slots=True)
class Offered:
    """A call has arrived: the event that makes a call. Not judged by the machine, which needs one."""

    call: CallId
    dialled: str
    """As the carrier sent it."""
    caller: str | None
    """The caller's number as the carrier sent it; None if the caller is anonymous."""
    line: str | None
    """The forwarded line, where the carrier names it (Diversion RFC 5806, History-Info RFC 7044)."""
    arrived_at: datetime
    order: int = 0
    """Tells calls of the same moment apart: the order in which the switch made their channels."""
    trunk: str = ""
    """The trunk that it came from."""
    sip_call_id: str = ""
    """The caller's side's name of the call (RFC 3261 § 8.1.1.4); empty if it has none."""


@dataclass(frozen=True, slots=True)
class CustomerFound:
    """The dialled number is this customer's access number; `open` says whether the service hours run."""

    access_number: E164
    plan: Plan
    open: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class NumberUnknown:
    """Nobody has the dialled number."""


@dataclass(frozen=True, slots=True)
class CustomerBlocked:
    """The customer is not served at present."""

    access_number: E164
    plan: Plan


@dataclass(frozen=True, slots=True)
class LimitReached:
    """One call more than the trunk, or the customer who was found, may have."""

    limit: str
    found: CustomerFound | None = None
    """None: it is the trunk's limit."""


@dataclass(frozen=True, slots=True)
class CallerBlocked:
    """The customer has blocked the caller's number."""

    access_number: E164
    plan: Plan
    number: E164
    """The caller's."""
    why: str = ""
    """Since when, by whom and with which note, as far as it is known."""


@dataclass(frozen=True, slots=True)
class LookupFailed:
    """The store could not say whose number it is."""


@dataclass(frozen=True, slots=True)
class RingingSent:
    """180 is on its way to the caller."""


@dataclass(frozen=True, slots=True)
class ProgressSent:
    """183 is on its way to the caller."""


@dataclass(frozen=True, slots=True)
class CallerAnswered:
    """200 is on its way to the caller."""


@dataclass(frozen=True, slots=True)
class CallerGone:
    """The caller's channel has ended, whoever ended it."""

    cause: HangupCause = HangupCause.NORMAL


@dataclass(frozen=True, slots=True)
class AnnouncementEnded:
    """The sound is over, was cut off, or could not be played."""

    play: PlayId


@dataclass(frozen=True, slots=True)
class AgentChosen:
    """The ACD has reserved this agent for the call."""

    agent: AgentId


@dataclass(frozen=True, slots=True)
class LegRinging:
    """The agent's phone rings (180 or 183)."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class LegAnswered:
    """The agent has picked up (200)."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class LegEnded:
    """The agent's leg is over or never came to be."""

    leg: LegId
    cause: HangupCause = HangupCause.NORMAL
    late: float = 0.0
    """Seconds, ≥ 0, by which it is told later than it may have happened: the switch was out of reach."""
    with_target: bool = False
    """So is the target's, and nobody can tell which was over first."""


@dataclass(frozen=True, slots=True)
class LegLost:
    """The agent's phone is gone without a word, as far as one can tell: a browser was closed, a cable pulled."""

    leg: LegId
    silent: float = 0.0
    """Seconds, ≥ 0, for which nothing has been heard of it."""
    cause: HangupCause = HangupCause.OUT_OF_ORDER
    late: float = 0.0


@dataclass(frozen=True, slots=True)
class MovedToFront:
    """A supervisor lets this caller be served before others."""

    rank: int
    """As `engine.acd.waiting` has it, < 0."""
    by: str
    """A login."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """A supervisor lets this agent take this caller."""

    agent: AgentId
    by: str
    """A login."""


@dataclass(frozen=True, slots=True)
class AssignmentLapsed:
    """The agent whom a supervisor had chosen will not come."""

    agent: AgentId


@dataclass(frozen=True, slots=True)
class OrderRefused:
    """The switch would not do it, and not because the channel was gone."""

    command: SwitchCommand
    why: str


@dataclass(frozen=True, slots=True)
class LinkBack:
    """The switch was out of reach and is there again, with the caller: what was ordered or told last may be lost."""


@dataclass(frozen=True, slots=True)
class Remarked:
    """Something beside the call that its trail must tell (somebody listens in); it changes nothing of the call."""

    what: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A timer of the call has run out."""

    name: Timer


Event = (
    CustomerFound
    | NumberUnknown
    | CustomerBlocked
    | LimitReached
    | LookupFailed
    | RingingSent
    | ProgressSent
    | CallerAnswered
    | CallerGone
    | AnnouncementEnded
    | AgentChosen
    | LegRinging
    | LegAnswered
    | LegEnded
    | LegLost
    | MovedToFront
    | Assigned
    | AssignmentLapsed
    | TransferEvent
    | OrderRefused
    | LinkBack
    | Remarked
    | TimerFired
    | CallerBlocked
)

__all__ = [
    "AgentChosen",
    "AgentHolds",
    "AnnouncementEnded",
    "Assigned",
    "AssignmentLapsed",
    "CallerAnswered",
    "CallerGone",
    "Conferred",
    "CustomerBlocked",
    "CustomerFound",
    "Event",
    "HandedOver",
    "LegAnswered",
    "LegEnded",
    "LegLost",
    "LegRinging",
    "LimitReached",
    "LinkBack",
    "LookupFailed",
    "MovedToFront",
    "NumberUnknown",
    "Offered",
    "OrderRefused",
    "Picked",
    "ProgressSent",
    "ReferAsked",
    "ReferRefused",
    "RingingSent",
    "Skipped",
    "Swapped",
    "TakenBack",
    "TargetAnswered",
    "TargetEnded",
    "TargetPressed",
    "TargetRefused",
    "TargetRinging",
    "TargetSilent",
    "TimerFired",
    "TransferEvent",
    "TransferOrdered",
]
