"""What comes of a request to the switch: an answer, or a link that is down.

Rule of this file: a status is reported, not judged; that 404 means "already gone" is for the caller to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec


class LinkDown(Exception):
    """There is no connection to the switch, or it broke before the answer came.

    A request that ends so may or may not have been carried out; after the next connect the switch is asked.
    """


class Refused(Exception):
    """The switch does not accept our user or password. Trying again would not help."""


class Replaced(Exception):
    """Another engine has connected under our application's name and gets its events now."""


@dataclass(frozen=True, slots=True)
class Response:
    """The switch's answer to one request."""

    status: int
    """HTTP status: 2xx done, 404 no such thing, 409 not possible in its present state …"""
    reason: str
    """The status in words."""
    text: str | bytes = ""
    """The body as it came: JSON, or empty."""

    @property
    def ok(self) -> bool:
        """Whether the switch did what was asked."""
        return 200 <= self.status < 300

    def body(self, kind: Any = Any) -> Any:
        """The body decoded as `kind`, e.g. `list[Channel]`; None if there is none.

        Raises msgspec.ValidationError or msgspec.DecodeError for a body that is not of that kind.
        """
        return msgspec.json.decode(self.text, type=kind) if self.text else None


Outcome = Response | LinkDown
OnDone = Callable[[Outcome], None]
