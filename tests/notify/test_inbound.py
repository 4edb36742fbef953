"""Mails that come back, over a real SMTP connection: what is let in, what is refused, and what hostile guests cost."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiosmtplib import SMTP, SMTPResponseException
from structlog.testing import capture_logs

from engine.main.couriers import couriers_of
from engine.main.inbound import receive
from engine.main.outbox import reports_of
from engine.message.states import DeliveryState, Means, Trouble
from engine.notify import inbound_smtp as module
from engine.notify.inbound_mail import Addresses
from engine.notify.inbound_smtp import ANSWER, NOBODY, Inbound
from engine.notify.returns import return_path
from engine.ports.outbox import Planned
from engine.ports.reports import Report
from engine.service.clock import SteadyClock
from engine.service.outbox_figures import OutboxFigures
from engine.settings import Settings
from engine.store.database import Database, StoreError
from engine.store.messages import StoredMessages
from engine.store.outbox import StoredOutbox
from engine.terms import AgentId, CustomerId
from engine.web.listening import listen_tcp
from tests.catalogue import service_on
from tests.notify.parcels import SLIP
from tests.notify.post import Post, certificate, opened
from tests.notify.test_bounces import KEY, RETURNS, report
from tests.store.test_outbox import noted

PATH = return_path(RETURNS, KEY, 4711)
BOUNCE = report("5.1.1", "smtp; 550 5.1.1 User unknown")
TOLD = Report(Means.MAIL, DeliveryState.FAILED, Trouble.ADDRESS, "550 5.1.1 User unknown", id=4711)
AWAY = b"Auto-Submitted: auto-replied\nSubject: Abwesend\n\nIch bin bis Montag nicht da.\n"


@dataclass
class Door:
    """Where it listens, and what has come in."""

    port: int = 0
    told: list[Report] = field(default_factory=list)
    is_away: bool = False
    inbound: Inbound = field(init=False)

    async def take(self, report: Report) -> bool:
        if self.is_away:
            raise StoreError("the database is away")
        self.told.append(report)
        return True


@asynccontextmanager
async def opened_door(tls: ssl.SSLContext | None = None) -> AsyncIterator[Door]:
    door = Door()
    door.inbound = Inbound(Addresses(RETURNS, "antwort@portal.example.net", KEY), door.take)
    listener = listen_tcp("127.0.0.1", 0)
    door.port = listener.getsockname()[1]
    serving = asyncio.create_task(door.inbound.serve(listener, tls))
    try:
        yield door
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


async def brings(port: int, to: str, raw: bytes = BOUNCE, sender: str = "", tls: ssl.SSLContext | None = None) -> str:
    """As a mail server; the answer at which it ends."""
    client = SMTP(hostname="127.0.0.1", port=port, use_tls=False, start_tls=bool(tls), tls_context=tls, timeout=10)
    try:
        async with client:
            await client.mail(sender)
            await client.rcpt(to)
            taken = await client.data(raw)
            return f"{taken.code} {taken.message}"
    except SMTPResponseException as refused:
        return f"{refused.code} {refused.message}"


async def test_a_report_at_a_proven_address_is_told_with_and_without_tls(tmp_path: Path) -> None:
    cert = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, cert.with_name("key.pem"))
    async with opened_door(context) as door:
        assert await brings(door.port, PATH) == "250 2.0.0 OK"
        trusting = ssl.create_default_context(cafile=cert)
        assert await brings(door.port, PATH.upper(), tls=trusting) == "250 2.0.0 OK"
        assert door.told == [TOLD] * 2
        async with SMTP(hostname="127.0.0.1", port=door.port, start_tls=True, tls_context=trusting) as client:
            assert not client.supports_extension("auth")


@pytest.mark.parametrize(
    ("to", "answer"),
    [
        (PATH.replace("4711", "4712"), NOBODY),
        (RETURNS, NOBODY),
        ("somebody@elsewhere.example", NOBODY),
        ("postmaster@portal.example.net", NOBODY),
        ("antwort+4711-abcdefghijklmnopqrstuvwxyz@portal.example.net", ANSWER),
    ],
)
async def test_whatever_is_not_proven_is_refused_before_it_is_read(to: str, answer: str) -> None:
    async with opened_door() as door:
        assert await brings(door.port, to) == answer
        assert door.told == []


async def test_greetings_from_holidays_change_nothing_and_no_address_is_logged() -> None:
    async with opened_door() as door:
        with capture_logs() as logs:
            assert await brings(door.port, PATH, AWAY, sender="eva@muster.example") == "250 2.0.0 OK"
        assert door.told == []
        assert [line["event"] for line in logs] == ["mail_dropped"]
        assert "@" not in repr(logs)


async def test_what_cannot_be_noted_stays_with_who_has_brought_it() -> None:
    async with opened_door() as door:
        door.is_away = True
        assert await brings(door.port, PATH) == "451 4.3.0 Please try again later"
        door.is_away = False
        assert await brings(door.port, PATH) == "250 2.0.0 OK"
    assert door.told == [TOLD]


async def test_too_large_too_many_and_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_EACH", 2)
    async with opened_door() as door:
        large = b"X: y\r\n\r\n" + (b"a" * 70 + b"\r\n") * 4000
        assert (await brings(door.port, PATH, large)).startswith("552 ")
        held = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(2)]
        for reader, _ in held:
            assert (await reader.readline()).startswith(b"220 ")
        reader, third = await asyncio.open_connection("127.0.0.1", door.port)
        assert await reader.read() == b"421 4.3.2 Too many at once, please try again later\r\n"
        third.close()
        reader, writer = held[0]
        with suppress(ConnectionError):
            for _ in range(600):  # no line ever ends
                writer.write(b"x" * 8192)
                await writer.drain()
        with suppress(ConnectionError):
            await reader.read()
        held[1][1].write(b"NOOP\r\n" * 40)
        said = await held[1][0].read()
        assert said.count(b"250 ") == module.COMMANDS and b"421 4.7.0" in said
        for _, writer in held:
            writer.close()
        assert await brings(door.port, PATH) == "250 2.0.0 OK", "there is room again"
    assert door.told == [TOLD]


async def test_who_says_nothing_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SILENCE", 0.1)
    async with opened_door() as door:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        assert (await reader.read()).startswith(b"220 ")
        writer.close()
        assert door.inbound.there.total() == 0


async def test_a_mail_that_comes_back_is_a_failure_that_is_seen(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the mail that leaves to the delivery that has failed: courier, both servers and the store as they are."""
    await service_on(database).import_text(
        "tariffs: [{name: day, hours: {mon-fri: ['08:00-18:00']}}]\ncustomers: [{number: K1, name: Korn, tariff: day}]"
    )
    store, messages, clock, figures = StoredOutbox(database), StoredMessages(database), SteadyClock(), OutboxFigures()
    now = datetime.now(UTC)
    way = Planned(Means.MAIL, "Eva Korn", "eva@korn.example", now)
    message, _ = await messages.add(CustomerId(1), "k", SLIP, (way,))
    (parcel,) = await store.claim(now, Means.MAIL, 1)
    listener, stirred = listen_tcp("127.0.0.1", 0), list[AgentId]()
    port = listener.getsockname()[1]
    async with opened(Post()) as post:
        settings = Settings(
            home=tmp_path / "vz", smtp_host="127.0.0.1", smtp_port=post.port, smtp_security="none",
            mail_from="a@portal.example.net", mail_bounces=RETURNS, inbound_port=port,
        )  # fmt: skip
        (courier,) = couriers_of(settings, clock)
        handed = await courier.send(parcel)
        [path] = post.senders
    await store.note(noted(parcel, DeliveryState.SENT, reference=handed.reference))
    receiving = asyncio.create_task(
        receive(settings, reports_of(database, clock, lambda: figures, stirred.append), listener)
    )
    try:
        for raw in (AWAY, report("4.4.1", "smtp; no answer", "delayed"), BOUNCE, BOUNCE):
            assert await brings(port, path, raw, tls=_anybody()) == "250 2.0.0 OK"
    finally:
        receiving.cancel()
        with suppress(asyncio.CancelledError):
            await receiving
    found = await messages.find(CustomerId(1), message)
    assert found
    (one,) = found.deliveries
    assert (one.is_lost, one.trouble, one.detail, one.tries) == (True, Trouble.ADDRESS, "550 5.1.1 User unknown", 1)
    assert stirred == [SLIP.agent]
    assert (figures.tries, figures.failed) == ({("mail", "address"): 1}, {"mail": 1})


def _anybody() -> ssl.SSLContext:
    """As mail servers do: they encrypt, and ask no authority."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
