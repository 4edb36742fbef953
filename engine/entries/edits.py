"""Values put at their paths (`engine.entries.paths`) within a customer's own.

Rule of this file: all paths mean the customer as it was before, so two contacts may swap their names, and who refers to
a contact that is renamed goes on doing so. What is put there may be anything: only afterwards it is judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.entries.paths import CONTACTS, NAMED, Values, join, split
from engine.terms import Wrong


def edit(values: Values, edits: Mapping[str, Any]) -> dict[str, Wrong]:
    """Put the values of `edits` at their paths in `values`, which are sound; by path, what has no place there.

    None = its default or, for a contact or a blocked caller, that there is none. One that is new comes last.
    """
    known = {among: {one[field]: one for one in values[among]} for among, field in NAMED.items()}
    contacts = known[CONTACTS]
    names = {name: edits[path] for name in contacts if (path := join((CONTACTS, name, "name"))) in edits}
    _follow(values[CONTACTS], names)
    wrong: dict[str, Wrong] = {}
    for path, value in edits.items():
        first, *below = split(path)
        try:
            if first not in NAMED or not below:
                _put(values, path, [first, *below], value)
            elif first in edits:
                raise Wrong("path", f"write {first} as a whole or one by one, not both")
            else:
                _put_named(values[first], first, known[first], path, below, value)
        except Wrong as problem:
            wrong[path] = problem
    return wrong


def _follow(contacts: list[Values], names: Mapping[str, Any]) -> None:
    """Deputies, and who is alarmed next, get their new names."""
    for contact in contacts:
        for above in (contact["absence"], contact["notify"]["pushover"]):
            for field in ("deputy", "next"):
                if above is not None and above.get(field) in names:
                    above[field] = names[above[field]]


def _put_named(
    some: list[Any], among: str, known: Mapping[str, Values], path: str, steps: list[str], value: Any
) -> None:
    name, *below = steps
    there = known.get(name)
    if there is None:
        if below:
            raise _gone(among, name)
        if value is not None:
            some.append({NAMED[among]: name, **value} if isinstance(value, Mapping) else value)
    elif below:
        _put(there, path, below, value)
    else:
        place = next(place for place, one in enumerate(some) if one is there)
        some[place : place + 1] = [] if value is None else [value]


def _gone(among: str, name: str) -> Wrong:
    if among == CONTACTS:
        return Wrong("gone", f"there is no contact '{name}' any more", name=name)
    return Wrong("gone.caller", f"{name} is not blocked any more", number=name)


def _put(within: Values, path: str, steps: list[str], value: Any) -> None:
    *above, last = steps
    for step in above:
        if within.get(step) is None:
            within[step] = {}
        within = within[step]
        if not isinstance(within, dict):
            raise Wrong("path", f"there is nothing at {path}", path=path)
    if value is None:
        within.pop(last, None)
    else:
        within[last] = value
