"""Ports for what tests start.

Rule of this file: below the range from which the machine itself takes ports for outgoing sockets (32768 on Linux), so
that a port found free is not taken a moment later.
"""

from __future__ import annotations

import random
import socket

_FROM, _TO = 20_000, 32_000


def free_port(host: str = "127.0.0.1") -> int:
    """A port of `host` that is free now for UDP and TCP."""
    for port in random.sample(range(_FROM, _TO), 1000):
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            try:
                tcp.bind((host, port))
                udp.bind((host, port))
            except OSError:
                continue
            return port
    raise AssertionError(f"no free port at {host}")
