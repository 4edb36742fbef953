"""The other way in for what comes back: a mailbox of somebody else's server, read by IMAP over TLS (RFC 9051).

Rules of this file: read is what came to a return path of ours, and marked as read once it is noted; all else, answers
too, stays as it lies there. Nothing is deleted. Each round is a connection of its own, in a thread for which nobody
waits when the engine stops.
"""

from __future__ import annotations

import asyncio
import imaplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from functools import partial
from threading import Thread
from typing import Literal, NoReturn

import structlog

from engine.notify.bounces import LARGEST
from engine.notify.inbound_mail import Addresses, Reader, Take

log = structlog.get_logger()
PORTS = {"tls": 993, "starttls": 143}
"""What is usual (RFC 8314)."""
PAUSE = 60.0
"""Seconds from one round to the next."""
_LIMIT = 30.0
"""Seconds for an answer of the server's."""
_NOTING = 60.0
"""Seconds in which a report is noted, or stays for the next round."""
_MOST = 200
"""Mails that are looked at in a round; the others have their turn in the next."""
_HEAD = 65_536
"""Bytes of a mail that are looked at to see whose it is."""
_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")
"""Where servers write down whom a mail came to; a report is addressed to the return path itself (RFC 3464 §2)."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where the mailbox is."""

    host: str
    port: int
    """0 = as is usual."""
    security: Literal["tls", "starttls"]
    tls: ssl.SSLContext
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"


class Mailbox:
    """Reads one."""

    def __init__(self, server: Server, addresses: Addresses, take: Take) -> None:
        """Nothing is read yet."""
        self._server, self._addresses, self._reader = server, addresses, Reader(take)
        self._validity, self._last = b"", 0
        """What was looked at in this mailbox: numbers up to this one (RFC 9051 §2.3.1.1)."""
        self._is_away = False

    async def run(self) -> NoReturn:
        """Read until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(PAUSE)

    async def look(self) -> None:
        """One round. What goes wrong is told once until it goes well again."""
        try:
            await _in_thread(partial(self._round, asyncio.get_running_loop()))
        except (imaplib.IMAP4.error, OSError, ValueError) as problem:
            if not self._is_away:
                mend = "look at imap_host and what belongs to it"
                log.error("mailbox_away", problem=type(problem).__name__, mend=mend)
            self._is_away = True
        except Exception as problem:  # the store's
            log.warning("mail_not_taken", problem=type(problem).__name__)
        else:
            self._is_away = False

    def _round(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._opened() as imap:
            for number in self._new(imap):
                head = message_from_bytes(_fetched(imap, number, f"BODY.PEEK[HEADER]<0.{_HEAD}>"))
                delivery = self._delivery(head)
                if delivery is not None:
                    raw = _fetched(imap, number, f"BODY.PEEK[]<0.{LARGEST}>")
                    noting = self._reader.note(
                        delivery, raw, is_from_nobody=str(head.get("Return-Path")).strip() == "<>"
                    )
                    asyncio.run_coroutine_threadsafe(noting, loop).result(_NOTING)
                    imap.uid("STORE", str(number), "+FLAGS.SILENT", r"(\Seen)")
                self._last = number

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        server = self._server
        port = server.port or PORTS[server.security]
        if server.security == "tls":
            imap: imaplib.IMAP4 = imaplib.IMAP4_SSL(server.host, port, ssl_context=server.tls, timeout=_LIMIT)
        else:
            imap = imaplib.IMAP4(server.host, port, timeout=_LIMIT)
        try:
            if server.security == "starttls":
                imap.starttls(server.tls)
            secret = f"\0{server.user}\0{server.password}".encode()
            imap.authenticate("PLAIN", lambda _: secret)  # RFC 4616: in UTF-8, which LOGIN cannot
            if imap.select(f'"{server.folder}"')[0] != "OK":
                raise imaplib.IMAP4.error("there is no such folder")
            yield imap
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                imap.logout()

    def _new(self, imap: imaplib.IMAP4) -> list[int]:
        """What nobody has read, and we have not looked at yet, the oldest first."""
        validity = (imap.response("UIDVALIDITY")[1] or [b""])[0] or b""
        if validity != self._validity:
            self._validity, self._last = validity, 0
        _, found = imap.uid("SEARCH", f"UID {self._last + 1}:*", "UNSEEN")
        numbers = sorted(int(number) for number in (found[0] or b"").split())
        return [number for number in numbers if number > self._last][:_MOST]  # `n:*` has the last one in any case

    def _delivery(self, head: Message) -> int | None:
        written = getaddresses([str(value) for name in _TO for value in head.get_all(name, [])])
        found = (self._addresses.delivery(address) for _, address in written)
        return next((delivery for delivery in found if delivery is not None), None)


async def _in_thread(work: Callable[[], None]) -> None:
    """As `asyncio.to_thread`; but the program may end meanwhile, whatever the other side is doing."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def ended(problem: Exception | None) -> None:
        if done.done():
            return
        if problem:
            done.set_exception(problem)
        else:
            done.set_result(None)

    def working() -> None:
        problem = None
        try:
            work()
        except Exception as found:
            problem = found
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(ended, problem)

    Thread(target=working, name="mailbox", daemon=True).start()
    await done


def _fetched(imap: imaplib.IMAP4, number: int, what: str) -> bytes:
    """That part of the mail; empty if it is gone meanwhile."""
    _, found = imap.uid("FETCH", str(number), f"({what})")
    return next((one[1] for one in found or [] if isinstance(one, tuple)), b"")
