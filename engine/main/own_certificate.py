"""A certificate of the installation's own, for who has none: signed by itself, made once, made anew before it ends.

Rule of this file: one that is good for the names that are asked for is never overwritten; nobody else can read its key.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from engine.settings import Settings
from engine.web.tls import Pair, Tls, TlsProblem

LASTS = timedelta(days=397)
"""The longest that browsers accept."""
EARLY = timedelta(days=30)
"""It is made anew that long before it ends."""
_ALWAYS = ("localhost", "127.0.0.1", "::1")
_EVERYWHERE = ("0.0.0.0", "::")
_LARGEST_NAME = 64
"""Characters of a common name (RFC 5280, ub-common-name)."""


def tls_of(settings: Settings) -> Tls:
    """What the web is served with, from files or made here. Raises TlsProblem."""
    if settings.web_tls == "files":
        assert settings.web_tls_cert
        assert settings.web_tls_key
        return Tls(Pair(settings.web_tls_cert, settings.web_tls_key))
    own = OwnCertificate(settings.home / "tls", names_of(settings))
    return Tls(own.pair, own.renew)


def names_of(settings: Settings) -> list[str]:
    """The names and addresses under which browsers reach the web."""
    outside = urlsplit(settings.web_url).hostname or ""
    here = [settings.web_host] if settings.web_host not in _EVERYWHERE else []
    return list(dict.fromkeys(name for name in (outside, *here, *_ALWAYS) if name))


class OwnCertificate:
    """The files in this directory."""

    def __init__(self, directory: Path, names: Iterable[str]) -> None:
        """Nothing is made yet."""
        self.pair = Pair(directory / "cert.pem", directory / "key.pem")
        self._directory, self._names = directory, list(names)

    def renew(self) -> None:
        """Make it, unless there is a good one. Raises TlsProblem where it cannot be written."""
        now = datetime.now(UTC)
        if self._is_good(now):
            return
        try:
            self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            for path, content in zip((self.pair.key, self.pair.cert), made(self._names, now), strict=True):
                _write(path, content)
        except OSError as problem:
            raise TlsProblem(f"{self._directory} cannot be written ({problem.strerror}): mend its rights") from None

    def _is_good(self, now: datetime) -> bool:
        try:
            cert = self.pair.check(now + EARLY)
        except TlsProblem:
            return False
        named = cert.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return set(map(_name, self._names)) <= set(named)


def made(names: Iterable[str], now: datetime) -> tuple[bytes, bytes]:
    """A new key and a certificate for these names, PEM."""
    names, key = list(names), ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Vorzimmer {names[0]}"[:_LARGEST_NAME])])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    cert = (
        x509.CertificateBuilder(subject, subject, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))  # for machines whose clock is behind
        .not_valid_after(now + LASTS)
        .add_extension(x509.SubjectAlternativeName(map(_name, names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form), cert.public_bytes(serialization.Encoding.PEM)


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name.encode("idna").decode("ascii"))


def _write(path: Path, content: bytes) -> None:
    """Whole, and for our own account only."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    new.replace(path)
