"""The classes of numbers and what the law asks of them, in a customer's words (L1 to L5; TKG § 115)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.law.classes import ClassTable
from engine.law.duties import Duty, explain_class
from engine.terms import NotANumber, NumberClass, dialled
from engine.web.languages import N_

CLASSES: Mapping[NumberClass, str] = {
    NumberClass.GEOGRAPHIC: N_("landline"),
    NumberClass.MOBILE: N_("mobile telephone"),
    NumberClass.FREE: N_("free of charge for callers"),
    NumberClass.FIXED_PRICE: N_("one fixed price per call"),
    NumberClass.BUDGET_30S: N_("charged by the minute, 30 seconds of waiting are free"),
    NumberClass.PER_MINUTE: N_("charged by the minute"),
    NumberClass.UNKNOWN: N_("not known, so it counts as charged by the minute"),
}
STRICTER = (NumberClass.FIXED_PRICE, NumberClass.BUDGET_30S, NumberClass.PER_MINUTE)
"""What a class can be corrected to."""
_DUTIES: Mapping[Duty, str] = {
    Duty.ANNOUNCEMENT: N_("Callers first hear how long they will wait and what it costs; we play that by ourselves."),
    Duty.FREE_WITHIN_30S: N_("Once a call is answered, a caller may wait 30 seconds at most."),
    Duty.DELAYED_CONNECT: N_("The waiting loop with delayed connect must be chosen."),
    Duty.NO_PUT_THROUGH: N_("Nobody may be put through to a contact."),
}


@dataclass(frozen=True, slots=True)
class Explained:
    """A number's class as its beginning says, and what follows from it; texts are marked with `N_`."""

    prefix: str
    number_class: str
    duties: tuple[str, ...]


def explained(text: object, table: ClassTable, country: str) -> Explained | None:
    """What is to be said of this number, however it is written; None for what is no number."""
    try:
        found = explain_class(dialled(str(text or ""), country), table)
    except NotANumber:
        return None
    words = tuple(_DUTIES[duty] for duty in found.duties)
    return Explained(found.rule.name if found.rule.prefix else "", CLASSES[found.rule.number_class], words)
