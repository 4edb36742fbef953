"""Serves an application inside the engine's own loop, on a TCP port or a UNIX socket.

Rule of this file: signals belong to the engine, not to the web server; a socket file is made unreadable for others
before anybody can connect.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from fastapi import FastAPI

STOP_SECONDS = 3


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


class PortTaken(OSError):
    """It is not possible to listen there, mostly because somebody does already; the text says where and why."""


def listen_tcp(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 = a free one. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as problem:
        listener.close()
        raise PortTaken(f"{host}:{port} cannot be listened on: {problem.strerror}") from None
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


async def serve(app: FastAPI, listener: socket.socket) -> None:
    """Serve until cancelled; requests under way get a moment to end."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=STOP_SECONDS
    )
    server = _Server(config)
    try:
        await server.serve(sockets=[listener])
    finally:
        listener.close()
