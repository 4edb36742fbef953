"""Numbers that must never be dialled by us nor shown as ours (L7; TKG § 120)."""

from __future__ import annotations

import re

from engine.terms import E164

_WHOLE = re.compile(r"\+(110|112|116116|118[0-9]{2,3})")
"""As somebody would write them without an area; no country code begins with 11."""
_PREFIXES = ("110", "112", "118", "137", "900")
"""Emergency calls, directory enquiries, mass traffic, premium rate: of Germany's national numbers."""


def is_forbidden(number: E164, country: str = "49") -> bool:
    """Whether the number is one for emergencies (110, 112), 118xy, 0137 or 0900; `country`: the installation's code."""
    return bool(_WHOLE.fullmatch(number)) or number.removeprefix(f"+{country}").startswith(_PREFIXES)
