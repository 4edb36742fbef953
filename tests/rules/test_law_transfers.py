"""L3: no put-through beside a per-minute line; L7: numbers that are never shown (TKG §§ 115, 120)."""

import pytest

from engine.law.checks import Refusal, allows_put_through, check_shown, check_transfers
from engine.ports import Line
from engine.terms import E164, NumberClass

SERVICE = Line(E164("+491805123456"), NumberClass.PER_MINUTE)
OFFICE = Line(E164("+4930123450"), NumberClass.GEOGRAPHIC)
ABROAD = Line(E164("+43158858"), NumberClass.UNKNOWN)
MOBILE, DESK, OTHER = E164("+491701234567"), E164("+4930123451"), E164("+4930123452")


def test_l3_beside_a_per_minute_line_every_contact_with_targets_is_refused_once() -> None:
    targets = [("Meier", MOBILE), ("Dr. Öztürk", OTHER), ("Meier", DESK)]
    assert check_transfers([OFFICE, SERVICE, ABROAD], targets) == [
        Refusal(
            "L3.transfer",
            "contacts/Meier/transfer",
            {
                "contact": "Meier",
                "targets": "+491701234567, +4930123451",
                "lines": "+491805123456, +43158858",
            },
            "contact 'Meier' has transfer targets in use (+491701234567, +4930123451), but callers of "
            "+491805123456 (per_minute), +43158858 (unknown) would pay while they are put through (TKG § 115): "
            "switch the targets off, or remove the lines",
        ),
        Refusal(
            "L3.transfer",
            "contacts/Dr. Öztürk/transfer",
            {"contact": "Dr. Öztürk", "targets": "+4930123452", "lines": "+491805123456, +43158858"},
            "contact 'Dr. Öztürk' has transfer targets in use (+4930123452), but callers of "
            "+491805123456 (per_minute), +43158858 (unknown) would pay while they are put through (TKG § 115): "
            "switch the targets off, or remove the lines",
        ),
    ]


@pytest.mark.parametrize("number_class", NumberClass)
def test_l3_only_lines_by_which_waiting_costs_money_forbid_putting_through(number_class: NumberClass) -> None:
    lines = [OFFICE, Line(E164("+491801234"), number_class)]
    forbids = number_class in {NumberClass.PER_MINUTE, NumberClass.UNKNOWN}
    # 0180-7 keeps its targets, for other lines' calls some day, but nobody waits on its 31st second.
    assert allows_put_through(lines) is not (forbids or number_class is NumberClass.BUDGET_30S)
    assert bool(check_transfers(lines, [("Meier", MOBILE)])) is forbids
    assert check_transfers(lines, []) == []


def test_l3_without_lines_on_record_nothing_is_forbidden() -> None:
    assert allows_put_through([])
    assert check_transfers([], [("Meier", MOBILE)]) == []


def test_l7_numbers_that_must_not_be_shown() -> None:
    numbers = [E164(text) for text in ("+4930123450", "+49900123456", "+49137123456", "+4911833", "+112", "+49800123")]
    refusals = check_shown(numbers)
    assert [(refusal.code, refusal.field, refusal.values) for refusal in refusals] == [
        ("L7.shown", "shown_numbers/+49900123456", {"number": "+49900123456"}),
        ("L7.shown", "shown_numbers/+49137123456", {"number": "+49137123456"}),
        ("L7.shown", "shown_numbers/+4911833", {"number": "+4911833"}),
        ("L7.shown", "shown_numbers/+112", {"number": "+112"}),
    ]
    assert refusals[0].text == (
        "+49900123456 may not be shown on calls (110, 112, 0137, 0900, 118xy; TKG § 120): remove it, or enter a "
        "geographic, mobile or free number that the customer may use"
    )


def test_l7_the_installations_country_counts() -> None:
    assert [refusal.values for refusal in check_shown([E164("+43900123"), E164("+49900123")], "43")] == [
        {"number": "+43900123"}
    ]
