"""The way out on a real Asterisk: what a carrier reads of a call of ours, and what its answers come back as."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator
from itertools import count

import pytest
import pytest_asyncio

from engine.ports import Trunk
from engine.terms import E164, CallId, HangupCause, LegId
from engine.transfer.plan import Result, Route, result_of
from engine.transfer.ways import Headers, Identity, Outbound
from pbx.ari.requests import Request, hang_up
from pbx.outgoing import dial_out, has_answered_at_all
from pbx.runtime.asterisk import Asterisk
from tests.pbx.carrier_world import Carrier, Orders, carrier_at, header, number_of, orders_for
from tests.pbx.runtime_world import running, settings_for
from tests.stories.installation import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")
CALL = CallId("vz-1.1")
OURS, CALLER, ACCESS = E164("+493023125100"), E164("+491713920001"), E164("+493023125199")
TARGET = "+491713920099"
PASSWORD = 's3cret; "Trunk"'
_LEGS = count(1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def carrier_and_uri() -> AsyncIterator[tuple[Carrier, str]]:
    async with carrier_at("127.0.0.2") as found:
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ours(
    carrier_and_uri: tuple[Carrier, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Asterisk]:
    uri = carrier_and_uri[1]
    trunks = [
        Trunk("plain", ("127.0.0.2",), outbound=Outbound(1, uri)),
        Trunk("account", (), None, "K4711", PASSWORD, outbound=Outbound(
            2, uri, from_account=True, from_host="carrier.example", auth_user="auth-4711")),
        Trunk("silent", ("127.0.0.8",), outbound=Outbound(3, "sip:127.0.0.8:9", check=False)),
        Trunk("checked", ("127.0.0.9",), outbound=Outbound(4, "sip:127.0.0.9:9")),
        Trunk("nowhere", ("127.0.0.7",), outbound=Outbound(5, "sip:carrier.invalid", check=False)),
        Trunk("closed", ("127.0.0.6",), outbound=Outbound(6, "sip:127.0.0.6:9;transport=tcp", check=False)),
    ]  # fmt: skip
    async with running(settings_for(tmp_path_factory.mktemp("ours")), trunks, []) as ours:
        yield ours


@pytest_asyncio.fixture(loop_scope="module")
async def carrier(carrier_and_uri: tuple[Carrier, str]) -> Carrier:
    carrier = carrier_and_uri[0]
    carrier.says, carrier.invites = {}, []
    return carrier


@pytest_asyncio.fixture(loop_scope="module")
async def orders(ours: Asterisk) -> AsyncIterator[Orders]:
    async with orders_for(ours) as orders:
        yield orders


def a_leg() -> LegId:
    return LegId(f"{CALL}-leg-{next(_LEGS)}")


async def invite(orders: Orders, carrier: Carrier, route: Route, name: str = "") -> str:
    """What the carrier, who is busy, reads first."""
    carrier.says = {route.number: ["486 Busy Here"]}
    leg = a_leg()
    assert (await orders.gives(dial_out(CALL, leg, route, name, 30)))[0] == 200
    assert await orders.over(leg) == (["BUSY"], 17, 486)
    return carrier.invites[0]


def _md5(*parts: str) -> str:
    return hashlib.md5(":".join(parts).encode(), usedforsecurity=False).hexdigest()


def channels() -> Request:
    return Request("GET", "/channels")


def told(invite: str) -> dict[str, str]:
    """Every header that names a number."""
    names = ("From", "P-Asserted-Identity", "P-Preferred-Identity", "Privacy", "Diversion", "Remote-Party-ID")
    return {name: value for name in names if (value := header(invite, name)) is not None}


async def test_the_carrier_reads_who_calls_and_whose_number_that_is(orders: Orders, carrier: Carrier) -> None:
    headers = Headers(CALLER, OURS, Identity.ASSERTED, ACCESS, "carrier.example")
    read = await invite(orders, carrier, Route("plain", TARGET, CALLER, ACCESS, headers), 'Müller "&" Söhne\r\nX: y')
    assert number_of(read) == TARGET
    assert told(read) == {
        "From": f'"Müller \\"&\\" Söhne  X: y" <sip:{CALLER}@carrier.example>',
        "P-Asserted-Identity": f"<sip:{OURS}@carrier.example>",
        "Diversion": f"<sip:{ACCESS}@carrier.example>;reason=unconditional",
    }
    assert "m=audio " in read and read.partition("RTP/AVP ")[2].partition("\r")[0] == "8 0 101"
    assert "100rel" in (header(read, "Supported") or "")


async def test_who_hides_his_number_is_in_nothing_that_the_target_sees(orders: Orders, carrier: Carrier) -> None:
    headers = Headers(None, OURS, Identity.ASSERTED, None, "carrier.example")
    read = await invite(orders, carrier, Route("plain", TARGET, None, None, headers), "Anrufer")
    assert told(read) == {
        "From": '"Anonymous" <sip:anonymous@anonymous.invalid>',
        "P-Asserted-Identity": f"<sip:{OURS}@carrier.example>",
        "Privacy": "id",
    }


async def test_an_account_stands_in_from_and_the_number_beside_it(orders: Orders, carrier: Carrier) -> None:
    headers = Headers("03023125100", "03023125100", Identity.PREFERRED, None, "carrier.example")
    read = await invite(orders, carrier, Route("account", "01713920099", OURS, None, headers))
    assert number_of(read) == "01713920099"
    assert told(read) == {
        "From": "<sip:K4711@carrier.example>",
        "P-Preferred-Identity": "<sip:03023125100@carrier.example>",
    }
    assert (header(read, "Contact") or "").startswith("<sip:K4711@127.0.0.1:")


async def test_an_ipv6_host_stands_in_one_pair_of_brackets(orders: Orders, carrier: Carrier) -> None:
    headers = Headers(OURS, OURS, Identity.ASSERTED, None, "[2001:db8::1]")
    read = await invite(orders, carrier, Route("plain", TARGET, OURS, None, headers))
    assert told(read) == {
        "From": f"<sip:{OURS}@[2001:db8::1]>",
        "P-Asserted-Identity": f"<sip:{OURS}@[2001:db8::1]>",
    }


async def test_a_route_alone_is_written_as_it_is(orders: Orders, carrier: Carrier) -> None:
    read = await invite(orders, carrier, Route("plain", TARGET, OURS))
    assert told(read) == {"From": f"<sip:{OURS}@localhost>"}


@pytest.mark.parametrize("number", ["", "110@elsewhere", "+49171;x=y", "anna", "+49171/sip:x@y"])
async def test_what_is_no_number_is_never_dialled(number: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        dial_out(CALL, a_leg(), Route("plain", number, OURS), "", 30)


async def test_the_carrier_is_told_the_password_under_the_name_for_it(orders: Orders, carrier: Carrier) -> None:
    leg, route = a_leg(), Route("account", TARGET, OURS)
    carrier.says = {TARGET: ["401 Unauthorized"]}
    await orders.gives(dial_out(CALL, leg, route, "", 30))
    dials, cause, response = await orders.over(leg)
    assert (dials, cause, response) == (["NOANSWER"], 21, 401)
    assert result_of(HangupCause.of(cause), response) is Result.CARRIER_FAILED
    answers = [header(one, "Authorization") for one in carrier.invites]
    assert answers[0] is None
    assert len(answers) > 1
    for one in answers[1:]:
        told = dict(re.findall(r'(\w+)="([^"]*)"', one or ""))
        assert (told["username"], told["realm"]) == ("auth-4711", "carrier")
        who, what = _md5("auth-4711", "carrier", PASSWORD), _md5("INVITE", told["uri"])
        assert told["response"] == _md5(who, told["nonce"], what), "RFC 2617 § 3.2.2, without qop"


ANSWERS: list[tuple[str, int, Result, Result]] = [
    ("486 Busy Here", 17, Result.BUSY, Result.BUSY),
    ("600 Busy Everywhere", 17, Result.BUSY, Result.BUSY),
    ("603 Decline", 21, Result.REJECTED, Result.REJECTED),
    ("607 Unwanted", 127, Result.REJECTED, Result.REJECTED),
    ("480 Temporarily Unavailable", 19, Result.UNREACHABLE, Result.NO_ANSWER),
    ("404 Not Found", 1, Result.UNREACHABLE, Result.UNREACHABLE),
    ("604 Does Not Exist Anywhere", 1, Result.UNREACHABLE, Result.UNREACHABLE),
    ("410 Gone", 22, Result.UNREACHABLE, Result.UNREACHABLE),
    ("484 Address Incomplete", 28, Result.UNREACHABLE, Result.UNREACHABLE),
    ("408 Request Timeout", 18, Result.CARRIER_FAILED, Result.NO_ANSWER),
    ("487 Request Terminated", 127, Result.CARRIER_FAILED, Result.NO_ANSWER),
    ("403 Forbidden", 21, Result.CARRIER_FAILED, Result.REJECTED),
    ("402 Payment Required", 127, Result.CARRIER_FAILED, Result.REJECTED),
    ("433 Anonymity Disallowed", 127, Result.CARRIER_FAILED, Result.REJECTED),
    ("482 Loop Detected", 127, Result.CARRIER_FAILED, Result.REJECTED),
    ("488 Not Acceptable Here", 58, Result.CARRIER_FAILED, Result.REJECTED),
    ("500 Server Internal Error", 38, Result.CARRIER_FAILED, Result.REJECTED),
    ("502 Bad Gateway", 27, Result.CARRIER_FAILED, Result.REJECTED),
    ("503 Service Unavailable", 34, Result.CARRIER_FAILED, Result.REJECTED),
    ("504 Server Time-out", 102, Result.CARRIER_FAILED, Result.REJECTED),
]


@pytest.mark.parametrize(("says", "cause", "at_once", "after_ringing"), ANSWERS)
async def test_whose_word_a_refusal_is(
    orders: Orders, carrier: Carrier, says: str, cause: int, at_once: Result, after_ringing: Result
) -> None:
    for before, result in (["100 Trying"], at_once), (["100 Trying", "180 Ringing"], after_ringing):
        leg = a_leg()
        carrier.says = {TARGET: [*before, says]}
        await orders.gives(dial_out(CALL, leg, Route("plain", TARGET, OURS), "", 30))
        dials, found, response = await orders.over(leg)
        assert (found, response) == (cause, int(says[:3]))
        assert result_of(HangupCause.of(found), response, rang="RINGING" in dials) is result


async def test_who_lets_it_ring_is_given_up_after_the_limit(orders: Orders, carrier: Carrier) -> None:
    leg = a_leg()
    carrier.says = {TARGET: ["180 Ringing"]}
    await orders.gives(dial_out(CALL, leg, Route("plain", TARGET, OURS), "", 1))
    dials, cause, response = await orders.over(leg)
    assert (dials[:1], cause, response) == (["RINGING"], 19, 480)
    assert result_of(HangupCause.of(cause), response, rang=True) is Result.NO_ANSWER


async def test_a_carrier_that_sends_us_elsewhere_makes_us_call_nobody(
    ours: Asterisk, orders: Orders, carrier: Carrier
) -> None:
    leg = a_leg()
    carrier.says = {TARGET: ["302 Moved Temporarily"]}
    await orders.gives(dial_out(CALL, leg, Route("plain", TARGET, OURS), "", 30))
    cause, response = (await orders.over(leg))[1:]
    assert result_of(HangupCause.of(cause), response) is Result.CARRIER_FAILED
    assert await orders.gives(channels()) == (200, [])
    assert [number_of(one) for one in carrier.invites] == [TARGET]


async def test_a_target_cannot_have_us_call_others(orders: Orders, carrier: Carrier) -> None:
    leg = a_leg()
    carrier.says = {TARGET: ["200 OK"]}
    await orders.gives(dial_out(CALL, leg, Route("plain", TARGET, OURS), "", 30))
    start = await orders.hears("StasisStart", leg)
    assert start["args"] == ["out", CALL]
    carrier.asks("REFER", 1, carrier.invites[0], "Refer-To: <sip:+4930999@127.0.0.2>")
    assert (await carrier.is_answered()).startswith("SIP/2.0 603 ")
    assert [one["id"] for one in (await orders.gives(channels()))[1]] == [leg]
    assert [number_of(one) for one in carrier.invites] == [TARGET]
    await orders.gives(hang_up(leg, HangupCause.NORMAL))
    assert (await orders.over(leg))[1] == 16


async def test_a_carrier_is_silent_or_works_on_it(orders: Orders, carrier: Carrier) -> None:
    silent, works = a_leg(), a_leg()
    carrier.says = {TARGET: ["100 Trying"]}
    await orders.gives(dial_out(CALL, silent, Route("silent", TARGET, OURS), "", 30))
    await orders.gives(dial_out(CALL, works, Route("plain", TARGET, OURS), "", 30))

    async def has_answered() -> bool:
        return bool((await orders.gives(has_answered_at_all(works)))[1]["value"])

    await eventually(has_answered, "100 has come")
    assert await orders.gives(has_answered_at_all(silent)) == (200, {"value": ""})
    for leg in (silent, works):
        await orders.gives(hang_up(leg, HangupCause.NORMAL))
        assert (await orders.over(leg))[1] == 16
    assert (await orders.gives(has_answered_at_all(silent)))[0] == 404


async def test_a_carrier_known_to_be_away_is_not_waited_for(ours: Asterisk, orders: Orders) -> None:
    async def is_away() -> bool:
        lines = (await ours.command("pjsip show contacts")).splitlines()
        return any("trunk:checked" in line and "Unavail" in line for line in lines)

    await eventually(is_away, "OPTIONS have stayed unanswered")
    assert (await orders.gives(dial_out(CALL, a_leg(), Route("checked", TARGET, OURS), "", 30)))[0] == 500


@pytest.mark.parametrize("trunk", ["nowhere", "closed"])
async def test_a_carrier_that_cannot_be_reached_is_one_that_has_failed(orders: Orders, trunk: str) -> None:
    leg = a_leg()
    await orders.gives(dial_out(CALL, leg, Route(trunk, TARGET, OURS), "", 30))
    assert (await orders.over(leg))[1:] == (34, 503)
    assert result_of(HangupCause.CONGESTION, 503) is Result.CARRIER_FAILED
