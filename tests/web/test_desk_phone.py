"""The browser phone's way to the switch: who may have it, that it passes everything on, and when it ends."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from engine.ports.phones import RELAY, IceServer, PhoneAccount
from engine.store.agents import StoredAgents
from engine.terms import AgentId, AgentState, UserId
from engine.web import desk_phone
from engine.web.relay import LARGEST
from tests.web.asking import asking
from tests.web.desks import an_agent
from tests.web.office import LOGIN, Office
from tests.web.phone_switch import LIMIT, PATH, Switch, phone

pytestmark = pytest.mark.asyncio(loop_scope="session")
MAY_NOT = [LOGIN, "ben@ours.example", "dora@ours.example", "rita@ours.example"]


async def refused(office: Office, login: str, **more: Any) -> int:
    """The status of the refusal. Fails if there is none."""
    with pytest.raises(aiohttp.WSServerHandshakeError) as problem:
        async with phone(office, login, **more):
            pass
    return problem.value.status


async def closed(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    """With which code the other side closes."""
    async with asyncio.timeout(LIMIT):
        message = await socket.receive()
    assert message.type is aiohttp.WSMsgType.CLOSE, message
    return socket.close_code


@pytest.mark.parametrize("login", ["anna@ours.example", "carl@ours.example"])
async def test_an_agent_with_a_browser_gets_his_own_account(office: Office, switch: Switch, login: str) -> None:
    agent = AgentId(login.partition("@")[0])
    stored = await StoredAgents(office.database).phone(agent)
    assert stored
    async with asking(office, login) as asker, asker.client.get(f"{office.url}/desk/phone/account") as answer:
        facts: dict[str, Any] = {"user": agent, "password": stored.password, "domain": "vorzimmer.invalid", "ice": []}
        assert (answer.status, await answer.json()) == (200, facts)
        assert answer.headers["Cache-Control"] == "no-store"
    async with asking(office, login) as asker:
        _, _, page = await asker.gets("/desk/phone")
    assert 'id="phone-set"' in page
    assert stored.password is not None
    assert stored.password not in page


async def test_who_has_a_browser_is_told_the_servers_that_find_ways(office: Office, switch: Switch) -> None:
    servers = (IceServer("stun:stun.example.net"), IceServer("turn:turn.example.net:3478", "we", "s3cret"))
    office.app.state.web.phones._ice = servers
    where = f"{office.url}/desk/phone/account"
    async with asking(office, "anna@ours.example") as asker, asker.client.get(where) as answer:
        ice = (await answer.json())["ice"]
    login = {"username": "we", "credential": "s3cret"}
    assert ice == [{"urls": "stun:stun.example.net"}, {"urls": "turn:turn.example.net:3478", **login}]
    assert "s3cret" not in repr(servers)


@pytest.mark.parametrize("login", MAY_NOT)
async def test_nobody_else_gets_one(office: Office, switch: Switch, login: str) -> None:
    async with asking(office, login) as asker:
        status, _, text = await asker.gets("/desk/phone/account")
        assert (status in (403, 404), "password" in text) == (True, False)
        _, _, page = await asker.gets("/desk/phone")
    assert 'id="phone-set"' not in page
    with capture_logs() as logged:
        assert await refused(office, login) == 403
    assert [entry["event"] for entry in logged] == ["not_allowed"]
    assert switch.came == []


@pytest.mark.parametrize(
    ("login", "words"),
    [
        ("anna", "Das Telefon in Ihrem Browser ist nicht verbunden. Es kommt kein Anruf zu Ihnen."),
        ("ben", "Ihr Telefon ist nicht erreichbar. Es kommt kein Anruf zu Ihnen."),
    ],
)
async def test_whose_telephone_is_away_reads_which_one(office: Office, switch: Switch, login: str, words: str) -> None:
    office.desks.works(an_agent(login, login.title(), reachable=False))
    async with asking(office, f"{login}@ours.example") as asker:
        _, _, page = await asker.gets("/desk")
    assert words in page


async def test_who_comes_and_goes_is_told_to_the_engine(office: Office, switch: Switch) -> None:
    """By the socket of his page: closed, and loaded anew while the telephone rings."""
    told = office.phone_line.told
    async with phone(office, page="?window=first"):
        assert told == ["opened anna"]
    async with phone(office, page="?window=first"):
        assert told == ["opened anna", "closed anna", "opened anna"]
        office.phone_line.states["anna"] = AgentState.RINGING
    async with phone(office, page="?window=second&goes_on=yes"):
        assert told[3:] == ["closed anna", "opened anna", "lost anna"]
        office.phone_line.states["anna"] = AgentState.TALKING
    async with phone(office, page="?window=third&goes_on=yes"):
        assert told[6:] == ["closed anna", "opened anna"]
        assert told[8:] == []


async def test_a_stranger_gets_nothing(office: Office, switch: Switch) -> None:
    async with (
        aiohttp.ClientSession() as client,
        client.get(f"{office.url}/desk/phone/account", allow_redirects=False) as answer,
    ):
        assert (answer.status, answer.headers["Location"]) == (303, "/sign-in?next=/desk/phone/account")
    assert await refused(office, "") == 401
    assert switch.came == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "{url}.evil.example"},
        {"Origin": "{url}", "Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_a_foreign_page_opens_no_socket(office: Office, switch: Switch, headers: dict[str, str]) -> None:
    sent = {name: value.replace("{url}", office.url) for name, value in headers.items()}
    with capture_logs() as logged:
        assert await refused(office, "anna@ours.example", headers=sent) == 403
    facts = {"event": "request_refused", "status": 403, "method": "GET", "path": PATH, "log_level": "warning"}
    assert (logged, switch.came) == ([facts], [])


async def test_only_sip_is_spoken(office: Office, switch: Switch) -> None:
    assert await refused(office, "anna@ours.example", protocols=("chat",)) == 403
    assert await refused(office, "anna@ours.example", protocols=()) == 403


async def test_messages_pass_both_ways_as_they_are(office: Office, switch: Switch) -> None:
    texts = [f"REGISTER sip:x SIP/2.0\r\nX: {n} ü\r\n\r\n" for n in range(200)]
    with capture_logs() as logged:
        async with phone(office) as socket:
            assert socket.protocol == "sip"
            for text in texts:
                await socket.send_str(text)
            assert [await socket.receive_str(timeout=LIMIT) for _ in texts] == [f"heard {text}" for text in texts]
            await socket.send_bytes(b"\r\n\r\n\x00")
            assert await socket.receive_bytes(timeout=LIMIT) == b"heard \r\n\r\n\x00"
        async with asyncio.timeout(LIMIT):
            await switch.left.wait()
    assert switch.came == [(RELAY, "sip")]
    assert {"event": "phone_closed", "agent": "anna", "why": "gone", "log_level": "info"} in logged
    assert "REGISTER" not in str(logged)


async def test_a_message_that_is_too_large_ends_it(office: Office, switch: Switch) -> None:
    async with phone(office) as socket:
        await socket.send_str("x" * (LARGEST - 10))
        await socket.send_str("x" * (LARGEST + 1))
        while (message := await socket.receive(timeout=LIMIT)).type is aiohttp.WSMsgType.TEXT:
            pass
        assert (message.type, socket.close_code) == (aiohttp.WSMsgType.CLOSE, 1009)


async def test_a_switch_that_does_not_listen_lets_nothing_gather(office: Office, switch: Switch) -> None:
    switch.hearing.clear()
    sent = 0
    async with phone(office) as socket:
        with contextlib.suppress(TimeoutError):
            while sent < 4_000:
                await asyncio.wait_for(socket.send_str("x" * 60_000), 0.5)
                sent += 1
    assert 0 < sent < 1_000  # what the machine's own socket buffers hold


async def test_what_the_switch_ends_is_ended(office: Office, switch: Switch) -> None:
    async with phone(office) as socket:
        await socket.send_str("hello")
        await socket.receive_str(timeout=LIMIT)
        await switch.sockets[0].close()
        assert await closed(socket) == 1013


async def test_without_a_switch_there_is_no_socket(office: Office, switch: Switch) -> None:
    office.app.state.web.phones.socket = "ws://127.0.0.1:9/ws"
    with capture_logs() as logged:
        assert await refused(office, "anna@ours.example") == 503
    assert [entry["event"] for entry in logged] == ["phone_not_connected"]


@pytest.mark.parametrize("how", ["signs out", "is disabled"])
async def test_with_the_session_the_phone_ends(
    office: Office, switch: Switch, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(desk_phone, "LOOK", 0.05)
    anna = await office.accounts.user_of("anna@ours.example")
    assert anna
    async with phone(office) as socket:
        await socket.send_str("hello")
        await socket.receive_str(timeout=LIMIT)
        if how == "signs out":
            await office.accounts.sign_out_everywhere(anna.id)
        else:
            await office.accounts.disable(anna.id)
        assert await closed(socket) == 4401


def looks_at_sessions(office: Office, monkeypatch: pytest.MonkeyPatch) -> asyncio.Queue[UserId]:
    """Every look of the phones at somebody's sessions, from now on, as it has been answered."""
    accounts, looks = office.app.state.web.accounts, asyncio.Queue[UserId]()
    sessions = accounts.sessions

    async def looked(user: UserId, late: timedelta = timedelta()) -> Any:
        found = await sessions(user, late)
        looks.put_nowait(user)
        return found

    monkeypatch.setattr(accounts, "sessions", looked)
    return looks


