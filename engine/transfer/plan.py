"""The ordered list that a caller is put through by, and the ways that lead to each target (§5.2.4).

Rules of this file: the list is tried from the first target on; each target by its routes in their order, the next one
only where the carrier, not the target, has failed. Everything that was tried is kept, in the order of the tries.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from engine.terms import E164, HangupCause, LegId
from engine.transfer.limits import Allowance
from engine.transfer.ways import Headers


class Kind(StrEnum):
    """How a caller is put through."""

    ANNOUNCED = "announced"
    """The agent speaks to the target first, then joins the two or takes the caller back."""
    BLIND = "blind"
    """The agent is free at once; the caller is joined with whoever answers first."""


@dataclass(frozen=True, slots=True)
class Route:
    """One way to a target: by this trunk, as it wants to be asked."""

    trunk: str
    number: str
    """As this carrier wants it dialled: `+49301234`, `0049301234`, `0301234` …"""
    shown: E164 | None
    """The number that the target sees; None = hidden (L7 allows none)."""
    diversion: E164 | None = None
    """The customer's number by which the caller came, where the carrier wants to be told (RFC 5806)."""
    headers: Headers | None = None
    """The same as this carrier reads it; None = as written here, and asserted to nobody."""


@dataclass(frozen=True, slots=True)
class Target:
    """One number of a contact."""

    contact: str
    number: E164
    ring_time: float
    """Seconds, > 0."""
    routes: tuple[Route, ...]
    """At least one, the first is tried first."""
    accept: bool = False
    """Whoever answers must press 1, so that no voicemail swallows the caller."""
    place: int | None = None
    """Among the contact's numbers in use, from 1, as agents see them; some may be left out of an order. None = as on
    the list: an order from before this was kept."""


@dataclass(frozen=True, slots=True)
class Order:
    """What an agent wants."""

    kind: Kind
    targets: tuple[Target, ...]
    """At least one."""
    by: str
    """Login of who wants it."""
    by_phone: bool = False
    """Wanted by the agent's phone itself (REFER), which is to be told."""
    caller_name: str | None = None
    """As the agent has written it down; told to who must press 1."""
    longest: float | None = None
    """Seconds, > 0, that a target may talk to the caller without the agent; None = no limit."""
    allowance: Allowance | None = None
    """What the customer may use, for an engine that goes on with this order; None = it knows, or as usual."""

    @property
    def places(self) -> tuple[int, ...]:
        """The targets' places among the contact's numbers, in the order of the list."""
        return tuple(one.place or n for n, one in enumerate(self.targets, start=1))


class Result(StrEnum):
    """What came of a try."""

    OPEN = "open"
    """It is not over yet."""
    PUT_THROUGH = "put_through"
    """The target has talked to the caller."""
    SPOKEN = "spoken"
    """The target has talked to the agent only."""
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    NOT_ACCEPTED = "not_accepted"
    """Somebody, or something, has answered and did not press 1."""
    CARRIER_FAILED = "carrier_failed"
    """It is not known whether the target could have been reached."""
    LIMITED = "limited"
    """Not dialled: one of the limits against toll fraud."""
    SKIPPED = "skipped"
    """The agent wanted the next one."""
    STOPPED = "stopped"
    """The agent has taken the caller back."""
    CALLER_LEFT = "caller_left"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One leg to a target, for the record. Times are aware."""

    leg: LegId
    contact: str
    number: E164
    trunk: str
    kind: Kind
    dialled_at: datetime
    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    """Somebody, or something, has picked up."""
    joined_at: datetime | None = None
    """Heard the caller for the first time without the agent, or in a conference."""
    ended_at: datetime | None = None
    result: Result = Result.OPEN
    cause: HangupCause | None = None
    apart_ms: int = 0
    """Milliseconds since `joined_at` in which the two did not hear each other: after a conference they may part."""
    apart_since: datetime | None = None
    """Does so now."""

    @property
    def talked_ms(self) -> int:
        """Milliseconds that the target has talked to the caller; 0 while it is not over."""
        if self.joined_at is None or self.ended_at is None:
            return 0
        return max(0, _ms(self.joined_at, self.ended_at) - self.apart_ms)

    def parted(self, at: datetime) -> Attempt:
        """From now on the two do not hear each other; nothing changes where they have not, or do not."""
        return self if self.joined_at is None or self.apart_since else replace(self, apart_since=at)

    def joined(self, at: datetime) -> Attempt:
        """From now on, or again, they do."""
        if self.joined_at is None:
            return replace(self, joined_at=at)
        if self.apart_since is None:
            return self
        return replace(self, apart_ms=self.apart_ms + max(0, _ms(self.apart_since, at)), apart_since=None)


def _ms(since: datetime, until: datetime) -> int:
    return round((until - since).total_seconds() * 1000)


_BY_CAUSE = {
    HangupCause.BUSY: Result.BUSY,
    HangupCause.NO_ANSWER: Result.NO_ANSWER,
    HangupCause.NO_USER_RESPONSE: Result.NO_ANSWER,
    HangupCause.NORMAL: Result.REJECTED,
    HangupCause.REJECTED: Result.REJECTED,
    HangupCause.UNALLOCATED: Result.UNREACHABLE,
    HangupCause.NO_ROUTE: Result.UNREACHABLE,
    HangupCause.SUBSCRIBER_ABSENT: Result.UNREACHABLE,
    HangupCause.OUT_OF_ORDER: Result.UNREACHABLE,
}


_BY_RESPONSE = {
    404: Result.UNREACHABLE,
    410: Result.UNREACHABLE,
    484: Result.UNREACHABLE,
    485: Result.UNREACHABLE,
    604: Result.UNREACHABLE,
    486: Result.BUSY,
    600: Result.BUSY,
    603: Result.REJECTED,
    607: Result.REJECTED,
    608: Result.REJECTED,
}
"""What the target's side says whether it rang or not (RFC 3261, 8197, 8688)."""
_BEFORE_IT_RANG = {480: Result.UNREACHABLE}
_AFTER_IT_RANG = {408: Result.NO_ANSWER, 480: Result.NO_ANSWER, 487: Result.NO_ANSWER}


def result_of(cause: HangupCause, response: int | None = None, *, rang: bool = False) -> Result:
    """What a leg that ended by itself before it was answered has come to; what is nobody's word is the carrier's.

    `response`: the SIP response that ended it, ≥ 300 (ARI's `tech_cause`), which tells more than the cause: 403 and 603
    are both "rejected" (21). It counts where it is known. `rang`: the target has been heard ringing, so it was reached,
    and another carrier would but ring it again.
    """
    if response is None:
        return _BY_CAUSE.get(cause, Result.CARRIER_FAILED)
    found = _BY_RESPONSE | (_AFTER_IT_RANG if rang else _BEFORE_IT_RANG)
    return found.get(response, Result.REJECTED if rang else Result.CARRIER_FAILED)
