"""One WebSocket to one Asterisk, from its opening to its end: frames out, frames in, nothing decided.

Rule of this file: Asterisk works through the requests of a socket strictly one after another. So they are
written in the order given, without waiting, and an answer that names no request belongs to the oldest one.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from time import monotonic
from typing import Any, Literal, NoReturn

import aiohttp
import structlog

from pbx.ari.codec import decode, encode
from pbx.ari.counters import Counters
from pbx.ari.model import AnyEvent, RESTResponse
from pbx.ari.outcome import LinkDown, OnDone, Outcome, Response

log = structlog.get_logger(__name__)

Socket = aiohttp.ClientWebSocketResponse[Literal[False]]
"""A WebSocket whose text frames arrive as bytes."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """How often the switch is asked whether it is there, and how long it may take to answer: seconds, > 0."""

    every: float = 5.0
    deadline: float = 4.0


@dataclass(frozen=True, slots=True)
class _Open:
    on_done: OnDone | None
    since: float


class Connection:
    """An open socket. `deliver` gets every event that we use, in order, as it arrives."""

    def __init__(self, websocket: Socket, counters: Counters, deliver: Callable[[AnyEvent], None]) -> None:
        self._socket = websocket
        self._counters = counters
        self._deliver = deliver
        self._open: dict[str, _Open] = {}
        self._outbox: asyncio.Queue[bytes] = asyncio.Queue()
        self._last_id = 0
        self._pong = asyncio.Event()
        self._same = _same(websocket)

    def send(self, method: str, uri: str, query: Mapping[str, str] | None, body: Any, on_done: OnDone | None) -> None:
        """Queue one request for writing. `on_done` is called exactly once, never from within this call."""
        self._last_id += 1
        request_id = str(self._last_id)
        self._outbox.put_nowait(encode(request_id, method, uri, query, body))
        self._open[request_id] = _Open(on_done, monotonic())

    async def write(self) -> NoReturn:
        """Write what `send` has queued, one frame each. Raises LinkDown when the socket takes no more.

        What is queued together goes out together: a packet for each wakes Asterisk every time, which costs both CPU.
        """
        while True:
            frame = await self._outbox.get()
            with nullcontext() if self._outbox.empty() else self._corked():
                await self._write(frame)
                while not self._outbox.empty():
                    await self._write(self._outbox.get_nowait())

    @contextmanager
    def _corked(self) -> Iterator[None]:
        """TCP_CORK (tcp(7)): nothing leaves before the end, unless a packet is full."""
        self._same.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        try:
            yield
        finally:
            self._same.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)

    async def _write(self, frame: bytes) -> None:
        await _written(self._socket.send_frame(frame, aiohttp.WSMsgType.TEXT))

    async def read(self) -> NoReturn:
        """Take in frames until the socket ends. Raises LinkDown then."""
        while True:
            frame = await self._socket.receive()
            if frame.type is aiohttp.WSMsgType.TEXT:
                self._take(frame.data)
            elif frame.type is aiohttp.WSMsgType.PONG:
                self._pong.set()
            elif frame.type is aiohttp.WSMsgType.PING:
                await _written(self._socket.pong(frame.data))
            else:
                raise LinkDown(f"the connection to the switch ended (WebSocket {self._socket.close_code})")

    async def watch(self, pulse: Pulse) -> NoReturn:
        """Ping at intervals. Raises LinkDown when a pong is late: the peer is gone, or a request has hung it.

        The deadline is waited for in two halves: if our own loop was held up during the first, what has
        arrived meanwhile is read before the second ends.
        """
        while True:
            await asyncio.sleep(pulse.every)
            self._pong.clear()
            half = pulse.deadline / 2
            if not (await _within(half, self._ping()) or await _within(half, self._pong.wait())):
                raise LinkDown(f"the switch has not answered a ping for {pulse.deadline:g} s")

    async def _ping(self) -> None:
        await _written(self._socket.ping())
        await self._pong.wait()

    def fail(self, why: LinkDown) -> None:
        """The end: every open request ends with `why`."""
        self._same.close()
        while self._open:
            self._counters.lost += 1
            tell(self._open.pop(next(iter(self._open))).on_done, why, self._counters)

    def _take(self, data: bytes) -> None:
        frame = decode(data, self._counters)
        if isinstance(frame, RESTResponse):
            self._answered(frame)
        elif frame is not None:
            self._counters.events += 1
            self._deliver(frame)

    def _answered(self, frame: RESTResponse) -> None:
        request = self._open.pop(frame.request_id or next(iter(self._open), ""), None)
        if request is None:
            return
        counters = self._counters
        counters.answered += 1
        counters.rejected += frame.status_code >= 400
        counters.latency_last = monotonic() - request.since
        counters.latency_sum += counters.latency_last
        outcome = Response(frame.status_code, frame.reason_phrase, frame.message_body or "")
        tell(request.on_done, outcome, counters)


def tell(on_done: OnDone | None, outcome: Outcome, counters: Counters) -> None:
    """Call `on_done`; what it raises is logged and counted."""
    if on_done is None:
        return
    try:
        on_done(outcome)
    except Exception:
        counters.handler_errors += 1
        log.exception("the handler of an answer failed")


def _same(websocket: Socket) -> socket.socket:
    """The same TCP socket once more, for uvloop's lets nobody set an option. To be closed, or the peer sees no end."""
    try:
        return socket.socket(fileno=os.dup(websocket.get_extra_info("socket").fileno()))
    except (AttributeError, OSError) as error:
        raise LinkDown("the connection to the switch ended at once") from error


async def _within(limit: float, waiting: Awaitable[object]) -> bool:
    try:
        async with asyncio.timeout(limit):
            await waiting
    except TimeoutError:
        return False
    return True


async def _written(writing: Awaitable[None]) -> None:
    try:
        await writing
    except (aiohttp.ClientError, ConnectionError) as error:
        raise LinkDown(f"the connection to the switch broke: {error}") from error
