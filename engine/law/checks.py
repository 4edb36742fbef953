"""The checks on a customer's wait settings: callers must not pay for waiting (L2, L6; TKG § 115).

Rule of this file: every clash is one refusal, as data for the portal and as an English sentence that says
what to do. § 115 (1) allows waiting on free, geographic and mobile numbers and at a fixed price per call
(nos. 1 to 4); on all others only while it costs the caller nothing (no. 5): before the answer or, for 0180-7,
within its 30 free seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

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
    """The check: `L2.treatment`, `L2.budget`, `L6.max_wait` or `L6.then`."""
    field: str
    """The setting to change: `wait.treatment`, `wait.max_wait` or `wait.then`."""
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
    if number_class in (NumberClass.PER_MINUTE, NumberClass.UNKNOWN):
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
