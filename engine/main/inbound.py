"""Mails that come back: our own small mail server, and a mailbox elsewhere, put together.

Rule of this file: composition only; loaded when calls are served, for they come first. What goes wrong here ends
nothing else.
"""

from __future__ import annotations

import asyncio
import socket

import structlog

from engine.main.couriers import reply_key
from engine.main.notify_secrets import imap_password, imap_tls
from engine.main.own_certificate import OwnCertificate
from engine.notify.inbound_mail import Addresses
from engine.notify.inbound_mailbox import Mailbox, Server
from engine.notify.inbound_smtp import Inbound
from engine.service.reports import Reports
from engine.settings import Settings, SettingsError
from engine.web.tls import Tls, TlsProblem

log = structlog.get_logger()


async def receive(settings: Settings, reports: Reports, listener: socket.socket | None) -> None:
    """Take in mails that come back, by every way that is set up, until cancelled."""
    addresses = Addresses(settings.mail_bounces, settings.mail_replies, reply_key(settings))
    async with asyncio.TaskGroup() as tasks:
        if listener:
            tasks.create_task(_listen(settings, Inbound(addresses, reports.take), listener))
        if server := _mailbox(settings):
            tasks.create_task(Mailbox(server, addresses, reports.take).run())


async def _listen(settings: Settings, inbound: Inbound, listener: socket.socket) -> None:
    tls = await asyncio.to_thread(_tls, settings)
    watching = asyncio.create_task(tls.watch()) if tls else None
    try:
        await inbound.serve(listener, tls.context if tls else None)
    finally:
        if watching:
            watching.cancel()


def _mailbox(settings: Settings) -> Server | None:
    if not settings.imap_host:
        return None
    try:
        return Server(
            settings.imap_host,
            settings.imap_port,
            settings.imap_security,
            imap_tls(settings),
            settings.imap_user,
            imap_password(settings),
            settings.imap_folder,
        )
    except SettingsError as problem:
        log.error("mailbox_away", why=str(problem))
        return None


def _tls(settings: Settings) -> Tls | None:
    """Mail servers ask no authority whose certificate it is (RFC 7435), so one of our own will do."""
    own = OwnCertificate(settings.home / "tls-mail", [settings.mail_bounces.rpartition("@")[2], "localhost"])
    try:
        return Tls(own.pair, own.renew)
    except TlsProblem as problem:
        log.error("inbound_without_tls", why=str(problem))
        return None
