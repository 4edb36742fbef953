"""Values put at their paths (`engine.entries.paths`) within a customer's own.

Rule of this file: all paths mean the customer as it was before, so two contacts may swap their names, and who refers to
a contact that is renamed goes on doing so. What is put there may be anything: only afterwards it is judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.entries.paths import CONTACTS, Values, join, split
from engine.terms import Wrong


def edit(values: Values, edits: Mapping[str, Any]) -> dict[str, Wrong]:
    """Put the values of `edits` at their paths in `values`, which are sound; by path, what has no place there.

    None = its default or, for a contact, that there is none. A contact that is new comes last.
    """
    contacts: list[Values] = values[CONTACTS]
    known = {contact["name"]: contact for contact in contacts}
    _follow(contacts, {name: edits[path] for name in known if (path := join((CONTACTS, name, "name"))) in edits})
    wrong: dict[str, Wrong] = {}
    for path, value in edits.items():
        first, *below = split(path)
        try:
            if first != CONTACTS or not below:
                _put(values, path, [first, *below], value)
            elif CONTACTS in edits:
                raise Wrong("path", f"write {CONTACTS} as a whole or one by one, not both")
            else:
                _put_contact(contacts, known, path, below, value)
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


def _put_contact(contacts: list[Any], known: Mapping[str, Values], path: str, steps: list[str], value: Any) -> None:
    name, *below = steps
    contact = known.get(name)
    if contact is None:
        if below:
            raise Wrong("gone", f"there is no contact '{name}' any more", name=name)
        if value is not None:
            contacts.append({"name": name, **value} if isinstance(value, Mapping) else value)
    elif below:
        _put(contact, path, below, value)
    else:
        place = next(place for place, one in enumerate(contacts) if one is contact)
        contacts[place : place + 1] = [] if value is None else [value]


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
