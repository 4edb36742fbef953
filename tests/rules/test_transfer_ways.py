"""The ways out: how numbers are written for each carrier, which trunk comes first, what a failed try has come to."""

from __future__ import annotations

import pytest

from engine.terms import E164, HangupCause
from engine.transfer.plan import Result, result_of
from engine.transfer.ways import Headers, Identity, Outbound, Writing, headers, host_of, in_order, written

BERLIN, LONDON = E164("+4930123450"), E164("+442071234567")
OWN, ACCESS = E164("+493023125100"), E164("+493023125199")
WAY = Outbound(1, "sip:carrier.example")


@pytest.mark.parametrize(
    ("writing", "at_home", "abroad"),
    [
        (Writing.PLUS, "+4930123450", "+442071234567"),
        (Writing.ZEROS, "004930123450", "00442071234567"),
        (Writing.NATIONAL, "030123450", "00442071234567"),
        (Writing.BARE, "4930123450", "442071234567"),
    ],
)
def test_a_number_is_written_as_the_carrier_wants_it(writing: Writing, at_home: str, abroad: str) -> None:
    assert (written(BERLIN, writing), written(LONDON, writing)) == (at_home, abroad)


def test_an_installation_elsewhere_has_its_own_national_numbers() -> None:
    assert written(LONDON, Writing.NATIONAL, "44") == "02071234567"
    assert written(BERLIN, Writing.NATIONAL, "44") == "004930123450"


@pytest.mark.parametrize(
    ("uri", "host"),
    [
        ("sip:carrier.example", "carrier.example"),
        ("sip:me@carrier.example:5080;transport=tcp", "carrier.example"),
        ("sip:192.0.2.1:5060", "192.0.2.1"),
        ("sip:[2001:db8::1]:5060", "[2001:db8::1]"),
        ("sip:carrier.example?x=y", "carrier.example"),
    ],
)
def test_the_host_of_an_address(uri: str, host: str) -> None:
    assert host_of(uri) == host
    assert Outbound(1, uri).host == host
    assert Outbound(1, uri, from_host="other.example").host == "other.example"


def test_trunks_are_tried_by_priority_then_by_name_and_others_never() -> None:
    trunks = [("b", Outbound(2, "sip:b")), ("in", None), ("z", Outbound(1, "sip:z")), ("a", Outbound(2, "sip:a"))]
    assert [name for name, _ in in_order(trunks)] == ["z", "a", "b"]


def test_a_carrier_is_told_the_customers_number_beside_the_one_that_is_shown() -> None:
    way = Outbound(1, "sip:carrier.example", Writing.NATIONAL, diversion=True)
    assert headers(way, BERLIN, OWN, ACCESS) == Headers(
        "030123450", "03023125100", Identity.ASSERTED, "03023125199", "carrier.example"
    )
    assert headers(way, None, OWN, ACCESS).shown is None
    assert headers(way, None, OWN, ACCESS).asserted == "03023125100"


def test_a_carrier_is_told_nothing_that_it_does_not_want() -> None:
    way = Outbound(1, "sip:carrier.example", identity=Identity.FROM)
    assert headers(way, OWN, OWN, ACCESS) == Headers(OWN, None, Identity.FROM, None, "carrier.example")


def test_who_has_no_number_of_his_own_is_asserted_by_none_whatever_is_shown() -> None:
    assert headers(WAY, BERLIN, None, None) == Headers(BERLIN, None, Identity.ASSERTED, None, "carrier.example")
    assert headers(WAY, None, None, None) == Headers(None, None, Identity.ASSERTED, None, "carrier.example")


@pytest.mark.parametrize("response", [302, 400, 401, 402, 403, 407, 433, 482, 488, 500, 502, 503, 504, 606])
@pytest.mark.parametrize("cause", HangupCause)
def test_what_the_target_has_not_said_is_the_carriers(response: int, cause: HangupCause) -> None:
    assert result_of(cause, response) is Result.CARRIER_FAILED


@pytest.mark.parametrize("response", [403, 433, 500, 503])
def test_who_has_been_heard_ringing_is_not_rung_again_by_another_carrier(response: int) -> None:
    assert result_of(HangupCause.REJECTED, response, rang=True) is Result.REJECTED


def test_the_response_says_more_than_the_cause() -> None:
    assert result_of(HangupCause.REJECTED, 603) is Result.REJECTED
    assert result_of(HangupCause.REJECTED, 403) is Result.CARRIER_FAILED
    assert result_of(HangupCause.NO_USER_RESPONSE, 408) is Result.CARRIER_FAILED
    assert result_of(HangupCause.NO_USER_RESPONSE, 408, rang=True) is Result.NO_ANSWER


@pytest.mark.parametrize(
    ("cause", "result"),
    [
        (HangupCause.BUSY, Result.BUSY),
        (HangupCause.NO_ANSWER, Result.NO_ANSWER),
        (HangupCause.NO_USER_RESPONSE, Result.NO_ANSWER),
        (HangupCause.NORMAL, Result.REJECTED),
        (HangupCause.REJECTED, Result.REJECTED),
        (HangupCause.UNALLOCATED, Result.UNREACHABLE),
        (HangupCause.SUBSCRIBER_ABSENT, Result.UNREACHABLE),
        (HangupCause.CONGESTION, Result.CARRIER_FAILED),
        (HangupCause.NETWORK_FAILURE, Result.CARRIER_FAILED),
        (HangupCause.TEMPORARY_FAILURE, Result.CARRIER_FAILED),
        (HangupCause.UNKNOWN, Result.CARRIER_FAILED),
    ],
)
def test_without_a_response_the_cause_counts(cause: HangupCause, result: Result) -> None:
    assert result_of(cause) is result
