"""Sockets for the web: a TCP port, or a UNIX socket that only our own account may open.

Rule of this file: a socket file is made unreadable for others before anybody can connect.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path


class PortTaken(OSError):
    """It is not possible to listen there, mostly because somebody does already; the text says where and why."""


def listen_tcp(host: str, port: int, setting: str = "web") -> socket.socket:
    """A listening socket; port 0 = a free one. `setting`: what host and port begin with. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as problem:
        listener.close()
        mend = f"set {setting}_host and {setting}_port to what is free"
        raise PortTaken(f"{host}:{port} cannot be listened on: {problem.strerror}; {mend}") from None
    return listener


def listen_unix(path: Path) -> socket.socket:
    """A listening socket that only our own account may open; one left over by a dead engine is replaced.

    Raises PortTaken, e.g. for a path of more than 107 bytes.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        listener.bind(str(path))
    except OSError as problem:
        listener.close()
        why = problem.strerror or problem
        raise PortTaken(f"{path} cannot be listened on ({why}): set VORZIMMER_HOME to another, shorter path") from None
    finally:
        os.umask(mask)
    listener.listen(128)
    return listener
