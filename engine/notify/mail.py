"""Mail, by the SMTP server that the installation names (RFC 5321), over STARTTLS or TLS, with a login (RFC 3207, 4954).

Rules of this file: a mail has one recipient, so that what becomes of it is what becomes of that one. What is refused
before the recipient's turn is about us, not about it, and is never final. A mail whose end was sent and not answered
counts as not handed over: twice under one Message-ID is better than never.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage
from typing import Literal

from aiosmtplib import (
    SMTP,
    SMTPConnectResponseError,
    SMTPException,
    SMTPHeloError,
    SMTPRecipientRefused,
    SMTPResponseException,
)

from engine.message.states import DeliveryState, Means, Trouble
from engine.notify.mail_writing import Sender, in_ascii, message_id, write
from engine.notify.told import on_one_line
from engine.ports import Clock
from engine.ports.outbox import Handed, NotHanded, Parcel

PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""What is usual (RFC 6409, RFC 8314)."""
CONNECT, COMMAND, END = 20.0, 60.0, 300.0
"""Seconds for connection, greeting and TLS; for a command; and for the answer to the mail (RFC 5321 §4.5.3.2)."""
_QUIT = 5.0
"""Seconds for the farewell, when the mail is theirs already."""
_HEADERS_ALONE, _IF_IT_FAILS = ("RET=HDRS",), ("NOTIFY=FAILURE,DELAY",)
"""RFC 3461: a report need not carry what the caller has said about; and when we want one."""
_NO_ADDRESS = (550, 551, 553)
_POLICY = re.compile(r"\s*5\.7\.")
"""Security or policy (RFC 3463 §3.8): the address may well be there."""


@dataclass(frozen=True, slots=True)
class Server:
    """Who takes our mails."""

    host: str
    port: int
    """0 = as is usual."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    tls: ssl.SSLContext | None = None
    """By which its certificate is judged; None without TLS alone."""
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """Without the password."""
        return f"Server({self.host}:{self.port or PORTS[self.security]}, {self.security})"


class MailCourier:
    """Fills `Courier`. One connection for each mail: none lies idle, and none carries the trouble of another's."""

    means = Means.MAIL
    at_once = 4
    every = 0.05
    """Writing one takes some milliseconds, in which no call is looked after; thousands at once must leave it room."""
    limit = 420.0
    """Seconds that a mail may take in all: a slow server's answer to it is worth waiting for."""

    def __init__(self, server: Server, sender: Sender, clock: Clock) -> None:
        """Nothing is connected yet."""
        self._server, self._sender, self._clock = server, sender, clock

    async def send(self, parcel: Parcel) -> Handed:
        """See Courier."""
        try:
            mail, to = write(parcel, self._sender, self._clock.now()), in_ascii(parcel.address)
        except (ValueError, MessageError) as problem:
            raise NotHanded(Trouble.ADDRESS, on_one_line(str(problem)), final=True) from None
        smtp = self._connection()
        try:
            with _ours():
                await smtp.connect(timeout=CONNECT)
            await self._hand_over(smtp, mail, self._sender.return_path(parcel), to)
            with suppress(SMTPException, OSError, TimeoutError):
                await smtp.quit(timeout=_QUIT)
        finally:
            smtp.close()
        return Handed(DeliveryState.SENT, message_id(parcel, self._sender.domain))

    async def look(self, parcel: Parcel) -> Handed:
        """Nothing more is heard of a mail; one that cannot be delivered comes back by itself (`inbound_smtp`)."""
        return Handed(DeliveryState.SENT, parcel.reference)

    def _connection(self) -> SMTP:
        server = self._server
        return SMTP(
            hostname=server.host,
            port=server.port or PORTS[server.security],
            username=server.user or None,
            password=server.password if server.user else None,
            local_hostname=self._sender.domain,
            timeout=COMMAND,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=server.tls,
        )

    async def _hand_over(self, smtp: SMTP, mail: EmailMessage, sender: str, to: str) -> None:
        wide = not to.isascii()
        with _ours():
            await _greet(smtp)
        if wide and not smtp.supports_extension("smtputf8"):
            raise NotHanded(Trouble.REFUSED, "our mail server takes no addresses beyond ASCII (RFC 6531)", final=True)
        options, encoding = (["SMTPUTF8"], "utf-8") if wide else ([], "ascii")  # RFC 6531 §3.4
        comes_back = smtp.supports_extension("dsn") and bool(self._sender.returns)
        with _ours():
            await smtp.mail(sender, options=[*options, *_HEADERS_ALONE] if comes_back else options, encoding=encoding)
        with _theirs():
            await smtp.rcpt(to, options=_IF_IT_FAILS if comes_back else [], encoding=encoding)
            await smtp.data(mail.as_bytes(), timeout=END)


async def _greet(smtp: SMTP) -> None:
    """Ask what it can do; one that knows no EHLO is greeted in the old way later."""
    try:
        if smtp.is_ehlo_or_helo_needed:
            await smtp.ehlo()
    except SMTPHeloError as answer:
        if answer.code < 500:
            raise


@contextmanager
def _ours() -> Iterator[None]:
    """Until the server has taken our name, what it refuses is between it and us."""
    try:
        with _reached():
            yield
    except SMTPResponseException as answer:
        gone = answer.code < 500 or isinstance(answer, SMTPConnectResponseError)
        raise NotHanded(Trouble.UNREACHABLE if gone else Trouble.OURS, _words(answer)) from None
    except SMTPException as problem:  # the server lacks STARTTLS, or a login that we know
        raise NotHanded(Trouble.OURS, on_one_line(str(problem))) from None


@contextmanager
def _theirs() -> Iterator[None]:
    """From the recipient on, a refusal is of this mail."""
    try:
        with _reached():
            yield
    except SMTPResponseException as answer:
        raise NotHanded(
            _trouble(answer), _words(answer), final=answer.code // 100 == 5
        ) from None  # others mean nothing
    except ValueError as problem:
        raise NotHanded(Trouble.ADDRESS, on_one_line(str(problem)), final=True) from None


@contextmanager
def _reached() -> Iterator[None]:
    """Whatever is wrong with the way to the server. A certificate that is not the server's is ours to mend."""
    try:
        yield
    except SMTPConnectResponseError:
        raise
    except (OSError, TimeoutError) as problem:  # SMTPConnectError, SMTPServerDisconnected, SMTPTimeoutError too
        ours = isinstance(problem, ssl.SSLError) or isinstance(problem.__cause__, ssl.SSLError)
        raise NotHanded(Trouble.OURS if ours else Trouble.UNREACHABLE, on_one_line(str(problem))) from None


def _trouble(answer: SMTPResponseException) -> Trouble:
    if answer.code == 421:
        return Trouble.UNREACHABLE
    at_recipient = isinstance(answer, SMTPRecipientRefused) and not _POLICY.match(answer.message)
    unknown = at_recipient and answer.code in _NO_ADDRESS
    return Trouble.ADDRESS if unknown else Trouble.REFUSED


def _words(answer: SMTPResponseException) -> str:
    return on_one_line(f"{answer.code} {answer.message}")
