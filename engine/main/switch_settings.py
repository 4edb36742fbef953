"""Which switch this installation has, and where it, its sounds and its sockets are, as the settings say.

Rule of this file: nothing of the switch itself is loaded: quick commands need to know no more than this.
"""

from __future__ import annotations

import contextlib
import random
import socket
from collections.abc import Sequence
from pathlib import Path

from engine.ports.phones import IceServer
from engine.settings import Settings
from pbx.runtime.settings import BadSetting, Mode, SwitchSettings

_PORTS = range(20_000, 32_000)
"""Where Asterisk's own interfaces may be."""


def _port(settings: Settings, name: str, wanted: int) -> int:
    """The port of one of Asterisk's interfaces; a free one is chosen once per home, for a running Asterisk keeps it."""
    if wanted:
        return wanted
    chosen = settings.home / "run" / name
    if not chosen.exists() or not chosen.read_text("ascii", "replace").isdecimal():
        chosen.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = chosen.with_suffix(".new")
        new.write_text(str(_free_port()), "ascii")
        new.replace(chosen)
    return int(chosen.read_text("ascii"))


def _free_port() -> int:
    """One that nobody has, and that no outgoing connection is given before the next start: those are above 32767."""
    for port in random.sample(_PORTS, len(_PORTS)):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise BadSetting(f"no port of {_PORTS.start} to {_PORTS.stop - 1} is free: set ari_port and ami_port")


def switch_settings(settings: Settings) -> SwitchSettings:
    """The switch's part of the settings. Raises BadSetting."""
    return SwitchSettings(
        home=settings.home,
        sip_host=settings.sip_host,
        sip_port=settings.sip_port,
        external=str(settings.sip_external or ""),
        local_nets=tuple(settings.sip_local_nets.split()),
        rtp_ports=(settings.rtp_start, settings.rtp_end),
        ari_port=_port(settings, "ari-port", settings.ari_port),
        ami_port=_port(settings, "ami-port", settings.ami_port),
        sounds=settings.sounds,
        mode=Mode(settings.switch),
        user=settings.switch_user,
        phone_transfers=settings.phone_transfers,
    )


def announced_from(settings: Settings) -> Path:
    """The directory of the announcements, as the switch knows it. Raises BadSetting."""
    if settings.switch == "external":
        return settings.sounds / settings.language
    return switch_settings(settings).played / settings.language


def phones_socket(settings: Settings) -> str:
    """Where browsers' SIP is taken in: at the HTTP server that has ARI, too. Raises BadSetting."""
    url = settings.ari_url if settings.switch == "external" else switch_settings(settings).ari_url
    return f"ws{url.removeprefix('http').rstrip('/').removesuffix('/ari')}/ws"


def ice_servers(settings: Settings) -> Sequence[IceServer]:
    """What browser phones ask for ways to the switch. Raises BadSetting where the password cannot be read."""
    password = ""
    if settings.turn_password_file:
        try:
            password = Path(settings.turn_password_file).read_text("utf-8").strip()
        except OSError as problem:
            raise BadSetting(f"turn_password_file {settings.turn_password_file}: {problem.strerror}") from None
    login = (settings.turn_user, password)
    return [IceServer(url, *(login if url.startswith("turn") else ())) for url in settings.ice_servers.split()]


def sip_server(settings: Settings) -> tuple[str, int]:
    """Where a phone on this machine reaches the switch."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.sip_host, settings.sip_host)
    return host, settings.sip_port
