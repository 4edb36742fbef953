"""One-time codes of an authenticator app (TOTP, RFC 6238): which of them count.

Rule of this file: a code is good once (§5.2), so a code's time step must be newer than the last one that was accepted.
"""

from __future__ import annotations

STEP = 30
"""Seconds that one code is shown (RFC 6238, §4.1)."""
DRIFT = 1
"""Steps before and after the current one that are accepted as well, for clocks that are off (§6)."""


def is_fresh(step: int, last: int | None) -> bool:
    """Whether a code of this time step may be accepted after one of `last`; None = there was none yet."""
    return last is None or step > last
