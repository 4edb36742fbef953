"""The number that a target sees (L7; TKG § 120): by right, or none."""

from __future__ import annotations

import pytest

from engine.law.shown import Shows, diverted_from, own_number, shown_for
from engine.terms import E164

OWN, OTHER, ACCESS = E164("+493023125100"), E164("+493023125101"), E164("+493023125199")
CALLER = "+491713920001"
NEVER = ["+49900123456", "+491371234", "+4911833", "+49110", "+49112", "+49137999", "0900 123456"]


@pytest.mark.parametrize("foreign_numbers", [True, False])
@pytest.mark.parametrize("caller", [CALLER, None, *NEVER])
def test_the_customers_number_is_shown_for_everybody(caller: str | None, foreign_numbers: bool) -> None:
    assert shown_for(Shows.OWN, caller, OWN, foreign_numbers=foreign_numbers) == OWN


@pytest.mark.parametrize("written", [CALLER, "01713920001", "00491713920001", "491713920001"])
def test_the_callers_number_is_shown_where_the_carrier_passes_it_on(written: str) -> None:
    assert shown_for(Shows.CALLER, written, OWN, foreign_numbers=True) == CALLER
    assert shown_for(Shows.CALLER, written, OWN, foreign_numbers=False) == OWN


@pytest.mark.parametrize("foreign_numbers", [True, False])
def test_a_caller_who_hides_his_number_stays_hidden(foreign_numbers: bool) -> None:
    assert shown_for(Shows.CALLER, None, OWN, foreign_numbers=foreign_numbers) is None


@pytest.mark.parametrize("foreign_numbers", [True, False])
@pytest.mark.parametrize("shows", Shows)
def test_without_a_number_of_the_customers_the_callers_is_not_shown_either(shows: Shows, foreign_numbers: bool) -> None:
    assert shown_for(shows, CALLER, None, foreign_numbers=foreign_numbers) is None


@pytest.mark.parametrize("caller", [*NEVER, "anna", "1", "+", ""])
def test_what_must_not_or_cannot_be_shown_is_replaced_by_the_customers(caller: str) -> None:
    assert shown_for(Shows.CALLER, caller, OWN, foreign_numbers=True) == OWN
    assert shown_for(Shows.CALLER, caller, None, foreign_numbers=True) is None


def test_the_chosen_number_is_shown_as_long_as_it_is_on_record() -> None:
    assert own_number([OWN, OTHER], OTHER) == OTHER
    assert own_number([OWN], OTHER) == OWN
    assert own_number([OWN, OTHER]) == OWN
    assert own_number([]) is None
    assert own_number([], OTHER) is None


@pytest.mark.parametrize("never", ["+49900123456", "+491371234", "+4911833", "+49110", "+49112"])
def test_a_number_that_must_never_be_shown_is_not_whatever_is_on_record(never: str) -> None:
    assert own_number([E164(never), OWN], E164(never)) == OWN
    assert own_number([E164(never)]) is None


def test_a_call_is_diverted_from_the_line_that_was_named_if_it_is_the_customers() -> None:
    assert diverted_from("030 23125100", [OWN], ACCESS) == OWN
    assert diverted_from("+4930999", [OWN], ACCESS) == ACCESS
    assert diverted_from(None, [OWN], ACCESS) == ACCESS
    assert diverted_from("+49900123456", [E164("+49900123456")], ACCESS) == ACCESS
