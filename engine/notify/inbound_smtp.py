"""A small SMTP server for what comes back (RFC 5321, RFC 3207): it takes mails to our return paths, and nothing else.

Rules of this file: whom a mail is for is proven by the signature in the address before a byte of the mail is read;
nothing is ever passed on to anybody. Strangers cost little: few at a time, few commands, few bytes, and not for long.
No address is logged.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections import Counter
from functools import partial
from typing import Any, NoReturn

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from engine.notify.bounces import LARGEST
from engine.notify.inbound_mail import Addresses, Reader, Take

log = structlog.get_logger()
logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd's: it writes down whatever strangers say
MOST, MOST_EACH = 20, 5
"""Connections at a time, in all and from one address."""
COMMANDS = 30
"""Of one kind in a connection; then it is closed, and who has more to say comes again."""
SILENCE, LONGEST = 60.0, 300.0
"""Seconds from one command to the next, a mail's content included; and for a whole connection."""
MOST_BYTES = 4 * LARGEST
"""In a connection."""
NOBODY = "550 5.1.1 There is no such address here"
ANSWER = (
    "550 5.2.1 Antworten an diese Adresse liest niemand, bitte rufen Sie an. "
    "Nobody reads answers to this address, please call."
)
_ONE = "452 4.5.3 One recipient at a time, please"
_AWAY = "451 4.3.0 Please try again later"
_TAKEN = "250 2.0.0 OK"


class Inbound:
    """Takes mails in."""

    def __init__(self, addresses: Addresses, take: Take) -> None:
        """Nobody is there yet."""
        self._addresses, self._reader = addresses, Reader(take)
        self.there: Counter[str] = Counter()
        """Connections, by address."""

    async def serve(self, listener: socket.socket, tls: ssl.SSLContext | None) -> NoReturn:
        """Take mails in until cancelled."""
        loop = asyncio.get_running_loop()
        hostname = self._addresses.returns.rpartition("@")[2]
        server = await loop.create_server(partial(_Visit, self, hostname, tls, loop), sock=listener)
        try:
            await server.serve_forever()
        finally:
            server.close()
        raise AssertionError("it never ends")

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Nobody signs in here."""
        session.host_name = hostname
        return [one for one in responses if not one[4:].startswith("AUTH")]

    async def handle_VRFY(self, server: SMTP, session: Session, envelope: Envelope, address: str) -> str:
        """Nobody is told who is there (RFC 5321 §7.3)."""
        return "252 2.5.2 Send some mail, and see"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, to: str, opts: list[str]) -> str:
        """Ours and proven, or refused."""
        if envelope.rcpt_tos:
            return _ONE
        if self._addresses.delivery(to) is None:
            return ANSWER if self._addresses.is_answer(to) else NOBODY
        envelope.rcpt_tos.append(to)
        return _TAKEN

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """A report is noted before it is taken; all else is taken and forgotten, for nobody would read the refusal."""
        delivery = self._addresses.delivery(envelope.rcpt_tos[0])
        assert delivery is not None
        nobody = envelope.mail_from in ("", "<>")
        await self._reader.note(delivery, envelope.original_content or b"", is_from_nobody=nobody)
        return _TAKEN

    async def handle_exception(self, problem: Exception) -> str:
        """The store is away, say: whoever has brought it keeps it."""
        log.warning("mail_not_taken", problem=type(problem).__name__)
        return _AWAY


class _Visit(SMTP):
    """One connection, with its limits."""

    def __init__(
        self, inbound: Inbound, hostname: str, tls: ssl.SSLContext | None, loop: asyncio.AbstractEventLoop
    ) -> None:
        super().__init__(
            inbound, data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname=hostname, ident="Vorzimmer",
            tls_context=tls, timeout=SILENCE, command_call_limit=COMMANDS, loop=loop,
        )  # fmt: skip
        self._inbound, self._address, self._bytes, self._is_counted = inbound, "", 0, False
        self._end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Also called when TLS begins (RFC 3207)."""
        if self._end is None and not self._is_let_in(transport):
            return
        super().connection_made(transport)

    def _is_let_in(self, transport: Any) -> bool:
        there, address = self._inbound.there, (transport.get_extra_info("peername") or ("",))[0]
        if there.total() >= MOST or there[address] >= MOST_EACH:
            transport.write(b"421 4.3.2 Too many at once, please try again later\r\n")
            transport.close()
            return False
        self._address, self._is_counted = address, True
        there[address] += 1
        self._end = self.loop.call_later(LONGEST, transport.abort)
        return True

    def data_received(self, data: bytes) -> None:
        """Whoever sends far more than a mail is cut off."""
        self._bytes += len(data)
        if self._end is None or self._bytes > MOST_BYTES:
            if self.transport is not None:
                self.transport.abort()  # type: ignore[attr-defined]
            return
        super().data_received(data)

    def eof_received(self) -> bool | None:
        """Who was not let in has nothing to end."""
        return False if self._end is None else super().eof_received()

    def connection_lost(self, error: Exception | None) -> None:
        """Room for the next."""
        if self._end is None:
            return
        self._end.cancel()
        if self._is_counted:  # aiosmtpd calls it a second time where TLS did not come about
            self._is_counted = False
            self._inbound.there -= Counter({self._address: 1})
        super().connection_lost(error)
