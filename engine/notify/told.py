"""What the other side has said, as support reads it.

Rule of this file: values only; what cannot be read is a blank.
"""

from __future__ import annotations

_LONGEST = 300
"""Characters."""


def on_one_line(text: str) -> str:
    """The beginning of it, on one line."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:_LONGEST]
