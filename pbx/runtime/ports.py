"""Whether the switch's ports are free, asked before it starts: Asterisk itself would run on without them."""

from __future__ import annotations

import socket

from pbx.runtime.settings import AMI_HOST, BadSetting, SwitchSettings


def check_ports(settings: SwitchSettings) -> None:
    """Raises BadSetting naming the port that is taken, and the setting that changes it."""
    sip = (settings.sip_host, settings.sip_port, "VORZIMMER_SIP_PORT")
    ari = (settings.ari_host, settings.ari_port, "VORZIMMER_ARI_PORT")
    _check(socket.SOCK_DGRAM, "UDP", *sip)
    _check(socket.SOCK_STREAM, "TCP", *sip)
    _check(socket.SOCK_STREAM, "TCP", *ari)
    _check(socket.SOCK_STREAM, "TCP", AMI_HOST, settings.ami_port, "VORZIMMER_AMI_PORT")


def _check(kind: socket.SocketKind, protocol: str, host: str, port: int, setting: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind is socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            place, reason = f"{protocol} port {port} of {host}", error.strerror
            raise BadSetting(f"{place} cannot be used ({reason}): set {setting} to a free port") from error
