"""Raw sockets of somebody who means no good: what is sent goes out as it is, what comes back is kept.

Rule of this file: no SIP stack that would mend a message. Nothing is sent again.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from secrets import token_hex

from pbx.phone.watch import Watch

Address = tuple[str, int]
TRUNK, STRANGER = "127.0.0.1", "127.0.0.66"
"""An address that a trunk calls from, and one of which nobody knows anything."""
_STATUS = re.compile(rb"SIP/2\.0 (\d+) ")
_OK, _REFUSED = 200, 300
_CALL = re.compile(rb"(?mi)^Call-ID: *([^\r]*)\r$")
_INVITED = re.compile(rb"(?mi)^CSeq: *(\d+) INVITE\r$")
_KEPT = re.compile(rb"(?mi)^(?:Via|From|To|Call-ID):[^\r]*\r\n")
_SDP = "v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n"


class Attacker(asyncio.DatagramProtocol):
    """One UDP socket."""

    def __init__(self, server: Address) -> None:
        self.server, self.answers = server, list[bytes]()
        self.transport: asyncio.DatagramTransport
        self._watch = Watch()

    def send(self, data: bytes) -> None:
        """One datagram."""
        self.transport.sendto(data, self.server)

    async def send_all(self, packets: Iterable[bytes], rate: int = 1000) -> None:
        """All of them, so many a second."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        for n, packet in enumerate(packets):
            self.send(packet)
            await asyncio.sleep(max(0.0, began + n / rate - loop.time()))

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Called by asyncio. A refused INVITE is acknowledged, or the other side would say so again and again."""
        self.answers.append(data)
        self._watch.changed()
        status = _STATUS.match(data)
        if status and int(status[1]) >= _REFUSED and (cseq := _INVITED.search(data)):
            kept = b"".join(_KEPT.findall(data))
            self.send(b"ACK sip:x@127.0.0.1 SIP/2.0\r\n" + kept + b"CSeq: " + cseq[1] + b" ACK\r\n\r\n")

    @property
    def codes(self) -> list[int]:
        """The codes of the responses, in order; 0 for what is none."""
        return [code_of(answer) for answer in self.answers]

    @property
    def finals(self) -> dict[bytes, int]:
        """The final response to each call, by Call-ID."""
        found = ((_CALL.search(answer), code) for answer, code in zip(self.answers, self.codes, strict=True))
        return {call[1]: code for call, code in found if call and code >= _OK}

    async def is_answered(self, within: float) -> None:
        """Wait for the first answer. Raises AssertionError."""
        assert await self._watch.until(lambda: bool(self.answers), within), f"no answer within {within} s"

    async def falls_silent(self, seconds: float, within: float) -> None:
        """Wait until so many seconds have passed without an answer. Raises TimeoutError."""
        async with asyncio.timeout(within):
            heard = -1
            while heard != len(self.answers):
                heard = len(self.answers)
                await asyncio.sleep(seconds)

    @property
    def address(self) -> Address:
        """Where it listens."""
        host, port = self.transport.get_extra_info("sockname")
        return host, port


def code_of(answer: bytes) -> int:
    """The code of a response; 0 for what is none."""
    return int(found[1]) if (found := _STATUS.match(answer)) else 0


@asynccontextmanager
async def attacker(server: Address, host: str = STRANGER) -> AsyncIterator[Attacker]:
    """A socket at a free port of this address."""
    loop = asyncio.get_running_loop()
    transport, made = await loop.create_datagram_endpoint(lambda: Attacker(server), local_addr=(host, 0))
    made.transport = transport
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8_000_000)
    try:
        yield made
    finally:
        transport.close()


async def by_tcp(
    server: Address, data: bytes, host: str = STRANGER
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection over which this was sent; the caller closes it."""
    reader, writer = await asyncio.open_connection(*server, local_addr=(host, 0))
    writer.write(data)
    return reader, writer


def request(
    method: str,
    number: str,
    here: Address,
    *headers: str,
    user: str = "+491701234567",
    name: str = "",
    call: str = "",
) -> bytes:
    """A sound request but for what is put into it; `headers` as lines. Text goes out as UTF-8, surrogates as bytes."""
    host, port = here
    body = _SDP.format(host=host) if method == "INVITE" else ""
    lines = [
        f"{method} sip:{number}@127.0.0.1 SIP/2.0",
        f"Via: SIP/2.0/UDP {host}:{port};rport;branch=z9hG4bK{token_hex(8)}",
        "Max-Forwards: 70",
        f"From: {name}<sip:{user}@{host}>;tag={token_hex(4)}",
        f"To: <sip:{number}@127.0.0.1>",
        f"Call-ID: {call or token_hex(8)}",
        f"CSeq: 1 {method}",
        f"Contact: <sip:x@{host}:{port}>",
        *headers,
        *(["Content-Type: application/sdp"] if body else []),
        f"Content-Length: {len(body)}",
        "",
        body,
    ]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape")


def cancel(invite: bytes) -> bytes:
    """The CANCEL of this INVITE (RFC 3261 § 9.1)."""
    first, kept = invite.partition(b"\r\n")[0], b"".join(_KEPT.findall(invite))
    return first.replace(b"INVITE", b"CANCEL", 1) + b"\r\n" + kept + b"CSeq: 1 CANCEL\r\n\r\n"
