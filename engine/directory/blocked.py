"""Whether a caller is one whom the customer has blocked.

Rule of this file: the caller's own number alone counts, compared in E.164. Who hides it, or shows none that could be a
number, is never blocked; which line was forwarded plays no role.
"""

from __future__ import annotations

from collections.abc import Container

from engine.terms import E164, NotANumber, dialled


def blocked_caller(blocked: Container[E164], caller: str | None, country: str = "49") -> E164 | None:
    """The caller's number, if it is one of the `blocked`; else None.

    `caller`: as the carrier wrote it, None if hidden. `country`: the installation's code, for `0171…`.
    """
    number = number_of(caller, country)
    return number if number is not None and number in blocked else None


def number_of(caller: str | None, country: str = "49") -> E164 | None:
    """The caller's number, if he shows one that can be one; arguments as of `blocked_caller`."""
    try:
        return dialled(caller or "", country)
    except NotANumber:
        return None
