"""What the start page says of a customer's line and settings: forwarded or not, what is wrong, what is still to do.

Rule of this file: everything is read off what the rules say; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engine.directory.moments import in_force
from engine.entries import CustomerEntry
from engine.law.classes import ClassTable
from engine.law.proof import LineProblem, line_warning
from engine.ports import Line
from engine.ports.customer_calls import SeenLine
from engine.service.customer_rules import Installation, judge_customer
from engine.service.customers import ZONE
from engine.service.incidents import lines_of
from engine.web.languages import N_
from engine.web.mistakes import WORDS_OF

_STRICTER = N_(
    "Calls came over {line}, whose callers pay by the minute or may pay more than you have told us. Please enter this "
    "number among your forwarded lines. (TKG § 115)"
)
_UNTOLD = N_("Calls came over {line}, which is not among your forwarded lines. Please enter it.")


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that wants a look. `text` is marked with `N_`; `path`: the page where it is mended."""

    text: str
    path: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToDo:
    """One step of the first day."""

    text: str
    path: str
    done: bool


def classed_lines(customer: CustomerEntry, classes: ClassTable) -> list[Line]:
    """The forwarded lines, each with the class that holds for it (L1)."""
    return lines_of(((line.number, line.number_class) for line in customer.lines), classes)


def warnings(customer: CustomerEntry, seen: Sequence[SeenLine], rules: Installation, now: datetime) -> list[Warned]:
    """Everything that is wrong, the most urgent first; `now` is an aware time."""
    return [*_of_calls(customer, seen, rules), *_of_law(customer, rules), *_of_people(customer, now)]


def _of_calls(customer: CustomerEntry, seen: Sequence[SeenLine], rules: Installation) -> Iterator[Warned]:
    on_record = classed_lines(customer, rules.classes)
    told = {line: line_warning(line, on_record, rules.classes, rules.country) for line in {one.line for one in seen}}
    for warning in {found.line: found for found in told.values() if found is not None}.values():
        text = _STRICTER if warning.problem is LineProblem.STRICTER else _UNTOLD
        yield Warned(text, "/technical", {"line": warning.line})
    if not customer.access_numbers:
        yield Warned(N_("You have no number yet to forward your line to. Please tell our support."), "/account")
    elif not seen:
        yield Warned(N_("No call has reached us yet: your line does not seem to be forwarded."), "#forwarding")


def _of_law(customer: CustomerEntry, rules: Installation) -> Iterator[Warned]:
    for path, wrong in judge_customer(customer, rules):
        if wrong.code.startswith("L"):
            yield Warned(WORDS_OF[wrong.code], "/contacts" if path[0] == "contacts" else "/technical", wrong.values)


def _of_people(customer: CustomerEntry, now: datetime) -> Iterator[Warned]:
    if not customer.contacts:
        yield Warned(N_("You have no contact yet, so nobody gets messages."), "/contacts")
    for contact in customer.contacts:
        absence = contact.absence
        if absence and absence.deputy is None and in_force(absence.since, absence.until, now, ZONE.key):
            yield Warned(N_("{name} is absent and nobody stands in."), "/contacts", {"name": contact.name})


def first_day(customer: CustomerEntry, seen: Sequence[SeenLine]) -> list[ToDo]:
    """What a new customer does, in this order; it ends with forwarding the line and a test call."""
    return [
        ToDo(N_("Write the greeting"), "/greeting", customer.greeting is not None),
        ToDo(N_("Enter a contact who gets your messages"), "/contacts", bool(customer.contacts)),
        ToDo(N_("Enter your forwarded lines and choose what callers hear"), "/technical", bool(customer.lines)),
        ToDo(N_("Forward your line to us"), "#forwarding", bool(seen)),
        ToDo(N_("Make a test call"), "/test-call", bool(seen)),
    ]
