"""The message taken: what an agent writes down for a customer while the caller is on the line (§5.6).

Rule of this file: nobody who types while a caller talks is held up for nothing. What cannot be read is taken out,
numbers are put into one form where they have one; refused is only what a person has to mend, all of it at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from engine.terms import AgentId, CallId, NotANumber, Wrong, dialled, readable, unreadable


class Urgency(StrEnum):
    """How soon the message wants to be read."""

    NORMAL = "normal"
    URGENT = "urgent"
    EMERGENCY = "emergency"


class Tick(StrEnum):
    """What a telephone note has a box for."""

    CALL_BACK = "call_back"
    """The caller asks to be called back."""
    WILL_CALL_AGAIN = "will_call_again"
    CALLED_BACK = "called_back"
    """The caller has answered a call of the customer's."""
    APPOINTMENT = "appointment"
    """The caller asks for one."""
    INFORMATION = "information"
    """Nothing needs to be done."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One message as it was taken. Texts that nobody has written are empty."""

    agent: AgentId
    agent_name: str
    """As it was then."""
    taken_at: datetime
    """Aware."""
    contact: str | None = None
    """The contact's name; None = for everybody at the customer."""
    caller_name: str = ""
    company: str = ""
    number: str = ""
    """Where the caller can be reached: E.164, or as it was typed."""
    subject: str = ""
    urgency: Urgency = Urgency.NORMAL
    text: str = ""
    """May have several lines."""
    ticks: frozenset[Tick] = frozenset()
    call: CallId | None = None
    """The call in which it was taken."""
    fields: tuple[tuple[str, str], ...] = ()
    """What the customer wants to be asked for beside: labels and values as they were then; empty = nobody has said."""


LONGEST = {"caller_name": 80, "company": 80, "number": 40, "subject": 120, "text": 4000}
"""Characters."""
MOST_FIELDS, LONGEST_LABEL, LONGEST_VALUE = 8, 40, 200
"""A customer's own fields: how many, and the characters of a label and a value."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why a slip cannot be taken; `path` is the name of the field to mend."""

    path: str
    wrong: Wrong


def tidy(slip: Slip, country: str = "49") -> Slip:
    """The slip without what nobody can read, its number in E.164 if it is one; tidying it again changes nothing.

    `country`: the installation's code without plus, for numbers that begin with 0.
    """
    text = "\n".join(map(_readable, readable(slip.text).split("\n")))
    return replace(
        slip,
        caller_name=one_line(slip.caller_name),
        company=one_line(slip.company),
        number=_number(one_line(slip.number), country),
        subject=one_line(slip.subject),
        text=text.strip(),
        fields=tuple((one_line(label), one_line(value)) for label, value in slip.fields),
    )


def mistakes(slip: Slip, contacts: Collection[str]) -> list[Mistake]:
    """Everything that stands against taking this tidy slip, in the order of the fields; empty if nothing does.

    `contacts`: the names of the customer's.
    """
    return list(_mistakes(slip, contacts))


def _mistakes(slip: Slip, contacts: Collection[str]) -> Iterator[Mistake]:
    if slip.contact is not None and slip.contact not in contacts:
        text = f"there is no contact '{slip.contact}'"
        yield Mistake("contact", Wrong("unknown.contact", text, name=slip.contact))
    if Tick.CALL_BACK in slip.ticks and not (slip.caller_name or slip.company or slip.number):
        text = "write who asks to be called back: a name, a company or a number"
        yield Mistake("caller_name", Wrong("message.who", text))
    for name, most in LONGEST.items():
        if len(getattr(slip, name)) > most:
            yield Mistake(name, Wrong("message.long", f"write at most {most} characters", most=str(most)))
    for place, (label, value) in enumerate(slip.fields):
        if len(label) > LONGEST_LABEL or len(value) > LONGEST_VALUE or place >= MOST_FIELDS:
            text = f"write at most {LONGEST_VALUE} characters"
            yield Mistake(f"fields.{place}", Wrong("message.long", text, most=str(LONGEST_VALUE)))
    if not (slip.subject or slip.text or slip.ticks or any(value for _, value in slip.fields)):
        yield Mistake("text", Wrong("message.empty", "write a subject or a text, or tick what the caller wants"))


def one_line(text: str) -> str:
    """The text on one line, without signs that nobody can read."""
    return " ".join(_readable(text.replace("\n", " ")).split())


def _readable(text: str) -> str:
    """One line with plain blanks, without signs that show nothing: control characters, halves of letters."""
    return readable("".join(sign for sign in readable(text) if not unreadable(sign))).rstrip()


def _number(text: str, country: str) -> str:
    """In E.164 where it is written with its country or area; a bare `12345` may be anything and stays."""
    try:
        return dialled(text, country) if text.startswith(("+", "0")) else text
    except NotANumber:
        return text
