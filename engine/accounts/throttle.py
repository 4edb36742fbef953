"""How long a sign-in must wait after wrong ones (OWASP ASVS 5.0, 6.1.1 and 6.3.1).

Rules of this file:
- Who waits is an address, not a login: failures from elsewhere never make anybody wait at an address where nobody has
  failed. So nobody is locked out by strangers, and a right password from a quiet address gets in at once.
- While strangers are at a login, a single failure makes an address wait instead of the fifth: what a crowd of addresses
  can try shrinks with it.
- Only wrong one-time codes count from everywhere: who gets as far as that knows the password (RFC 4226, §7.3).
- No wait is longer than a quarter of an hour, and a try that had to wait is not a failure: nobody is out for ever.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)
"""Older failures are forgotten."""
FREE = 5
"""Failures of one login at one address before it has to wait; wrong codes of one login likewise."""
FREE_OF_ADDRESS = 50
"""Failures of all logins at one address: a company's people come from one."""
FREE_WHILE_UNDER_ATTACK = 1
ATTACK = 50
"""Failures of a login at other addresses that are an attack."""
FIRST_WAIT = 2.0
"""Seconds; doubled with every further failure."""
LONGEST_WAIT = 900.0
"""Seconds."""
_DOUBLINGS = 10
_SHOWN = 64


@dataclass(frozen=True, slots=True)
class Failures:
    """How many in the window, and when the last one was."""

    count: int = 0
    last: datetime | None = None


NONE = Failures()


@dataclass(frozen=True, slots=True)
class Tries:
    """What went wrong before a try, each within `WINDOW`."""

    own: Failures = NONE
    """Of this login at this address."""
    address: Failures = NONE
    """Of any login at this address."""
    codes: Failures = NONE
    """Wrong one-time codes after the right password of this login, anywhere."""
    elsewhere: int = 0
    """Of this login at other addresses."""


def seconds_to_wait(tries: Tries, now: datetime) -> float:
    """0 = it may be tried; else the seconds until then, at most `LONGEST_WAIT`."""
    free = FREE if tries.elsewhere < ATTACK else FREE_WHILE_UNDER_ATTACK
    limits = ((tries.own, free), (tries.address, FREE_OF_ADDRESS), (tries.codes, FREE))
    return max(_left(failures, free, now) for failures, free in limits)


def _left(failures: Failures, free: int, now: datetime) -> float:
    if failures.last is None or failures.count < free:
        return 0.0
    wait = min(FIRST_WAIT * (1 << min(failures.count - free, _DOUBLINGS)), LONGEST_WAIT)
    # A clock that was set back must not make it longer.
    return min(max(wait - (now - failures.last).total_seconds(), 0.0), wait)


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one IPv6 household has (RFC 6177, §2)."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:_SHOWN]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return str(ipaddress.ip_network((found, 64), strict=False))
        return str(found.ipv4_mapped)
    return str(found)
