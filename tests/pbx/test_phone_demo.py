"""The demonstration's phones and the test call, through a real Asterisk: what they tell, word by word."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from pbx.phone import Phone, PhoneError
from pbx.phone.demo import Access, Demonstrated, Desks, Login, demonstrate
from pbx.phone.messages import Peer
from pbx.phone.trial import place_call
from tests.pbx.phone_world import PASSWORD, phone_switch

pytestmark = pytest.mark.asyncio(loop_scope="module")
AGENT = Login("agent1", PASSWORD)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Peer]:
    """The address of an Asterisk."""
    async with phone_switch(tmp_path_factory.mktemp("asterisk")) as address:
        yield address


def story(shown: Demonstrated) -> list[str]:
    """Who saw what, in order, without the first packets, which come when they come."""
    return [f"{t.who}: {t.fact.what} {t.fact.detail}".strip() for t in shown.told if t.fact.what != "first RTP"]


def seen_by(who: str, told: list[str]) -> list[str]:
    return [line for line in told if line.startswith(f"{who}:")]


async def test_ringing_and_delayed_connect_are_told_by_both_sides(server: Peer) -> None:
    accesses = [Access("ringing", "+49301"), Access("delayed_connect", "+49302")]
    async with Desks(server, [AGENT]) as desks:
        shown = [one async for one in demonstrate(server, accesses, desks)]
    assert [(one.access.name, one.caller, one.problem) for one in shown] == [
        ("ringing", "+491713920001", None),
        ("delayed_connect", "+491713920002", None),
    ]
    ringing, delayed = (story(one) for one in shown)
    assert seen_by("caller", ringing) == [
        f"caller: INVITE sent sip:+49301@127.0.0.1:{server[1]}",
        "caller: 100", "caller: 180", "caller: PRACK sent", "caller: hears nothing", "caller: 200 SDP",
        "caller: hears the agent at -26 dBFS", "caller: BYE sent",
    ]  # fmt: skip
    assert seen_by("caller", delayed) == [
        f"caller: INVITE sent sip:+49302@127.0.0.1:{server[1]}",
        "caller: 100", "caller: 183 SDP", "caller: PRACK sent", "caller: hears ring tone at -16 dBFS",
        "caller: 183", "caller: PRACK sent", "caller: 200",
        "caller: hears the agent at -26 dBFS", "caller: BYE sent",
    ]  # fmt: skip
    assert [seen_by("agent1", one) for one in (ringing, delayed)] == [
        [
            f"agent1: INVITE received <{caller}>", "agent1: 180 sent", "agent1: 200 sent SDP", "agent1: ACK",
            "agent1: hears the caller at -26 dBFS", "agent1: BYE received Q.850;cause=16",
        ]
        for caller in ("+491713920001", "+491713920002")
    ]  # fmt: skip
    order = [line for line in delayed if "hears ring" in line or ": 200" in line]
    assert order == ["caller: hears ring tone at -16 dBFS", "agent1: 200 sent SDP", "caller: 200"]


async def test_a_call_that_fails_is_told_and_the_next_one_goes_on(server: Peer) -> None:
    accesses = [Access("busy", "busy"), Access("ringing", "+49301")]
    async with Desks(server, [AGENT]) as desks:
        shown = [one async for one in demonstrate(server, accesses, desks)]
    busy, ringing = shown
    assert re.sub(r"\d+\.\d+", "…", busy.problem or "") == (
        "the call is over before an agent's phone rings; responses: 100 after … s, 486 after … s; ended by them"
    )
    assert [t.fact.what for t in busy.told] == ["INVITE sent", "100", "486", "ended"]
    assert ringing.problem is None


async def test_a_caller_does_not_wait_for_ever(server: Peer) -> None:
    async with Desks(server, [AGENT]) as desks:
        shown = [one async for one in demonstrate(server, [Access("ring", "ring")], desks, patience=0.5)]
    assert [one.problem for one in shown] == ["no agent's phone rings for +491713920001 within 0.5 s"]
    assert [t.fact.what for t in shown[0].told][-3:] == ["CANCEL sent", "487", "ended"]


async def test_a_phone_that_cannot_register_stops_the_demonstration_at_once(server: Peer) -> None:
    with pytest.raises(PhoneError, match=r"registration of agent2 at .* refused: 401, wrong user name or password"):
        async with Desks(server, [AGENT, Login("agent2", "wrong")]):
            pass


async def test_a_test_call_that_is_answered(server: Peer) -> None:
    told = [fact async for fact in place_call("echo", server, user="caller", shown="+4917", talk=0.5)]
    assert [f"{fact.what} {fact.detail}".strip() for fact in told if fact.what != "first RTP"][1:] == [
        "100", "200 SDP", "hears the caller at -26 dBFS", "hears the caller at -26 dBFS", "BYE sent",
    ]  # fmt: skip


async def test_a_test_call_that_nobody_answers_is_given_up(server: Peer) -> None:
    told = [fact async for fact in place_call("ring", server, user="agent2", password=PASSWORD, patience=0.3)]
    assert [fact.what for fact in told] == ["INVITE sent", "401", "404", "ended"]
    told = [fact async for fact in place_call("ring", server, user="caller", patience=0.3)]
    assert [fact.what for fact in told] == [
        "INVITE sent", "100", "180", "PRACK sent", "CANCEL sent", "487", "ended",
    ]  # fmt: skip


async def test_a_test_call_that_is_refused(server: Peer) -> None:
    told = [fact async for fact in place_call("busy", server, user="caller")]
    assert [(fact.what, fact.detail) for fact in told[1:]] == [("100", ""), ("486", ""), ("ended", "")]


async def test_a_test_call_that_is_broken_off_ends(server: Peer) -> None:
    """The other side sees CANCEL, though nobody listens to the facts any more."""
    async with Phone() as bert:
        call = place_call("1", bert.address, user="caller")
        assert (await anext(call)).what == "INVITE sent"
        ring = await bert.rings(within=2)
        await call.aclose()
        ended = await ring.over(within=2)
        assert (ended.by, ended.code) == ("them", 487)
