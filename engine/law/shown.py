"""The number that somebody sees who is called for a customer (L7; TKG § 120).

Rule of this file: a number is shown only by right: the caller's own, where the carrier passes on numbers that are not
ours, or one on record for the customer. Who hides his number stays hidden or is not named at all. What must never be
shown never is, whatever was entered.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from engine.law.outgoing import is_forbidden
from engine.terms import E164, NotANumber, dialled


class Shows(StrEnum):
    """Whose number a target sees."""

    CALLER = "caller"
    """The caller's, by carriers that allow it; else the customer's."""
    OWN = "own"
    """The customer's."""


def own_number(on_record: Sequence[E164], chosen: E164 | None = None, country: str = "49") -> E164 | None:
    """The customer's number that is shown: the chosen one if it is on record, else the first; None = there is none."""
    lawful = [number for number in on_record if not is_forbidden(number, country)]
    return chosen if chosen in lawful else next(iter(lawful), None)


def shown_for(
    shows: Shows, caller: str | None, own: E164 | None, *, foreign_numbers: bool, country: str = "49"
) -> E164 | None:
    """The number that a target sees; None = hidden.

    `caller`: as the carrier wrote it, None = hidden; `own`: as `own_number` says; `foreign_numbers`: this carrier
    passes on numbers that are not ours. A caller who hides his number is not shown by another's in his place, unless
    the customer's is shown for everybody. Without a number of the customer's nothing is shown: no carrier would be told
    who vouches for the caller's.
    """
    if shows is Shows.OWN or own is None:
        return own
    if caller is None:
        return None
    number = _lawful(caller, country)
    return number if foreign_numbers and number is not None else own


def diverted_from(line: str | None, lines: Sequence[E164], access_number: E164, country: str = "49") -> E164:
    """The customer's number by which a caller came: the forwarded line that was named, if it is the customer's, else
    the access number."""
    named = _lawful(line or "", country)
    return named if named in lines and named is not None else access_number


def _lawful(text: str, country: str) -> E164 | None:
    try:
        number = dialled(text, country)
    except NotANumber:
        return None
    return None if is_forbidden(number, country) else number
