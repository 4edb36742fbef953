"""A line is shown with the class that the law goes by, also where its number's beginning has become stricter since."""

from __future__ import annotations

from engine.entries import CustomerEntry
from engine.law.classes import ClassRule, ClassTable
from engine.ports import Line
from engine.terms import E164, NumberClass
from engine.web.portal.line_state import classed_lines

LINES = [
    {"number": "+491805123456", "class": "fixed_price"},
    "+491805654321",
    {"number": "+493023125001", "class": "per_minute"},
]
TABLE = ClassTable([
    ClassRule("+491805", NumberClass.BUDGET_30S, "0180-5", "TKG § 115"),
    ClassRule("+4930", NumberClass.GEOGRAPHIC, "030", "TKG § 115"),
])  # fmt: skip


def test_the_stricter_of_correction_and_beginning_holds() -> None:
    customer = CustomerEntry.model_validate({"number": "K1", "name": "Korn", "tariff": "day", "lines": LINES})
    assert classed_lines(customer, TABLE) == [
        Line(E164("+491805123456"), NumberClass.BUDGET_30S),
        Line(E164("+491805654321"), NumberClass.BUDGET_30S),
        Line(E164("+493023125001"), NumberClass.PER_MINUTE),
    ]
