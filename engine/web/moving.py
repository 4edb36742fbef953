"""Rows of a form that change places, or go, by a button of the form: without scripts, and before anything is saved.

Rule of this file: what such a button sends (`faq.1.up`) may be anything; what names no row of the form does nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_STEPS = {"up": -1, "down": 1}


def move(values: dict[str, Any], wish: str, lists: Sequence[str]) -> None:
    """Do in the values what the button `<list>.<n>.up`, `down` or `out` says. `lists`: those that may be named."""
    above, _, verb = wish.rpartition(".")
    name, _, place = above.rpartition(".")
    rows = _rows(values, name) if name in lists else []
    if place.isascii() and place.isdecimal() and len(place) < 4 and int(place) < len(rows):
        at = int(place)
        if verb == "out":
            del rows[at]
        elif verb in _STEPS and 0 <= at + _STEPS[verb] < len(rows):
            rows.insert(at + _STEPS[verb], rows.pop(at))


def _rows(values: Any, name: str) -> list[Any]:
    for step in name.split("."):
        values = values.get(step) if isinstance(values, dict) else None
    return values if isinstance(values, list) else []
