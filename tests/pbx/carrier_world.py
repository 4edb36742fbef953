"""A carrier that answers as it is told, by UDP, and what our switch asks of it."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from pbx.ari.requests import Request
from pbx.runtime.asterisk import Asterisk
from pbx.runtime.secret_files import ARI_USER, ari_password
from tests.pbx.runtime_world import LIMIT

CHALLENGE = 'WWW-Authenticate: Digest realm="carrier", nonce="{}", algorithm=MD5'
_ANSWER = "v=0\r\no=- 1 1 IN IP4 {0}\r\ns=-\r\nc=IN IP4 {0}\r\nt=0 0\r\nm=audio 30000 RTP/AVP 8\r\n"


class Carrier(asyncio.DatagramProtocol):
    """Every INVITE gets the responses that stand for its number, `486 Busy Here`; without any, nothing."""

    transport: asyncio.DatagramTransport

    def __init__(self) -> None:
        self.says: dict[str, Sequence[str]] = {}
        self.invites: list[str] = []
        self.answered: asyncio.Queue[str] = asyncio.Queue()
        """Responses to what the carrier asked."""
        self.peer: Any = None

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """Called by asyncio."""
        text, self.peer = data.decode(), addr
        match text.partition(" ")[0]:
            case "INVITE":
                self.invites.append(text)
                for response in self.says.get(number_of(text), ()):
                    self._answers(text, response)
            case "SIP/2.0":
                self.answered.put_nowait(text.partition("\r\n")[0])
            case "OPTIONS" | "BYE" | "CANCEL":
                self._answers(text, "200 OK")

    async def is_answered(self) -> str:
        """The first line of the next response to what the carrier asked."""
        async with asyncio.timeout(LIMIT):
            return await self.answered.get()

    def asks(self, method: str, place: int, invite: str, *headers: str) -> None:
        """A request within the call that this INVITE has begun, the `place`-th of the carrier."""
        lines = dict(re.findall(r"^(From|To|Call-ID|Contact): (.*)\r$", invite, re.MULTILINE))
        host = "{}:{}".format(*self.transport.get_extra_info("sockname"))
        head = [
            f"{method} {re.search('<(.*)>', lines['Contact'])[1]} SIP/2.0",  # type: ignore[index]
            f"Via: SIP/2.0/UDP {host};branch=z9hG4bK{secrets.token_hex(8)}",
            "Max-Forwards: 70",
            f"From: {lines['To']};tag=carrier",
            f"To: {lines['From']}",
            f"Call-ID: {lines['Call-ID']}",
            f"CSeq: {place} {method}",
            f"Contact: <sip:{host}>",
            *headers,
            "Content-Length: 0",
        ]
        self.transport.sendto(("\r\n".join(head) + "\r\n\r\n").encode(), self.peer)

    def _answers(self, request: str, response: str) -> None:
        head = re.findall(r"^(?:Via|From|To|Call-ID|CSeq): .*(?=\r$)", request, re.MULTILINE)
        told = [line + ";tag=carrier" if line.startswith("To:") and response[:3] != "100" else line for line in head]
        host, port = self.transport.get_extra_info("sockname")
        told.append(f"Contact: <sip:{'+4930999' if response[0] == '3' else 'carrier'}@{host}:{port}>")
        if response[:3] == "401":
            told.append(CHALLENGE.format(secrets.token_hex(8)))
        body = _ANSWER.format(host) if response[:3] == "200" and request.startswith("INVITE") else ""
        told += ["Content-Type: application/sdp"] if body else []
        text = "\r\n".join([f"SIP/2.0 {response}", *told, f"Content-Length: {len(body)}"])
        self.transport.sendto(f"{text}\r\n\r\n{body}".encode(), self.peer)


def number_of(invite: str) -> str:
    """Whom the INVITE calls."""
    found = re.match("INVITE sip:([^@]*)@", invite)
    return found[1] if found else ""


def header(invite: str, name: str) -> str | None:
    """The header of that name, without tag."""
    found = re.search(rf"^{name}: (.*?)(?:;tag=.*)?\r$", invite, re.MULTILINE)
    return found[1] if found else None


@asynccontextmanager
async def carrier_at(host: str) -> AsyncIterator[tuple[Carrier, str]]:
    """A carrier at a free port of this address, and its URI."""
    loop = asyncio.get_running_loop()
    transport, carrier = await loop.create_datagram_endpoint(Carrier, local_addr=(host, 0))
    carrier.transport = transport
    try:
        yield carrier, "sip:{}:{}".format(*transport.get_extra_info("sockname"))
    finally:
        transport.close()


@dataclass(frozen=True)
class Orders:
    """What an engine orders of our switch, and hears of it."""

    url: str
    session: aiohttp.ClientSession
    events: aiohttp.ClientWebSocketResponse

    async def gives(self, request: Request) -> tuple[int, Any]:
        """Status and body of the answer."""
        method, uri, query, body = request
        async with self.session.request(method, self.url + uri, params=query, json=body) as answer:
            return answer.status, json.loads(await answer.text() or "null")

    async def over(self, leg: str) -> tuple[list[str], int, int | None]:
        """How the leg went: what was dialled of it, then the cause and the SIP response that ended it."""
        dials = []
        while True:
            event = json.loads(await self.events.receive_str(timeout=LIMIT))
            if (event.get("channel") or event.get("peer") or {}).get("id") != leg:
                continue
            dials += [event["dialstatus"]] if event.get("dialstatus") else []
            if event["type"] == "ChannelDestroyed":
                return dials, event["cause"], event.get("tech_cause")

    async def hears(self, kind: str, leg: str) -> dict[str, Any]:
        """The next event of this kind about this leg."""
        while True:
            event: dict[str, Any] = json.loads(await self.events.receive_str(timeout=LIMIT))
            if event["type"] == kind and (event.get("channel") or event.get("peer") or {}).get("id") == leg:
                return event


@asynccontextmanager
async def orders_for(asterisk: Asterisk) -> AsyncIterator[Orders]:
    """An engine at this switch."""
    settings = asterisk.settings
    authorization = aiohttp.encode_basic_auth(ARI_USER, ari_password(settings.home))
    async with (
        aiohttp.ClientSession(headers={"Authorization": authorization}) as session,
        session.ws_connect(f"{settings.ari_url}/events?app=vorzimmer") as events,
    ):
        yield Orders(settings.ari_url, session, events)
