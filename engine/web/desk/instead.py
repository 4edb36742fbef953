"""Whom a message for a contact goes to just now, as the form says it beforehand (§5.2.2).

Rule of this file: it says what `engine.service.planning` would do at this moment, and asks nobody else.
"""

from __future__ import annotations

from datetime import datetime

from engine.entries import CustomerEntry
from engine.message.routing import Reach
from engine.service.planning import reaches
from engine.web.languages import N_, Words

_INSTEAD = N_("{contact} – absent, goes to {deputy}")
_TOO = N_("{contact} – absent, goes to {deputy} too")


def labels(customer: CustomerEntry, now: datetime, words: Words) -> list[tuple[str, str]]:
    """Each contact's name, and what the form calls it at `now`, an aware time; names are never hidden."""
    return [(one.name, _label(one, words)) for one in reaches(customer, now)]


def _label(contact: Reach, words: Words) -> str:
    others = [name for name in contact.stands_in or () if name != contact.name]
    if not others:
        return contact.name
    told = _TOO if contact.name in (contact.stands_in or ()) else _INSTEAD
    return words(told, contact=contact.name, deputy=", ".join(others))
