"""The ways out: which trunks dial, in which order, and how a number is written and shown there.

Rules of this file: a number is E.164 until a carrier is named, and only here it becomes what that carrier wants to
read. Who is shown is decided by `engine.law.shown`; here it is written down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from engine.terms import E164


class Writing(StrEnum):
    """How a carrier wants numbers written."""

    PLUS = "plus"
    """`+49301234`."""
    ZEROS = "zeros"
    """`0049301234`."""
    NATIONAL = "national"
    """`0301234` in our own country, `0044…` elsewhere."""
    BARE = "bare"
    """`49301234`."""


class Identity(StrEnum):
    """Where a carrier looks for the number that is the customer's own (RFC 3325)."""

    FROM = "from"
    """In From alone."""
    ASSERTED = "asserted"
    """In P-Asserted-Identity."""
    PREFERRED = "preferred"
    """In P-Preferred-Identity."""


@dataclass(frozen=True, slots=True)
class Outbound:
    """How one trunk dials out."""

    priority: int
    """1 to 99; 1 is tried first, equal ones by name."""
    uri: str
    """Where calls go, `sip:carrier.example`."""
    writing: Writing = Writing.PLUS
    identity: Identity = Identity.ASSERTED
    from_account: bool = False
    """Our user name with the carrier stands in From, never the number."""
    from_host: str | None = None
    """The host in From and in the other headers with a number; None = that of `uri`."""
    auth_user: str | None = None
    """What answers the carrier's question for a password; None = the trunk's user."""
    diversion: bool = False
    """The carrier is told by which of the customer's numbers the caller came (RFC 5806)."""
    foreign_numbers: bool = False
    """The carrier lets numbers be shown that are not the customer's."""
    check: bool = True
    """The carrier is asked every few seconds whether it is there (OPTIONS), and passed over while it is not."""

    @property
    def host(self) -> str:
        """The host that stands behind numbers."""
        return self.from_host or host_of(self.uri)


@dataclass(frozen=True, slots=True)
class Headers:
    """What one carrier reads in a call of ours, every number written as it wants it."""

    shown: str | None
    """The user in From; None = anonymous, with `Privacy: id` (RFC 3323)."""
    asserted: str | None = None
    """The customer's own number, for the carrier; None = it is told none."""
    identity: Identity = Identity.ASSERTED
    """Which header has it."""
    diversion: str | None = None
    host: str = "localhost"


def headers(
    way: Outbound, shown: E164 | None, own: E164 | None, diversion: E164 | None, country: str = "49"
) -> Headers:
    """What this carrier reads.

    `own`: the customer's own number, which it is told also where another one is shown; where there is none, nothing is
    asserted, for another's number is not ours to vouch for.
    """

    def spelled(number: E164 | None) -> str | None:
        return None if number is None else written(number, way.writing, country)

    asserted = None if way.identity is Identity.FROM else own
    told = diversion if way.diversion else None
    return Headers(spelled(shown), spelled(asserted), way.identity, spelled(told), way.host)


def written(number: E164, writing: Writing, country: str = "49") -> str:
    """The number as such a carrier wants it; `country`: the installation's code without plus."""
    bare = number.removeprefix("+")
    match writing:
        case Writing.PLUS:
            return number
        case Writing.BARE:
            return bare
        case Writing.NATIONAL if bare.startswith(country):
            return "0" + bare.removeprefix(country)
        case _:
            return "00" + bare


def host_of(uri: str) -> str:
    """The host of a SIP URI, as it stands there, without a port."""
    rest = uri.partition(":")[2].rpartition("@")[2].partition(";")[0].partition("?")[0]
    return rest.partition("]")[0] + "]" if rest.startswith("[") else rest.partition(":")[0]


def in_order(trunks: Iterable[tuple[str, Outbound | None]]) -> list[tuple[str, Outbound]]:
    """The trunks that dial out, the first to be tried first."""
    out = [(name, way) for name, way in trunks if way is not None]
    return sorted(out, key=lambda one: (one[1].priority, one[0]))
