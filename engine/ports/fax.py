"""A fax on its way: what the courier wants of the telephone side, and what that wants of the switch.

Rule of this file: one try has one name, and is dialled once under it, whoever asks for it how often: who comes after an
engine that has died finds the call that goes on, or what came of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType, Protocol

from engine.terms import E164, HangupCause
from engine.transfer.plan import Route

FaxId = NewType("FaxId", str)
FAX = "fax-"
"""Begins every name, so that a fax is never taken for a call."""


@dataclass(frozen=True, slots=True)
class FaxCall:
    """One call of a fax."""

    id: FaxId
    route: Route
    uri: str
    """Of the carrier, `sip:carrier.example`."""
    name: str
    """Stands beside the number that is shown."""
    station: E164
    """What our machine calls itself (CSI, T.30)."""
    ring_time: int
    """Seconds that it may ring, ≥ 1."""
    longest: int
    """Seconds that it may last once it was answered, ≥ 1."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """How a call has ended, as far as it is known; by this it is judged if it was not answered."""

    cause: HangupCause = HangupCause.UNKNOWN
    response: int | None = None
    """The SIP response that ended it, ≥ 300."""
    rang: bool = False


@dataclass(frozen=True, slots=True)
class Transmitted:
    """What came of the pages once somebody had answered."""

    is_whole: bool
    pages: int
    """That the other machine has confirmed."""
    t38: bool
    spoke: bool
    """Whether the other side has said a word of fax at all."""
    station: str
    """What the other machine calls itself: digits, or empty."""
    error: str
    """The switch's words; empty if there is none."""


class FaxAway(Exception):
    """The switch cannot be asked at the moment; a call may go on without us."""


class FaxSwitch(Protocol):
    """The switch, as far as it sends faxes. Every method raises FaxAway."""

    async def send(self, call: FaxCall, pages: bytes) -> Unanswered:
        """Dial, send this TIFF, and wait until the call is over."""

    async def follow(self, fax: FaxId) -> bool:
        """Wait for the end of a call that somebody else has begun; False = there is none."""

    async def result(self, fax: FaxId) -> Transmitted | None:
        """What came of the pages of a call that is over; None = nobody has answered it, or nothing is known."""

    async def forget(self, fax: FaxId) -> None:
        """Pages and result of a call that is over are needed no more."""


@dataclass(frozen=True, slots=True)
class Received:
    """The other machine has all pages."""

    pages: int
    station: str
    """As `Transmitted` has it."""
    t38: bool


class FaxLine(Protocol):
    """Who sends faxes for the courier."""

    async def send(self, fax: FaxId, number: E164, pages: bytes) -> Received:
        """Send this TIFF; again under the same name: what came of it. Raises NotHanded (`engine.ports.outbox`)."""

    async def forget(self, fax: FaxId) -> None:
        """What is known of it has been noted elsewhere."""
