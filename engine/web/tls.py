"""The web's own TLS: the certificate's files, whether they are good, and taking up what was renewed on disk.

Rules of this file: files that cannot serve are refused with one line that says how to mend them, before anything
starts. While it runs nothing that is wrong with new files ends what is served: the certificate before stays. New
connections get a renewed one, those that there are go on.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import structlog
from cryptography import x509
from cryptography.hazmat.primitives import serialization

LOOK = 10.0
"""Seconds between two looks at the files."""
SOON = timedelta(days=14)
"""A certificate that ends within that time is told of in the log."""
log = structlog.get_logger()
_DER = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


class TlsProblem(Exception):
    """The certificate or its key cannot be used. One line: which file, what is wrong, how to mend it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The two files, PEM: the certificate with those that lead to its authority behind it, and its key."""

    cert: Path
    key: Path

    def check(self, now: datetime) -> x509.Certificate:
        """The certificate. Raises TlsProblem."""
        cert, key = _certificate(self.cert), _key(self.key)
        if cert.public_key().public_bytes(*_DER) != key:
            raise TlsProblem(f"{self.key} is not the key of {self.cert}: name two files that belong together")
        if not cert.not_valid_before_utc <= now < cert.not_valid_after_utc:
            when = f"{cert.not_valid_before_utc:%Y-%m-%d} to {cert.not_valid_after_utc:%Y-%m-%d}"
            raise TlsProblem(f"{self.cert} is valid from {when}, which today is not: renew it")
        return cert

    def load(self, context: ssl.SSLContext) -> None:
        """Let the context show it. Raises TlsProblem for what OpenSSL does not take."""
        try:
            context.load_cert_chain(self.cert, self.key)
        except (ssl.SSLError, OSError) as problem:
            raise TlsProblem(f"{self.cert} cannot be used ({problem}): renew it") from None


def _certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(_read(path))
    except ValueError:
        raise TlsProblem(f"{path} holds no certificate in PEM (-----BEGIN CERTIFICATE-----): write it so") from None


def _key(path: Path) -> bytes:
    """The public half of the key."""
    try:
        found = serialization.load_pem_private_key(_read(path), None)
    except TypeError:
        raise TlsProblem(f"{path} is a key with a passphrase: write it without one") from None
    except ValueError:
        raise TlsProblem(f"{path} holds no private key in PEM (-----BEGIN PRIVATE KEY-----): write it so") from None
    return found.public_key().public_bytes(*_DER)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise TlsProblem(f"{path} cannot be read ({problem.strerror}): mend its rights or the setting") from None


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Tls:
    """What the web is served with. `renew()` is asked first at every look; it may write new files."""

    pair: Pair
    renew: Callable[[], None] = lambda: None
    now: Callable[[], datetime] = _now
    context: ssl.SSLContext = field(init=False)
    is_own: bool = field(init=False)
    """Signed by itself: a browser knows it only by an exception that somebody has made for it."""

    def __post_init__(self) -> None:
        """Raises TlsProblem."""
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.renew()
        self._seen = self._stamp()
        self._take_up()

    async def watch(self) -> NoReturn:
        """Take up what was renewed, until cancelled."""
        while True:
            await asyncio.sleep(LOOK)
            await asyncio.to_thread(self.look)

    def look(self) -> None:
        """Take up new files; wrong ones are told of once."""
        try:
            self.renew()
            stamp = self._stamp()
            if stamp == self._seen:
                return
            self._seen = stamp
            self._take_up()
        except (TlsProblem, OSError) as problem:
            log.error("certificate_not_taken_up", problem=str(problem))

    def _take_up(self) -> None:
        cert = self.pair.check(self.now())
        self.pair.load(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))  # a failure there would leave ours with half of it
        self.pair.load(self.context)
        self.is_own = cert.issuer == cert.subject
        ends = cert.not_valid_after_utc
        log.info("certificate_taken_up", cert=str(self.pair.cert), ends=f"{ends:%Y-%m-%d}")
        if ends - self.now() < SOON:
            log.warning("certificate_ends_soon", cert=str(self.pair.cert), ends=f"{ends:%Y-%m-%d}", mend="renew it")

    def _stamp(self) -> tuple[tuple[int, int, int], ...]:
        """What is another one when a file has been written or replaced."""
        try:
            found = [path.stat() for path in (self.pair.cert, self.pair.key)]
        except OSError:
            return ()
        return tuple((one.st_mtime_ns, one.st_size, one.st_ino) for one in found)
