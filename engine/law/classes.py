"""The class of a number that callers dial, by its prefix (L1; TKG § 3 no. 73, § 115).

Rule of this file: the longest prefix in the table decides and the carrier never does, so a ported number
keeps its class. What the table does not know, foreign numbers among it, is unknown, and unknown is treated as
per minute.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.terms import E164, NumberClass, Wrong

SEVERITY = {
    NumberClass.FREE: 0,
    NumberClass.GEOGRAPHIC: 0,
    NumberClass.MOBILE: 0,
    NumberClass.FIXED_PRICE: 1,
    NumberClass.BUDGET_30S: 2,
    NumberClass.PER_MINUTE: 3,
    NumberClass.UNKNOWN: 3,
}
"""How strict § 115 is with a class: 0 no duties, 1 an announcement, 2 waiting free for 30 s, 3 all waiting
free."""


def is_per_minute(number_class: NumberClass) -> bool:
    """Whether callers may pay for each minute, so that all waiting must be free: also where nobody knows (L1)."""
    return SEVERITY[number_class] == SEVERITY[NumberClass.PER_MINUTE]


class NotStricter(Wrong):
    """A correction would make a line's class milder than its prefix says."""


@dataclass(frozen=True, slots=True)
class ClassRule:
    """All numbers with this prefix have this class."""

    prefix: str
    """The beginning of an E.164 number with its plus: `+491805`."""
    number_class: NumberClass
    name: str
    """What people call the prefix: `0180-5`."""
    paragraph: str
    """Where it is written, `TKG § 115 (1) no. 5`, or the proof for a confirmed number."""


NOT_LISTED = ClassRule("", NumberClass.UNKNOWN, "not listed", "TKG § 115 (1)")


class ClassTable:
    """The rules of `config/number_classes.yaml`; of two rules for one prefix the later holds."""

    def __init__(self, rules: Iterable[ClassRule]) -> None:
        self._rules = {rule.prefix: rule for rule in rules}
        self._longest = max(map(len, self._rules), default=0)

    def prefixes(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Those of numbers that are not paid by the minute, and those of numbers that are; each to be read by
        `rule_for`, for a longer one may stand in the other list."""
        strict = {prefix for prefix, rule in self._rules.items() if is_per_minute(rule.number_class)}
        return tuple(sorted(self._rules.keys() - strict)), tuple(sorted(strict))

    def knows(self, beginning: str) -> bool:
        """Whether any number with this beginning, e.g. of a country, is in the table."""
        return any(prefix.startswith(beginning) for prefix in self._rules)

    def rule_for(self, number: E164) -> ClassRule:
        """The rule with the longest prefix of this number; NOT_LISTED if there is none."""
        for length in range(min(self._longest, len(number)), 0, -1):
            if rule := self._rules.get(number[:length]):
                return rule
        return NOT_LISTED

    def class_of(self, number: E164, correction: NumberClass | None = None) -> NumberClass:
        """The class that holds for a line (L1): its correction, unless its prefix says a stricter one by now."""
        derived = self.rule_for(number).number_class
        return max(correction or derived, derived, key=SEVERITY.__getitem__)


def corrected(derived: NumberClass, wanted: NumberClass) -> NumberClass:
    """`wanted`, where people may set it in place of the class derived from the prefix: never a milder one.

    Raises NotStricter. A milder class needs proof and is entered in the table (`confirmed`).
    """
    if SEVERITY[wanted] < SEVERITY[derived]:
        raise NotStricter(
            "L1.class",
            f"the number's prefix says {derived.value}, which is stricter than {wanted.value}: leave the "
            "class out, or have the number confirmed in config/number_classes.yaml",
            derived=derived.value,
            wanted=wanted.value,
        )
    return wanted
