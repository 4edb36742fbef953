"""A real SMTP server on loopback (aiosmtpd) that does what a test tells it to, and keeps what it has taken."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP as Plain
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from engine.main.own_certificate import made


class SMTP(Plain):
    """Takes the parameters of RFC 3461, which it does not know."""

    def _getparams(self, params: Sequence[str]) -> dict[str, str | bool] | None:
        assert isinstance(self.event_handler, Post)
        ours = [one for one in params if one.partition("=")[0] in ("RET", "NOTIFY")] if self.event_handler.dsn else []
        self.event_handler.parameters += ours
        return super()._getparams([one for one in params if one not in ours])


USER, PASSWORD = "anna", "geheim-für-anna"


@dataclass
class Post:
    """What it answers, and what it got. Answers count until they are taken away again."""

    port: int = 0
    rcpt: dict[str, str] = field(default_factory=dict)
    """Answers to RCPT, by address; others are taken."""
    mail: str = ""
    """The answer to MAIL, unless it is taken."""
    end: str = ""
    """The answer to the mail itself, unless it is taken."""
    hangs_up: bool = False
    """It goes without a word when it has the whole mail."""
    asleep: asyncio.Event | None = None
    """RCPT is not answered before that."""
    got: list[tuple[str, EmailMessage]] = field(default_factory=list)
    """Recipient and mail."""
    options: list[list[str]] = field(default_factory=list)
    """Of each MAIL."""
    dsn: bool = False
    """It offers to tell what becomes of a mail (RFC 3461)."""
    no_ehlo: bool = False
    """It knows HELO alone (RFC 821)."""
    parameters: list[str] = field(default_factory=list)
    """Of RFC 3461."""
    senders: list[str] = field(default_factory=list)
    """The return path of each mail."""
    logins: list[bool] = field(default_factory=list)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        if self.no_ehlo:
            return ["500 what?"]
        session.host_name = hostname
        return [responses[0], *(["250-DSN"] if self.dsn else []), *responses[1:]]

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, sender: str, opts: list[str]
    ) -> str:
        self.options.append(opts)
        if not self.mail:
            envelope.mail_from = sender
        return self.mail or "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, to: str, opts: list[str]) -> str:
        if self.asleep:
            await self.asleep.wait()
        if to not in self.rcpt:
            envelope.rcpt_tos.append(to)
        return self.rcpt.get(to, "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        if self.end:
            return self.end
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.senders.append(envelope.mail_from or "")
        self.got += [(to, mail) for to in envelope.rcpt_tos]
        if self.hangs_up:
            assert server.transport
            server.transport.close()
        return "250 queued as 4711"

    def check(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        right = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        self.logins.append(right)
        return AuthResult(success=right, handled=False)


def certificate(directory: Path, *names: str) -> Path:
    """One of the kind that the web makes for itself, with its key beside it."""
    key, cert = made(names or ("127.0.0.1",), datetime.now(UTC))
    (directory / "key.pem").write_bytes(key)
    (directory / "cert.pem").write_bytes(cert)
    return directory / "cert.pem"


@asynccontextmanager
async def opened(
    post: Post, security: str = "none", cert: Path | None = None, login: bool = False
) -> AsyncIterator[Post]:
    """It takes mails at `post.port`, which is a free one unless it has one."""
    loop, context = asyncio.get_running_loop(), None
    if cert:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(cert, cert.with_name("key.pem"))
    options: dict[str, Any] = {"tls_context": context, "require_starttls": True} if security == "starttls" else {}
    if login:
        starttls = security == "starttls"
        options |= {"authenticator": post.check, "auth_required": starttls, "auth_require_tls": starttls}
    server = await loop.create_server(
        lambda: SMTP(post, hostname="post.test", enable_SMTPUTF8=True, loop=loop, **options),
        "127.0.0.1",
        post.port,
        ssl=context if security == "tls" else None,
    )
    post.port = server.sockets[0].getsockname()[1]
    try:
        yield post
    finally:
        server.close()
        await server.wait_closed()
