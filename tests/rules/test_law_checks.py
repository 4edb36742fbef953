"""L2, L6: callers must not pay for waiting (TKG § 115)."""

from itertools import product

import pytest

from engine.call.plan import WaitPlan
from engine.law.checks import Refusal, check_wait
from engine.ports import Line
from engine.terms import E164, AfterMaxWait, NumberClass, Treatment

SOUND = {
    treatment: WaitPlan(treatment, max_wait=30, then=AfterMaxWait.BUSY) for treatment in Treatment
}  # fits every class as far as the treatment does
NOT_DELAYED = set(Treatment) - {Treatment.DELAYED_CONNECT}


def test_l2_per_minute_and_unknown_lines_allow_delayed_connect_only() -> None:
    refused = {
        (number_class, treatment)
        for number_class, treatment in product(NumberClass, Treatment)
        if check_wait([Line(E164("+491805123456"), number_class)], SOUND[treatment], 120)
    }
    assert refused == set(product([NumberClass.PER_MINUTE, NumberClass.UNKNOWN], NOT_DELAYED))


def test_l2_every_offending_line_is_named_with_what_to_do() -> None:
    lines = [
        Line(E164("+491805123456"), NumberClass.PER_MINUTE),
        Line(E164("+4930123450"), NumberClass.GEOGRAPHIC),
        Line(E164("+43158858"), NumberClass.UNKNOWN),
    ]
    assert check_wait(lines, SOUND[Treatment.ANSWERED], 120) == [
        Refusal(
            "L2.treatment",
            "wait.treatment",
            {"line": "+491805123456", "class": "per_minute", "treatment": "answered"},
            "line +491805123456 has the class per_minute, so its callers must not pay while they wait "
            "(TKG § 115): set treatment to delayed_connect instead of answered, or remove the line",
        ),
        Refusal(
            "L2.treatment",
            "wait.treatment",
            {"line": "+43158858", "class": "unknown", "treatment": "answered"},
            "line +43158858 has the class unknown, so its callers must not pay while they wait "
            "(TKG § 115): set treatment to delayed_connect instead of answered, or remove the line",
        ),
    ]


@pytest.mark.parametrize(
    ("treatment", "max_wait", "then", "codes"),
    [
        (Treatment.ANSWERED, 30, AfterMaxWait.BUSY, []),
        (Treatment.ANSWERED, 30.5, AfterMaxWait.BUSY, ["L2.budget"]),
        (Treatment.ANSWERED, None, AfterMaxWait.BUSY, ["L2.budget"]),
        (Treatment.ANSWERED, 30, AfterMaxWait.KEEP, ["L2.budget"]),
        (Treatment.RINGING, None, AfterMaxWait.KEEP, []),
        (Treatment.RINGING_ANNOUNCED, None, AfterMaxWait.KEEP, []),
        (Treatment.DELAYED_CONNECT, 120, AfterMaxWait.BUSY, []),
    ],
)
def test_l2_0180_7_answered_callers_wait_within_their_30_free_seconds(
    treatment: Treatment, max_wait: float | None, then: AfterMaxWait, codes: list[str]
) -> None:
    line = Line(E164("+491807123456"), NumberClass.BUDGET_30S)
    refusals = check_wait([line], WaitPlan(treatment, max_wait=max_wait, then=then), 120)
    assert [refusal.code for refusal in refusals] == codes


def test_l2_the_0180_7_refusal_says_what_to_do() -> None:
    line = Line(E164("+491807123456"), NumberClass.BUDGET_30S)
    assert check_wait([line], WaitPlan(Treatment.ANSWERED), 120) == [
        Refusal(
            "L2.budget",
            "wait.max_wait",
            {"line": "+491807123456", "class": "budget_30s", "treatment": "answered"},
            "line +491807123456 has the class budget_30s, so an answered caller may wait 30 seconds and is "
            "then released (TKG § 115): set max_wait to 30 or less and then to busy, or set treatment to "
            "delayed_connect",
        )
    ]


NO_LIMIT = Refusal(
    "L6.max_wait",
    "wait.max_wait",
    {"max_wait": "none", "longest": "120"},
    "delayed_connect needs a longest wait of at most 120 seconds, but max_wait is none: set max_wait to 120 or less",
)
TOO_LONG = Refusal(
    "L6.max_wait",
    "wait.max_wait",
    {"max_wait": "120.5", "longest": "120"},
    "delayed_connect needs a longest wait of at most 120 seconds, but max_wait is 120.5: set max_wait to 120 or less",
)
NOT_BUSY = Refusal(
    "L6.then",
    "wait.then",
    {"then": "keep"},
    "delayed_connect ends with busy, never with an answer or further waiting, but then is keep: set then to busy",
)


@pytest.mark.parametrize(
    ("max_wait", "then", "refusals"),
    [
        (120, AfterMaxWait.BUSY, []),
        (1, AfterMaxWait.BUSY, []),
        (120.5, AfterMaxWait.BUSY, [TOO_LONG]),
        (None, AfterMaxWait.BUSY, [NO_LIMIT]),
        (120, AfterMaxWait.KEEP, [NOT_BUSY]),
        (None, AfterMaxWait.KEEP, [NO_LIMIT, NOT_BUSY]),
    ],
)
@pytest.mark.parametrize("lines", [[], [Line(E164("+491805123456"), NumberClass.PER_MINUTE)]])
def test_l6_delayed_connect_has_an_end_and_that_is_busy(
    lines: list[Line], max_wait: float | None, then: AfterMaxWait, refusals: list[Refusal]
) -> None:
    wait = WaitPlan(Treatment.DELAYED_CONNECT, max_wait=max_wait, then=then)
    assert check_wait(lines, wait, 120) == refusals


@pytest.mark.parametrize("treatment", sorted(NOT_DELAYED))
def test_l6_other_treatments_need_no_longest_wait(treatment: Treatment) -> None:
    geographic = Line(E164("+4930123450"), NumberClass.GEOGRAPHIC)
    assert check_wait([geographic], WaitPlan(treatment, then=AfterMaxWait.KEEP), 120) == []
