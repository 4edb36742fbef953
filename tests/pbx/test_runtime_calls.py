"""Who gets a call at our Asterisk, and what the engine is told about it. Without an engine a call is refused."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from engine.ports import Trunk
from engine.ports.phones import RELAY
from pbx.phone import Phone, PhoneError
from pbx.phone.messages import Peer
from pbx.runtime import secret_files
from pbx.runtime.asterisk import Asterisk
from pbx.runtime.secret_files import TESTCALL_USER
from tests.pbx.runtime_world import (
    AGENT1,
    AGENT2,
    AGENT3,
    CARRIER,
    LIMIT,
    Ear,
    RawSip,
    engine_ear,
    running,
    settings_for,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")
BY_TO = Trunk("by-to", ("127.0.0.2",), number_from="to")
BY_CALLED_PARTY = Trunk("by-called", ("127.0.0.3",), number_from="p_called_party_id")
REGISTERING = Trunk("far", (), registrar="sip:127.0.0.1:9;lr", user="u49", password='p;"[x] ü')
NASTY = '"a:b, c)${SHELL(id)}" '


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def asterisk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asterisk]:
    settings = settings_for(tmp_path_factory.mktemp("home"))
    async with running(settings, [CARRIER, BY_TO, BY_CALLED_PARTY, REGISTERING], [AGENT1, AGENT2, AGENT3]) as asterisk:
        yield asterisk


@pytest_asyncio.fixture(loop_scope="module")
async def ear(asterisk: Asterisk) -> AsyncIterator[Ear]:
    """An engine that listens."""
    async with engine_ear(asterisk.settings) as ear:
        yield ear


def server(asterisk: Asterisk) -> Peer:
    return "127.0.0.1", asterisk.settings.sip_port


@pytest.mark.parametrize("user", ["hacker", "agent1", "agent2", "trunk:carrier", TESTCALL_USER, "anonymous"])
async def test_a_guest_gets_no_call(asterisk: Asterisk, ear: Ear, user: str) -> None:
    async with RawSip.socket("127.0.0.9") as guest:
        assert await guest.invite(asterisk.settings, "+4930123450", user) == 401
    assert await ear.channels() == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9"])
async def test_a_browser_phones_password_is_worth_nothing_but_by_the_relay(asterisk: Asterisk, host: str) -> None:
    async with Phone(host, user="agent3", password=AGENT3.password) as phone:
        with pytest.raises(PhoneError, match="401"):
            await phone.register(server(asterisk))
    async with Phone(RELAY, user="agent3", password=AGENT3.password) as phone:
        await phone.register(server(asterisk))


@pytest.mark.parametrize(
    ("host", "dialled", "headers", "told"),
    [
        ("127.0.0.1", "+4930123450", [], ["+4930123450", "", "trunk:carrier"]),
        ("127.0.0.1", "4930%24%7BSHELL(id)%7D,x,y%29", [], ["4930SHELLidxy", "", "trunk:carrier"]),
        ("127.0.0.1", "alice", [], ["alice", "", "trunk:carrier"]),
        (
            "127.0.0.1", "+49301", [f"Diversion: {NASTY}<sip:+49(30)99,88@c;user=phone>;reason=no-answer"],
            ["+49301", "+49309988", "trunk:carrier"],
        ),
        (
            "127.0.0.1", "+49301", ["History-Info: <sip:+49307@c>;index=1", "History-Info: <sip:+49301@c>;index=1.1"],
            ["+49301", "+49307", "trunk:carrier"],
        ),
        (
            "127.0.0.1", "+49301", ["History-Info: <sip:+49307@c?Reason=SIP>;index=1, <sip:+49301@c>;index=1.1"],
            ["+49301", "+49307", "trunk:carrier"],
        ),
        ("127.0.0.1", "+49301", ["History-Info: <sip:+49301@c>;index=1"], ["+49301", "", "trunk:carrier"]),
        ("127.0.0.2", "s", [f"To: {NASTY}<sip:+493055@host;user=phone>"], ["+493055", "", "trunk:by-to"]),
        ("127.0.0.2", "+4956", ["To: <tel:+4957>"], ["+4956", "", "trunk:by-to"]),
        ("127.0.0.3", "u49", ["P-Called-Party-ID: <sip:+4966@h>"], ["+4966", "", "trunk:by-called"]),
        ("127.0.0.3", "+4967", [], ["+4967", "", "trunk:by-called"]),
    ],
)  # fmt: skip
async def test_the_engine_is_told(
    asterisk: Asterisk, ear: Ear, host: str, dialled: str, headers: list[str], told: list[str]
) -> None:
    async with RawSip.socket(host) as carrier, asyncio.TaskGroup() as both:
        call = both.create_task(ear.call())
        both.create_task(carrier.invite(asterisk.settings, dialled, "+4917012", headers))
    number, line, endpoint = told
    assert call.result() == ["inbound", number, line, "allowed_not_screened", endpoint]


async def test_an_anonymous_caller_stays_anonymous(asterisk: Asterisk, ear: Ear) -> None:
    hidden = ["P-Asserted-Identity: <sip:+49171@c>", "Privacy: id"]
    async with RawSip.socket() as carrier, asyncio.TaskGroup() as both:
        call = both.create_task(ear.call())
        both.create_task(carrier.invite(asterisk.settings, "+49301", "anonymous", hidden))
    assert call.result()[3] == "prohib_not_screened"


async def test_without_engine_and_snapshot_it_rings(asterisk: Asterisk) -> None:
    async with Phone() as carrier:
        call = await carrier.dial("+4930123450", server(asterisk))
        await call.until(180, LIMIT)
        await call.hang_up()
        assert call.codes == [100, 180, 487]


@pytest.mark.parametrize(("number", "code"), [("+4930123450", 403), ("agent1", 403), ("s", 484)])
async def test_an_agents_phone_registers_and_reaches_nobody(asterisk: Asterisk, number: str, code: int) -> None:
    async with Phone(user="agent2", password=AGENT2.password) as phone:
        await phone.register(server(asterisk))
        contacts = await asterisk.command("pjsip show contacts")
        assert [line.split()[1].partition("/")[0] for line in contacts.splitlines() if "Contact:  a" in line] == [
            "agent1",
            "agent2",
        ]
        call = await phone.dial(number, server(asterisk))
        ended = await call.over(within=LIMIT)
        assert (ended.by, ended.code) == ("them", code)


async def test_the_test_phone_comes_in_like_a_carrier(asterisk: Asterisk, ear: Ear) -> None:
    password = secret_files.testcall_password(asterisk.settings.home)
    async with Phone("127.0.0.9", user=TESTCALL_USER, password=password) as phone:
        call = await phone.dial("+4930123450", server(asterisk), headers={"P-Asserted-Identity": "<sip:+49171@x>"})
        assert await ear.call() == ["inbound", "+4930123450", "", "allowed_not_screened", TESTCALL_USER]
        await call.over(within=LIMIT)


async def test_afterwards_the_log_tells_of_the_missing_engine_only(asterisk: Asterisk) -> None:
    lines = asterisk.settings.log.read_text("utf-8").splitlines()
    told = [line.split("] ", 1)[-1] for line in lines if " ERROR[" in line or " WARNING[" in line]
    (net,) = [line for line in told if "'vorzimmer'" not in line]
    assert net.endswith("The safety net does not know what to do: the caller hears ringing")
