"""Who carries messages out of the house: a courier for each means that is set up.

Rule of this file: a secret comes from a file that nobody but its owner can read, and goes nowhere but to its courier.
"""

from __future__ import annotations

import ssl
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from engine.notify.mail import MailCourier, Server
from engine.notify.mail_writing import Sender
from engine.notify.pushover import PushoverCourier
from engine.notify.sms import Gateway, SmsCourier
from engine.notify.sms_lox24 import Lox24
from engine.notify.sms_seven import Seven
from engine.notify.sms_sipgate import Sipgate
from engine.ports import Clock
from engine.ports.outbox import Courier
from engine.service.clock import SteadyClock
from engine.settings import Settings, SettingsError
from pbx.runtime.secret_files import secret

REPLY_KEY = "reply-key"
"""The file among the home's secrets by which reply addresses are signed; made at first use."""
_GATEWAYS: Mapping[str, Callable[[str, str], Gateway]] = {"seven": Seven, "sipgate": Sipgate, "lox24": Lox24}


def couriers_of(settings: Settings, clock: Clock | None = None) -> list[Courier]:
    """Those that are set up, one for each means at most. Raises SettingsError where a file of theirs cannot be used."""
    clock = clock or SteadyClock()
    made = (_mail(settings, clock), _sms(settings, clock), _pushover(settings, clock))
    return [courier for courier in made if courier is not None]


def _mail(settings: Settings, clock: Clock) -> Courier | None:
    if not settings.smtp_host:
        return None
    password = _read(settings.smtp_password_file, "smtp_password_file") if settings.smtp_password_file else ""
    server = Server(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_ca,
        settings.smtp_user,
        password,
    )
    sender = Sender(
        settings.mail_from,
        settings.mail_name,
        settings.web_url,
        settings.language,
        settings.mail_replies,
        secret(settings.home, REPLY_KEY).encode("ascii") if settings.mail_replies else b"",
    )
    try:
        return MailCourier(server, sender, clock)
    except (OSError, ssl.SSLError) as problem:
        raise SettingsError(
            f"smtp_ca {settings.smtp_ca} cannot be used ({problem}): name a certificate in PEM"
        ) from None


def _sms(settings: Settings, clock: Clock) -> Courier | None:
    if settings.sms_gateway == "none":
        return None
    key = _read(settings.sms_key_file, "sms_key_file")
    if settings.sms_gateway != "seven" and ":" not in key:
        raise SettingsError(f"sms_key_file {settings.sms_key_file}: write it as id:key, in one line")
    gateway = _GATEWAYS[settings.sms_gateway](key, settings.sms_sender)
    return SmsCourier(gateway, clock, settings.country, settings.language)


def _pushover(settings: Settings, clock: Clock) -> Courier | None:
    if not settings.pushover_token_file:
        return None
    token = _read(settings.pushover_token_file, "pushover_token_file")
    return PushoverCourier(token, settings.web_url, clock, settings.language)


def _read(name: str, setting: str) -> str:
    """The secret in that file. Raises SettingsError, without a word of it."""
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
