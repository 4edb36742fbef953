"""A mailbox that is read for what comes back, on a real IMAP server (pymap), over STARTTLS and TLS."""

from __future__ import annotations

import asyncio
import imaplib
import ssl
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from engine.notify.inbound_mail import Addresses
from engine.notify.inbound_mailbox import Mailbox, Server
from engine.ports.reports import Report
from engine.store.database import StoreError
from tests.notify.post import certificate
from tests.notify.test_bounces import EXIM, KEY, RETURNS
from tests.notify.test_inbound import BOUNCE, PATH, TOLD
from tests.ports import free_port
from tests.stories.installation import eventually

USER, PASSWORD = "demouser", "demopass"
ANSWER = b"To: antwort+4711-x@portal.example.net\r\nSubject: Re: Anruf\r\n\r\nBitte morgen.\r\n"
FORGED = b"To: " + PATH.replace("4711", "4712").encode() + b"\r\n" + BOUNCE
OURS = b"To: " + PATH.encode() + b"\r\nReturn-Path: <>\r\n"


class Postbox:
    """The mailbox, as whoever delivers to it sees it."""

    def __init__(self, port: int, cert: Path) -> None:
        self.port, self.cert, self.trusting = port, cert, ssl.create_default_context(cafile=cert)

    async def does(self, work: Callable[[imaplib.IMAP4], Any]) -> Any:
        def doing() -> Any:
            with imaplib.IMAP4("127.0.0.1", self.port, timeout=10) as imap:
                imap.starttls(self.trusting)
                imap.login(USER, PASSWORD)
                imap.select("INBOX")
                return work(imap)

        return await asyncio.to_thread(doing)

    async def gets(self, *mails: bytes) -> None:
        await self.does(lambda imap: [imap.append("INBOX", "", "", raw) for raw in mails])

    async def unread(self) -> int:
        found = await self.does(lambda imap: imap.uid("SEARCH", "UNSEEN"))
        return len(found[1][0].split())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def postbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Postbox]:
    """Empty, on a server in memory."""
    directory, port = tmp_path_factory.mktemp("imap"), free_port()
    cert = certificate(directory, "127.0.0.1")
    command = [sys.executable, "-c", "from pymap.main import main; main()", "--host", "127.0.0.1", "--port", str(port),
               "--cert", str(cert), "--key", str(cert.with_name("key.pem")), "dict"]  # fmt: skip
    server = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    postbox = Postbox(port, cert)

    async def is_there() -> bool:
        with suppress(OSError):
            await postbox.unread()
            return True
        return False

    try:
        await eventually(is_there, "the IMAP server", within=20)
        yield postbox
    finally:
        server.terminate()
        await server.wait()


def mailbox(postbox: Postbox, told: list[Report], **changed: Any) -> Mailbox:
    async def take(report: Report) -> bool:
        told.append(report)
        return True

    told_server = {"port": postbox.port, "security": "starttls", "tls": postbox.trusting, "user": USER,
                   "password": PASSWORD, **changed}  # fmt: skip
    take = told_server.pop("take", take)
    return Mailbox(Server("127.0.0.1", **told_server), Addresses(RETURNS, "antwort@portal.example.net", KEY), take)


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_ours_is_noted_and_read_and_all_else_stays(postbox: Postbox) -> None:
    before, told = await postbox.unread(), list[Report]()
    reading = mailbox(postbox, told)
    await postbox.gets(ANSWER, FORGED, OURS + BOUNCE, OURS + EXIM, OURS + b"Subject: Abwesend\r\n\r\nBis Montag.\r\n")
    with capture_logs() as logs:
        await reading.look()
        await reading.look()
    assert told[0] == TOLD and [one.id for one in told] == [4711, 4711]
    assert await postbox.unread() == before + 2, "the answer, and what was forged"
    assert [line["event"] for line in logs] == ["mail_dropped"]
    await postbox.gets(OURS + BOUNCE)
    await reading.look()
    assert len(told) == 3
    again = list[Report]()
    await mailbox(postbox, again).look()
    assert again == [], "after a restart, too"


@asynccontextmanager
async def over_tls(postbox: Postbox) -> AsyncIterator[int]:
    """The same server with TLS from the first byte, which it has not itself: what is within is passed on to it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(postbox.cert, postbox.cert.with_name("key.pem"))

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(4096):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def came(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner = await asyncio.open_connection("127.0.0.1", postbox.port)
        await asyncio.gather(pass_on(reader, inner[1]), pass_on(inner[0], writer))

    server = await asyncio.start_server(came, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.asyncio(loop_scope="module")
async def test_tls_from_the_first_byte(postbox: Postbox) -> None:
    told = list[Report]()
    await postbox.gets(OURS + BOUNCE)
    async with over_tls(postbox) as port:
        await mailbox(postbox, told, port=port, security="tls").look()
        with capture_logs() as logs:
            await mailbox(postbox, told, port=port, security="tls", tls=ssl.create_default_context()).look()
    assert (told, [line["problem"] for line in logs]) == ([TOLD], ["SSLCertVerificationError"])


@pytest.mark.asyncio(loop_scope="module")
async def test_what_cannot_be_noted_stays_for_the_next_round(postbox: Postbox) -> None:
    told = list[Report]()
    is_away = True

    async def take(report: Report) -> bool:
        if is_away:
            raise StoreError("the database is away")
        told.append(report)
        return True

    reading, before = mailbox(postbox, [], take=take), await postbox.unread()
    await postbox.gets(OURS + BOUNCE)
    await reading.look()
    assert await postbox.unread() == before + 1
    is_away = False
    await reading.look()
    assert (told, await postbox.unread()) == ([TOLD], before)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    "wrong", [{"password": "falsch-ü"}, {"folder": "Nowhere"}, {"tls": ssl.create_default_context()}, {"port": 1}]
)
async def test_a_mailbox_that_cannot_be_read_is_told_of_once(postbox: Postbox, wrong: dict[str, Any]) -> None:
    told = list[Report]()
    reading = mailbox(postbox, told, **wrong)
    with capture_logs() as logs:
        await reading.look()
        await reading.look()
    assert [line["event"] for line in logs] == ["mailbox_away"]
    assert "falsch" not in repr(logs) and told == []
