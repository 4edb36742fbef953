"""What calls show against the settings: answers that came too early (L4), lines that nobody told us of (L1).

Rule of this file: it looks at what has happened and changes nothing; support decides what is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from engine.law.checks import ForwardedLine
from engine.law.classes import SEVERITY, ClassRule, ClassTable, is_per_minute
from engine.terms import E164, NotANumber, NumberClass, dialled


class ProvenCall(Protocol):
    """A call that is over, as `engine.ports.CallRecord`. Times are UTC; None = did not happen."""

    @property
    def picked_up_at(self) -> datetime | None: ...
    @property
    def answered_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Incident:
    """A caller of a per-minute line was answered before an agent had picked up, and so paid while waiting (L4)."""

    number_class: NumberClass
    answered_at: datetime
    paid_seconds: float
    """From the answer to the pick-up, or to the end where nobody picked up; ≥ 0."""


def incident(call: ProvenCall, line_class: NumberClass) -> Incident | None:
    """Whether this call, over a line of this class, broke the law (L4; TKG § 115 (1)); None if it did not."""
    if not is_per_minute(line_class) or call.answered_at is None:
        return None
    if call.picked_up_at is not None and call.picked_up_at <= call.answered_at:
        return None
    until = call.picked_up_at or call.ended_at or call.answered_at
    return Incident(line_class, call.answered_at, max(0.0, (until - call.answered_at).total_seconds()))


class LineProblem(StrEnum):
    """What is wrong with the line that a carrier names."""

    NOT_ON_RECORD = "not_on_record"
    """The customer has not told that this line is forwarded; its duties are met already."""
    STRICTER = "stricter"
    """Its number is of a stricter class than the customer's lines on record: their settings may be unlawful for it."""


@dataclass(frozen=True, slots=True)
class LineWarning:
    """A Diversion or History-Info header disagrees with the settings (L1)."""

    problem: LineProblem
    line: E164
    rule: ClassRule
    """The line's class, as derived from its prefix."""


def line_warning(
    named: str | None, on_record: Sequence[ForwardedLine], classes: ClassTable, country: str = "49"
) -> LineWarning | None:
    """What is to be said about the forwarded line that the carrier named in a call; None if all is well.

    `named`: as the carrier wrote it; None or what is no number raises no warning. `country`: the installation's code.
    """
    try:
        line = dialled(named or "", country)
    except NotANumber:
        return None
    rule = classes.rule_for(line)
    own = [one.number_class for one in on_record if one.number == line]
    known = own or [one.number_class for one in on_record]
    if SEVERITY[rule.number_class] > max((SEVERITY[number_class] for number_class in known), default=0):
        return LineWarning(LineProblem.STRICTER, line, rule)
    return None if own else LineWarning(LineProblem.NOT_ON_RECORD, line, rule)
