"""Tokens: what a browser, a link or a program shows to be let in.

Rule of this file: 256 bits from the system's generator (ASVS 5.0, 7.2.3 asks for 128), and what is kept is a hash, so
that who reads the store cannot get in. They cannot be guessed, so no salt and no slow hash is needed (6.5.2).
"""

from __future__ import annotations

import hashlib
import secrets

_BYTES = 32
API = "vz_"
"""Begins a token for programs, so that those who search texts for lost secrets know one."""


def new_token(prefix: str = "") -> str:
    """A new one, in letters that a URL bears."""
    return prefix + secrets.token_urlsafe(_BYTES)


def digest(token: str) -> str:
    """Its SHA-256 as 64 hexadecimal digits; any text has one."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
