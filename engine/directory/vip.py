"""Which VIP notes an agent sees during a call (§5.4).

Rule of this file: a number is compared by the program, a name by the agent's eye; so every note in force is shown, and
those whose number called come first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.directory.contacts import VipNote
from engine.directory.moments import in_force
from engine.terms import NotANumber, dialled


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note in force. `called`: the caller's number is one of its numbers."""

    who: str
    message: str
    called: bool


def notes_for(
    notes: Iterable[VipNote], caller: str | None, now: datetime, zone: str, country: str = "49"
) -> tuple[ShownNote, ...]:
    """The notes in force at `now`, an aware time; those with the caller's number first, else as the customer has them.

    `caller`: as the carrier wrote it, None if hidden. `country`: the installation's code, for `0171…`.
    """
    try:
        number = dialled(caller or "", country)
    except NotANumber:
        number = None
    shown = [
        ShownNote(note.who, note.message, number in note.numbers)
        for note in notes
        if in_force(note.since, note.until, now, zone)
    ]
    return tuple(sorted(shown, key=lambda note: not note.called))
