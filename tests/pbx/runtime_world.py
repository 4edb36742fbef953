"""What the tests of the runtime share: settings on free ports, an Asterisk that runs, an engine's ear at ARI."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp

from engine.ports import Phone, Trunk
from engine.terms import AgentId, PhoneKind
from pbx.runtime.asterisk import Asterisk
from pbx.runtime.secret_files import ARI_USER, ari_password
from pbx.runtime.settings import SwitchSettings
from tests.ports import free_port

CARRIER = Trunk("carrier", ("127.0.0.1",))
AGENT1 = Phone(AgentId("agent1"), "Agent One", PhoneKind.STATIC, uri="sip:agent1@127.0.0.1:9")
AGENT2 = Phone(AgentId("agent2"), "Agent Two", PhoneKind.REGISTERED, password='s3c;ret "Phone" \\; ü')
AGENT3 = Phone(AgentId("agent3"), "Agent Three", PhoneKind.BROWSER, password="browser")
LIMIT = 10.0
"""Seconds after which a test has waited long enough."""


def settings_for(home: Path, **others: Any) -> SwitchSettings:
    """Settings with ports that are free now, all on loopback."""
    sip, ari, ami = _free_ports()
    settings = SwitchSettings(home, "127.0.0.1", sip, (21000, 21999), ari_port=ari, ami_port=ami)
    return replace(settings, **others)


@asynccontextmanager
async def running(
    settings: SwitchSettings, trunks: Sequence[Trunk] = (CARRIER,), phones: Sequence[Phone] = (AGENT1, AGENT2, AGENT3)
) -> AsyncIterator[Asterisk]:
    """An Asterisk that takes calls."""
    asterisk = await Asterisk.prepare(settings)
    await asterisk.start(trunks, phones)
    try:
        yield asterisk
    finally:
        await asterisk.stop()


@asynccontextmanager
async def engine_ear(settings: SwitchSettings) -> AsyncIterator[Ear]:
    """A WebSocket of the application `vorzimmer`."""
    authorization = aiohttp.encode_basic_auth(ARI_USER, ari_password(settings.home))
    async with (
        aiohttp.ClientSession(headers={"Authorization": authorization}) as session,
        session.ws_connect(f"{settings.ari_url}/events?app=vorzimmer") as socket_,
    ):
        yield Ear(settings, session, socket_)


class Ear:
    """What an engine hears, and the one order that these tests give."""

    def __init__(
        self, settings: SwitchSettings, session: aiohttp.ClientSession, events: aiohttp.ClientWebSocketResponse
    ) -> None:
        self._settings, self._session, self._events = settings, session, events

    async def call(self) -> list[str]:
        """The arguments of the next call that comes in; the call is refused at once."""
        while True:
            event = json.loads(await self._events.receive_str(timeout=LIMIT))
            if event["type"] == "StasisStart":
                channel = event["channel"]["id"]
                await self._session.delete(f"{self._settings.ari_url}/channels/{channel}")
                return [str(word) for word in event["args"]]

    async def channels(self) -> list[str]:
        """The names of all channels there are."""
        async with self._session.get(f"{self._settings.ari_url}/channels") as answer:
            return [channel["name"] for channel in await answer.json()]


class RawSip(asyncio.DatagramProtocol):
    """A UDP socket that sends what no well-behaved telephone would send."""

    def __init__(self) -> None:
        self.answers: asyncio.Queue[str] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.answers.put_nowait(data.decode())

    @classmethod
    @asynccontextmanager
    async def socket(cls, host: str = "127.0.0.1") -> AsyncIterator[RawSip]:
        """The socket, at a free port of `host`."""
        loop = asyncio.get_running_loop()
        transport, protocol = await loop.create_datagram_endpoint(cls, local_addr=(host, 0))
        protocol.transport = transport
        protocol.here = transport.get_extra_info("sockname")
        try:
            yield protocol
        finally:
            transport.close()

    transport: asyncio.DatagramTransport
    here: tuple[str, int]

    async def invite(self, settings: SwitchSettings, to: str, user: str, headers: Sequence[str] = ()) -> int:
        """Send an INVITE to the user part `to` from the user `user`; the final answer's code."""
        token = secrets.token_hex(8)
        there = f"127.0.0.1:{settings.sip_port}"
        here = f"{self.here[0]}:{self.here[1]}"
        sdp = (
            f"v=0\r\no=- 1 1 IN IP4 {self.here[0]}\r\ns=-\r\nc=IN IP4 {self.here[0]}\r\nt=0 0\r\n"
            "m=audio 30000 RTP/AVP 8\r\n"
        )
        lines = [
            f"INVITE sip:{to}@{there} SIP/2.0",
            f"Via: SIP/2.0/UDP {here};branch=z9hG4bK{token}",
            "Max-Forwards: 70",
            f"From: <sip:{user}@{here}>;tag={token}",
            *([] if any(line.startswith("To:") for line in headers) else [f"To: <sip:{to}@{there}>"]),
            f"Call-ID: {token}",
            "CSeq: 1 INVITE",
            f"Contact: <sip:{here}>",
            *headers,
            "Content-Type: application/sdp",
            f"Content-Length: {len(sdp)}",
        ]
        self.transport.sendto(("\r\n".join(lines) + "\r\n\r\n" + sdp).encode(), ("127.0.0.1", settings.sip_port))
        async with asyncio.timeout(LIMIT):
            while (code := int((await self.answers.get()).split()[1])) < 200:
                pass
        return code


def _free_ports() -> tuple[int, int, int]:
    """Three of them."""
    found: set[int] = set()
    while len(found) < 3:
        found.add(free_port())
    sip, ari, ami = found
    return sip, ari, ami
