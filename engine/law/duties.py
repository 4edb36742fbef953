"""What the class of a line asks of its customer: for the call (L5), and explained for the portal (L1 to L5).

Rule of this file: a class has its duties whatever the settings are; which settings break them is for `checks`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from engine.law.checks import BUDGET, ForwardedLine
from engine.law.classes import SEVERITY, ClassRule, ClassTable, is_per_minute
from engine.terms import E164, NumberClass

FIXED_PRICE = "fixed-price"
WAITING_IS_FREE = "waiting-is-free"
NOTICES = (FIXED_PRICE, WAITING_IS_FREE)
"""Announcements that come with the project, `sounds/texts.yaml`; both name the expected wait."""


class Duty(StrEnum):
    """What § 115 asks for a class of numbers."""

    ANNOUNCEMENT = "announcement"
    """First of all the caller hears how long the wait will be and what it costs (L5)."""
    FREE_WITHIN_30S = "free_within_30s"
    """An answered caller waits 30 seconds at most, all told (L2)."""
    DELAYED_CONNECT = "delayed_connect"
    """Nothing is answered before an agent has picked up (L2, L6)."""
    NO_PUT_THROUGH = "no_put_through"
    """Nobody is put through or held (L3)."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where a number's class comes from, and what follows from it."""

    rule: ClassRule
    duties: tuple[Duty, ...]


def explain_class(number: E164, table: ClassTable) -> Explanation:
    """The class that the table derives for this number, with its duties (L1)."""
    rule = table.rule_for(number)
    return Explanation(rule, duties(rule.number_class))


def duties(number_class: NumberClass) -> tuple[Duty, ...]:
    """What the law asks for lines of this class, the mildest first; none where callers may wait as they like."""
    if is_per_minute(number_class):
        return Duty.ANNOUNCEMENT, Duty.DELAYED_CONNECT, Duty.NO_PUT_THROUGH
    if number_class is NumberClass.BUDGET_30S:
        return Duty.ANNOUNCEMENT, Duty.FREE_WITHIN_30S
    return (Duty.ANNOUNCEMENT,) if number_class is NumberClass.FIXED_PRICE else ()


def free_waiting(lines: Iterable[ForwardedLine]) -> float | None:
    """L2: for how many seconds an answered caller may wait, all told; None = that is no matter of these lines."""
    within = any(Duty.FREE_WITHIN_30S in duties(line.number_class) for line in lines)
    return float(BUDGET) if within else None


def must_announce(lines: Iterable[ForwardedLine]) -> str | None:
    """L5: the announcement that callers of these lines have to hear first; None if there is nothing to say.

    TKG § 115 (2): how long the wait will be, and whether the call has a fixed price or waiting is free. It may be cut
    off when an agent picks up. Of lines of several classes the strictest decides: where it has a say all waiting is
    free. Ringing alone is no waiting in the law's sense (§ 3 no. 73: calls are neither taken nor held).
    """
    strictest = max((line.number_class for line in lines), key=SEVERITY.__getitem__, default=NumberClass.GEOGRAPHIC)
    if Duty.ANNOUNCEMENT not in duties(strictest):
        return None
    return FIXED_PRICE if strictest is NumberClass.FIXED_PRICE else WAITING_IS_FREE
