"""One-time codes of an authenticator app (TOTP, RFC 6238), by pyotp.

Rule of this file: pyotp takes a code as often as it is shown; which one is still good is `engine.accounts.totp`'s.
"""

from __future__ import annotations

from datetime import datetime

from pyotp import TOTP, random_base32
from pyotp.exceptions import OTPVerificationError

from engine.accounts import DRIFT, STEP, is_fresh

ISSUER = "Vorzimmer"


def new_secret() -> str:
    """160 bits in base32, from the system's generator (RFC 4226, §4, R6)."""
    return random_base32()


def uri(secret: str, login: str) -> str:
    """What the QR code says to the app."""
    return TOTP(secret, interval=STEP).provisioning_uri(name=login, issuer_name=ISSUER)


def accepted(secret: str, code: str, now: datetime, last: int | None) -> int | None:
    """The time step that the code proves; None if it is wrong or not newer than `last`. Blanks do not count."""
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdigit()):
        return None
    try:
        step = TOTP(secret, interval=STEP).verify_and_get_timecode(typed, for_time=now, valid_window=DRIFT)
    except OTPVerificationError:
        return None
    return step if is_fresh(step, last) else None
