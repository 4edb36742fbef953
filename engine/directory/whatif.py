"""What happens at a moment: is the service open and why, how is a caller treated, who is there.

Rule of this file: it puts together what the rules say that a real call would be judged by, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.directory.contacts import Contact
from engine.directory.presence import Presence, presence
from engine.hours.changes import next_change
from engine.hours.opening import Opening, open_at
from engine.hours.service import ServiceHours
from engine.terms import Treatment


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The answer for one moment."""

    opening: Opening
    until: datetime | None
    """UTC: when the service closes or opens next; None as in `next_change`."""
    treatment: Treatment | None
    """How a caller waits; None = not at all: the call rings and is never answered (§3.2)."""
    contacts: tuple[tuple[str, Presence], ...]
    """Every contact's name and presence, in the customer's order."""


def what_happens(service: ServiceHours, treatment: Treatment, contacts: Iterable[Contact], at: datetime) -> WhatIf:
    """What happens at `at`, an aware time, if nothing is changed before. Raises ValueError for a naive one."""
    everybody = tuple(contacts)
    opening = open_at(service, at)
    return WhatIf(
        opening,
        next_change(service, at),
        treatment if opening.open else None,
        tuple((contact.name, presence(contact, everybody, service, at)) for contact in everybody),
    )
