"""The files that settings of messages name: passwords, keys, a certificate.

Rule of this file: a secret comes from a file that nobody but its owner can read, and no word of it is in an error. What
is wrong is told before anything starts, so nothing here takes its time to load.
"""

from __future__ import annotations

import ssl
import stat
from pathlib import Path

from engine.settings import Settings, SettingsError


def check(settings: Settings) -> None:
    """Whether all of them can be used. Raises SettingsError."""
    smtp_password(settings)
    sms_key(settings)
    pushover_token(settings)
    if settings.smtp_ca:
        smtp_tls(settings)
    imap_password(settings)
    if settings.imap_ca:
        imap_tls(settings)


def smtp_password(settings: Settings) -> str:
    """Empty = there is no login. Raises SettingsError, as all of these."""
    return _read(settings.smtp_password_file, "smtp_password_file")


def sms_key(settings: Settings) -> str:
    """Empty = there is no gateway."""
    key = _read(settings.sms_key_file, "sms_key_file")
    if settings.sms_gateway in ("sipgate", "lox24") and ":" not in key:
        raise SettingsError(f"sms_key_file {settings.sms_key_file}: write it as id:key, in one line")
    if settings.sms_gateway == "apprise" and key.count("{to}") != 1:
        raise SettingsError(f"sms_key_file {settings.sms_key_file}: write Apprise's URL, with {{to}} for the number")
    return key


def pushover_token(settings: Settings) -> str:
    """Empty = there is none."""
    return _read(settings.pushover_token_file, "pushover_token_file")


def imap_password(settings: Settings) -> str:
    """Empty = there is no mailbox."""
    return _read(settings.imap_password_file, "imap_password_file")


def smtp_tls(settings: Settings) -> ssl.SSLContext:
    """Whom the certificate of the server must be of that takes our mails."""
    return _tls(settings.smtp_ca, "smtp_ca")


def imap_tls(settings: Settings) -> ssl.SSLContext:
    """The same of the mailbox's server."""
    return _tls(settings.imap_ca, "imap_ca")


def _tls(path: Path | None, setting: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=path)
    except OSError as problem:  # ssl.SSLError too
        raise SettingsError(f"{setting} {path} cannot be used ({problem}): name a certificate in PEM") from None


def _read(name: str, setting: str) -> str:
    if not name:
        return ""
    path = Path(name).expanduser()
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SettingsError(f"{setting} {path} can be read by others: chmod 600 {path}")
        text = path.read_text("utf-8").strip()
    except OSError as problem:
        raise SettingsError(f"{setting} {path} cannot be read ({problem.strerror}): mend its rights") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{setting} {path} is no text in UTF-8: write nothing but the secret into it") from None
    if not text or not text.isprintable():
        raise SettingsError(f"{setting} {path}: write nothing but the secret into it, in one line")
    return text
