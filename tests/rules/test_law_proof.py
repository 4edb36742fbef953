"""L4: answers that came too early; L1: lines that carriers name and customers did not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.law.proof import Incident, LineProblem, LineWarning, incident, line_warning
from engine.ports import CallRecord, Line
from engine.terms import E164, CallId, NumberClass
from tests.catalogue import CLASSES

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def call(picked_up: float | None, answered: float | None, ended: float | None = 60) -> CallRecord:
    """A call with these moments, in seconds after its arrival."""
    record = CallRecord(CallId("1"), "030123450", E164("+4930123450"), None, None, None, NOON, "answered")
    at = [None if seconds is None else NOON + timedelta(seconds=seconds) for seconds in (picked_up, answered, ended)]
    return replace(record, picked_up_at=at[0], answered_at=at[1], ended_at=at[2])


@pytest.mark.parametrize(
    ("record", "paid"),
    [
        (call(30, 30), None),
        (call(30, 30.02), None),
        (call(None, None), None),
        (call(30, None), None),
        (call(30, 0), 30.0),
        (call(30, 29.999), 0.001),
        (call(None, 20), 40.0),
        (call(None, 20, None), 0.0),
    ],
)
@pytest.mark.parametrize("number_class", NumberClass)
def test_l4_an_answer_before_the_pick_up_is_an_incident_on_per_minute_lines(
    record: CallRecord, paid: float | None, number_class: NumberClass
) -> None:
    strict = number_class in {NumberClass.PER_MINUTE, NumberClass.UNKNOWN}
    answered = record.answered_at
    expected = Incident(number_class, answered, paid) if strict and answered and paid is not None else None
    assert incident(record, number_class) == expected


OFFICE = Line(E164("+4930123450"), NumberClass.GEOGRAPHIC)
FIXED = Line(E164("+491806123456"), NumberClass.FIXED_PRICE)
SERVICE = Line(E164("+491805123456"), NumberClass.PER_MINUTE)
OLD, STRICT = LineProblem.NOT_ON_RECORD, LineProblem.STRICTER


@pytest.mark.parametrize(
    ("named", "on_record", "problem"),
    [
        (None, [OFFICE], None),
        ("", [OFFICE], None),
        ("+", [OFFICE], None),
        ("030123450", [OFFICE, FIXED], None),
        ("004930123450", [OFFICE], None),
        ("030999", [OFFICE], OLD),
        ("030999", [], OLD),
        ("01805123456", [SERVICE], None),
        ("01805999", [OFFICE, SERVICE], OLD),
        ("01806999", [OFFICE, SERVICE], OLD),
        ("01805123456", [OFFICE, FIXED], STRICT),
        ("01806123456", [], STRICT),
        ("+43158858", [OFFICE], STRICT),
        # its class was milder once: the other line's strictness does not help it
        ("01805123456", [Line(SERVICE.number, NumberClass.FIXED_PRICE), Line(E164("+4970012"), SERVICE.number_class)],
         STRICT),
        # corrected to a stricter class than its prefix says
        ("030123450", [Line(OFFICE.number, NumberClass.PER_MINUTE)], None),
    ],
)  # fmt: skip
def test_l1_a_line_that_the_carrier_names_is_compared_with_those_on_record(
    named: str | None, on_record: list[Line], problem: LineProblem | None
) -> None:
    warning = line_warning(named, on_record, CLASSES)
    assert (warning and warning.problem) == problem


def test_l1_the_warning_names_the_line_and_its_class() -> None:
    rule = CLASSES.rule_for(SERVICE.number)
    assert line_warning("01805 123456", [OFFICE], CLASSES) == LineWarning(STRICT, SERVICE.number, rule)
    assert (rule.number_class, rule.name) == (NumberClass.PER_MINUTE, "0180-5")
