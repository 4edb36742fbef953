"""Who carries messages out of the house: a courier for each means that is set up.

Rules of this file: a means that is not set up has none; a secret goes nowhere but to its courier. A file that has gone
bad since the start costs that means, told in the log, and no call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import structlog

from engine.main.notify_secrets import pushover_token, sms_key, smtp_password, smtp_tls
from engine.notify.mail import MailCourier, Server
from engine.notify.mail_writing import Sender
from engine.notify.pushover import PushoverCourier
from engine.notify.sms import Gateway, SmsCourier
from engine.notify.sms_apprise import AppriseGateway
from engine.notify.sms_lox24 import Lox24
from engine.notify.sms_seven import Seven
from engine.notify.sms_sipgate import Sipgate
from engine.ports import Clock
from engine.ports.outbox import Courier, NotHanded
from engine.service.clock import SteadyClock
from engine.service.pushover_keys import IsUser
from engine.settings import Settings, SettingsError
from pbx.runtime.secret_files import secret

log = structlog.get_logger()
REPLY_KEY = "reply-key"
"""The file among the home's secrets by which reply addresses and return paths are signed; made at first use."""
_PATIENCE = 5.0
"""Seconds in which Pushover may say whether it knows a user, while somebody waits for the page."""
_GATEWAYS: Mapping[str, Callable[[str, str], Gateway]] = {
    "seven": Seven,
    "sipgate": Sipgate,
    "lox24": Lox24,
    "apprise": AppriseGateway,
}


def couriers_of(settings: Settings, clock: Clock | None = None, fax: Courier | None = None) -> list[Courier]:
    """Those that are set up, one for each means at most. `fax`: that of an engine, for the switch is needed for it."""
    clock = clock or SteadyClock()
    found: list[Courier] = []
    for is_set_up, make in (
        (settings.smtp_host, _mail),
        (settings.sms_gateway != "none", _sms),
        (settings.pushover_token_file, _pushover),
    ):
        if not is_set_up:
            continue
        try:
            found.append(make(settings, clock))
        except SettingsError as problem:
            log.error("courier_away", why=str(problem))
    return [*found, fax] if fax else found


def pushover_users(settings: Settings) -> IsUser | None:
    """Who tells whether a user key is somebody's; None = Pushover is not set up."""
    if not settings.pushover_token_file:
        return None

    async def is_user(key: str) -> bool | None:
        try:
            async with asyncio.timeout(_PATIENCE):
                return await _pushover(settings, SteadyClock()).is_user(key)
        except (NotHanded, TimeoutError, SettingsError):
            return None

    return is_user


def reply_key(settings: Settings) -> bytes:
    """By which the addresses are signed that mails come back to."""
    return secret(settings.home, REPLY_KEY).encode("ascii")


def _mail(settings: Settings, clock: Clock) -> Courier:
    server = Server(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        smtp_tls(settings) if settings.smtp_security != "none" else None,
        settings.smtp_user,
        smtp_password(settings),
    )
    sender = Sender(
        settings.mail_from,
        settings.mail_name,
        settings.web_url,
        settings.language,
        settings.mail_replies,
        reply_key(settings) if settings.mail_replies or settings.mail_bounces else b"",
        settings.mail_bounces,
    )
    return MailCourier(server, sender, clock)


def _sms(settings: Settings, clock: Clock) -> Courier:
    gateway = _GATEWAYS[settings.sms_gateway](sms_key(settings), settings.sms_sender)
    return SmsCourier(gateway, clock, settings.country, settings.language)


def _pushover(settings: Settings, clock: Clock) -> PushoverCourier:
    return PushoverCourier(pushover_token(settings), settings.web_url, clock, settings.language)
