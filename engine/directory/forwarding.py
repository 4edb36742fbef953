"""The codes that a customer dials to forward a line to the access number (F).

Rule of this file: the codes are those that German networks share (`*21*` at once, `*61*` after a time, `*67*` when
busy); a PBX of its own that knows them needs the digit for an outside line before the number.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.terms import E164


class Forwards(StrEnum):
    """When a line is forwarded."""

    AT_ONCE = "at_once"
    NO_ANSWER = "no_answer"
    """After a time, which is the network's: 15 to 20 seconds as a rule."""
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class ForwardingCode:
    """What to dial: `on` switches this forwarding on, `off` off."""

    when: Forwards
    on: str
    off: str


_CODES = {Forwards.AT_ONCE: "21", Forwards.NO_ANSWER: "61", Forwards.BUSY: "67"}


def forwarding_codes(access_number: E164, outside: str = "", country: str = "49") -> tuple[ForwardingCode, ...]:
    """All three, with the access number as it is dialled from a line in the installation's country (code `country`).

    `outside`: empty at the carrier; in an own PBX what it wants before a number outside, mostly `0`.
    """
    national = access_number.removeprefix(f"+{country}")
    number = outside + ("0" + national if national != access_number else "00" + access_number.removeprefix("+"))
    return tuple(ForwardingCode(when, f"*{code}*{number}#", f"#{code}#") for when, code in _CODES.items())
