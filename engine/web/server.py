"""Serves an application inside the engine's own loop, on a listening socket.

Rule of this file: signals belong to the engine, not to the web server.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI

from engine.web.relay import LARGEST

if TYPE_CHECKING:
    from engine.web.tls import Tls

STOP_SECONDS = 3
PING_SECONDS = 5.0
"""How often a WebSocket is asked whether it is still there, and how long the answer may take: a browser phone whose
machine has gone to sleep or lost its network says nothing by itself."""


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


async def serve(app: FastAPI, listener: socket.socket, tls: Tls | None = None) -> None:
    """Serve until cancelled, with TLS or without; requests under way get a moment to end."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="websockets-sansio",
        ws_max_size=LARGEST,
        ws_per_message_deflate=False,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    watching = None
    if tls:
        config.ssl_context_factory = lambda *_: tls.context
        watching = asyncio.create_task(tls.watch())
    server = _Server(config)
    try:
        await server.serve(sockets=[listener])
    finally:
        if watching:
            watching.cancel()
        for accepting in getattr(server, "servers", ()):  # else the loop goes on asking for a descriptor that is closed
            accepting.close()
        listener.close()