async def test_an_open_phone_is_no_use_of_the_session(
    office: Office, switch: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_phone, "LOOK", 0.01)
    anna = await office.accounts.user_of("anna@ours.example")
    assert anna
    looks = looks_at_sessions(office, monkeypatch)
    async with phone(office) as socket:
        (before,) = await office.accounts.sessions(anna.id)
        async with asyncio.timeout(LIMIT):
            for _ in range(3):
                await looks.get()
        assert await office.accounts.sessions(anna.id) == [before]
        await socket.send_str("still there")
        await socket.receive_str(timeout=LIMIT)


async def test_the_phone_that_is_opened_last_is_the_agents(office: Office, switch: Switch) -> None:
    async with phone(office) as first, phone(office, "carl@ours.example") as other, phone(office) as second:
        assert await closed(first) == 4409
        for socket in (second, other):
            await socket.send_str("hello")
            assert await socket.receive_str(timeout=LIMIT) == "heard hello"


async def test_whom_it_was_taken_from_does_not_take_it_back(office: Office, switch: Switch) -> None:
    """By connecting anew, as every phone does that has lost its connection; only by opening a phone again."""
    async with phone(office, page="?window=first") as first, phone(office, page="?window=second") as second:
        assert await closed(first) == 4409
        async with phone(office, page="?window=first") as again:
            assert await closed(again) == 4409
        await second.send_str("hello")
        assert await second.receive_str(timeout=LIMIT) == "heard hello"
        async with phone(office, page="?window=third"):
            assert await closed(second) == 4409


async def test_one_that_has_lost_its_connection_has_it_again(office: Office, switch: Switch) -> None:
    for _ in range(2):
        async with phone(office, page="?window=first") as socket:
            await socket.send_str("hello")
            assert await socket.receive_str(timeout=LIMIT) == "heard hello"


async def test_nothing_shows_the_password() -> None:
    assert "s3cret" not in repr(PhoneAccount("anna", "s3cret"))
