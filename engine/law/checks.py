"""The checks on a customer's settings: callers must not pay for waiting (L2, L3, L6; TKG § 115), and no number is shown
that must not be (L7; TKG § 120).

Rule of this file: every clash is one refusal, as data for the portal and as an English sentence that says
what to do. § 115 (1) allows waiting on free, geographic and mobile numbers and at a fixed price per call
(nos. 1 to 4); on all others only while it costs the caller nothing (no. 5): before the answer or, for 0180-7,
within its 30 free seconds. While a caller is being put through he waits again (§ 3 no. 73), and then he is answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from engine.law.classes import is_per_minute
from engine.law.outgoing import is_forbidden
from engine.terms import E164, AfterMaxWait, NumberClass, Treatment

BUDGET = 30
"""Seconds of a connection that cost a 0180-7 caller nothing."""


class ForwardedLine(Protocol):
    """A customer's line, as `engine.ports.Line`."""

    @property
    def number(self) -> E164: ...
    @property
    def number_class(self) -> NumberClass: ...


class WaitSettings(Protocol):
    """A customer's wait settings, as `engine.call.plan.WaitPlan`."""

    @property
    def treatment(self) -> Treatment: ...
    @property
    def max_wait(self) -> float | None: ...
    @property
    def then(self) -> AfterMaxWait: ...


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why settings cannot be saved."""

    code: str
    """The check: `L2.treatment`, `L2.budget`, `L3.transfer`, `L6.max_wait`, `L6.then` or `L7.shown`."""
    field: str
    """The setting to change: `wait.treatment`, `wait.max_wait`, `wait.then`, `contacts/<name>/transfer` or
    `shown_numbers/<number>`."""
    values: dict[str, str]
    """What the sentence names, e.g. line and class."""
    text: str
    """The refusal in English, one line."""


def check_wait(lines: Iterable[ForwardedLine], wait: WaitSettings, longest: float) -> list[Refusal]:
    """Everything that § 115 has against these wait settings for these lines; empty if they can be saved.

    `longest`: the installation's longest delayed-connect wait in seconds (L6).
    """
    if wait.treatment is Treatment.DELAYED_CONNECT:
        return _check_delayed(wait, longest)
    return [refusal for line in lines if (refusal := _check_line(line, wait))]


def _check_line(line: ForwardedLine, wait: WaitSettings) -> Refusal | None:
    """L2 for a treatment other than delayed connect."""
    number, number_class = line.number, line.number_class
    values = {"line": str(number), "class": number_class.value, "treatment": wait.treatment.value}
    if is_per_minute(number_class):
        text = (
            f"line {number} has the class {number_class.value}, so its callers must not pay while they "
            f"wait (TKG § 115): set treatment to delayed_connect instead of {wait.treatment.value}, "
            "or remove the line"
        )
        return Refusal("L2.treatment", "wait.treatment", values, text)
    if number_class is NumberClass.BUDGET_30S and _answers_for_too_long(wait):
        text = (
            f"line {number} has the class {number_class.value}, so an answered caller may wait {BUDGET} "
            f"seconds and is then released (TKG § 115): set max_wait to {BUDGET} or less and then to busy, "
            "or set treatment to delayed_connect"
        )
        return Refusal("L2.budget", "wait.max_wait", values, text)
    return None


def _answers_for_too_long(wait: WaitSettings) -> bool:
    if wait.treatment is not Treatment.ANSWERED:
        return False
    return wait.max_wait is None or wait.max_wait > BUDGET or wait.then is not AfterMaxWait.BUSY


def _check_delayed(wait: WaitSettings, longest: float) -> list[Refusal]:
    """L6: an end to the wait, and that end is never an answer."""
    refusals = []
    if wait.max_wait is None or wait.max_wait > longest:
        found = "none" if wait.max_wait is None else f"{wait.max_wait:g}"
        text = (
            f"delayed_connect needs a longest wait of at most {longest:g} seconds, but max_wait is {found}: "
            f"set max_wait to {longest:g} or less"
        )
        values = {"max_wait": found, "longest": f"{longest:g}"}
        refusals.append(Refusal("L6.max_wait", "wait.max_wait", values, text))
    if wait.then is not AfterMaxWait.BUSY:
        text = (
            "delayed_connect ends with busy, never with an answer or further waiting, "
            f"but then is {wait.then.value}: set then to busy"
        )
        refusals.append(Refusal("L6.then", "wait.then", {"then": wait.then.value}, text))
    return refusals


def check_transfers(lines: Iterable[ForwardedLine], targets: Iterable[tuple[str, E164]]) -> list[Refusal]:
    """L3: beside a line that is charged per minute, or whose class is unknown, nobody may be put through to.

    `targets`: a contact's name and one number, for every transfer target that is in use. One refusal for each contact
    that has any, in the order of the first of its targets; empty if the contacts can be saved.
    """
    strict = [line for line in lines if is_per_minute(line.number_class)]
    numbers: dict[str, list[str]] = {}
    for name, number in targets if strict else ():
        numbers.setdefault(name, []).append(number)
    shown = ", ".join(f"{line.number} ({line.number_class.value})" for line in strict)
    values = {"lines": ", ".join(line.number for line in strict)}
    return [
        Refusal(
            "L3.transfer",
            f"contacts/{name}/transfer",
            {"contact": name, "targets": ", ".join(used), **values},
            f"contact '{name}' has transfer targets in use ({', '.join(used)}), but callers of {shown} would pay while "
            "they are put through (TKG § 115): switch the targets off, or remove the lines",
        )
        for name, used in numbers.items()
    ]


def allows_put_through(lines: Iterable[ForwardedLine]) -> bool:
    """L3, the other side: whether put-through, consult and hold may be offered in the calls of a customer with these
    lines.

    All of the customer's lines count, not the one that a carrier names: of several that forwarded, that need not be the
    one that the caller dialled. 0180-7 is out too: to be put through is to wait again (§ 3 no. 73), and the talk with
    the agent has used up its free seconds.
    """
    return not any(is_per_minute(line.number_class) or line.number_class is NumberClass.BUDGET_30S for line in lines)


def check_shown(numbers: Iterable[E164], country: str = "49") -> list[Refusal]:
    """L7: every number that must never be shown on calls we place (TKG § 120); empty if all of them may.

    `country`: the installation's code, without plus.
    """
    return [
        Refusal(
            "L7.shown",
            f"shown_numbers/{number}",
            {"number": number},
            f"{number} may not be shown on calls (110, 112, 0137, 0900, 118xy; TKG § 120): remove it, or enter a "
            "geographic, mobile or free number that the customer may use",
        )
        for number in numbers
        if is_forbidden(number, country)
    ]
