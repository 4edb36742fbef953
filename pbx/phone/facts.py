"""What a phone saw, with the time of each: how calls are told to tests and to the demonstration.

Rule: plain values. `mono` is the monotonic clock in seconds (for differences), `at` the wall clock in UTC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple


class Seen(NamedTuple):
    """A response to our INVITE. `at` is the monotonic clock in seconds."""

    at: float
    code: int
    has_sdp: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a phone did or saw, e.g. `Fact(…, "183", "SDP")`."""

    at: datetime
    mono: float
    what: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a call ended."""

    by: Literal["us", "them", "timeout"]
    """Who put the receiver down; `timeout`: the other side no longer answers."""
    code: int | None = None
    """The final response of a call that was never connected, e.g. 486 or 487; None for a BYE."""
    reason: str | None = None
    """The Reason header as received (RFC 3326)."""

    @property
    def cause(self) -> int | None:
        """The Q.850 cause in the Reason header; None if there is none."""
        found = re.search(r"Q\.850\s*;.*?cause=(\d+)", self.reason or "", re.IGNORECASE)
        return int(found[1]) if found else None


def told(seen: list[Seen], start: float) -> str:
    """The responses in one line for an error message: `100 after 0.002 s, 183 with SDP after 0.031 s`."""
    parts = [f"{s.code}{' with SDP' if s.has_sdp else ''} after {s.at - start:.3f} s" for s in seen]
    return ", ".join(parts) or "no response at all"
