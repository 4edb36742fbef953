"""Transactions over UDP (RFC 3261 § 17): a request is sent again until it is answered, a final response to
an INVITE until it is acknowledged.

Rule: a transaction knows one request and its responses, and nothing of calls.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from sipmessage import Request, Response

from pbx.phone.messages import OK, REFUSED, Peer, branch_of, reply, within_transaction

T2 = 4.0
"""Seconds between two repetitions at most, for all but the INVITE."""
PATIENCE = 64
"""Times T1: how long to wait for an answer (timers B, F and H)."""
Key = tuple[str, str]
"""Branch and method."""


class Line(Protocol):
    """What a transaction needs of the socket."""

    t1: float

    def send(self, message: Request | Response, peer: Peer) -> None:
        """Send one datagram."""


class Repeater:
    """Does something now, after T1, again after 2 T1, 4 T1 … until stopped, or gives up after 64 T1."""

    def __init__(self, t1: float, longest: float, act: Callable[[], None], give_up: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._pause, self._longest = t1, longest
        self._act, self._give_up = act, give_up
        self._end = self._loop.time() + PATIENCE * t1
        self._timer: asyncio.TimerHandle | None = None
        self._next()

    def _next(self) -> None:
        if self._loop.time() >= self._end:
            self._give_up()
            return
        self._act()
        self._timer = self._loop.call_at(min(self._loop.time() + self._pause, self._end), self._next)
        self._pause = min(2 * self._pause, self._longest)

    def stop(self) -> None:
        """No more of it."""
        if self._timer:
            self._timer.cancel()


class ClientTransaction:
    """A request of ours. `answered` gets every response (a repeated 2xx too), `silent` a lack of any."""

    def __init__(
        self, line: Line, request: Request, peer: Peer,
        answered: Callable[[Response], None], silent: Callable[[], None],
    ) -> None:  # fmt: skip
        self._line, self.request, self._peer = line, request, peer
        self._answered = answered
        self._refused = False
        self.done_at: float | None = None
        """When it was answered for good or given up, by the event loop's clock."""
        self.key: Key = (branch_of(request), request.method)
        # Timer A doubles without end, timer E stops at T2.
        longest = PATIENCE * line.t1 if request.method == "INVITE" else T2
        self._silent = silent
        self._repeater = Repeater(line.t1, longest, self._send, self._give_up)

    def _give_up(self) -> None:
        self.done_at = asyncio.get_running_loop().time()
        self._silent()

    def _send(self) -> None:
        self._line.send(self.request, self._peer)

    def receive(self, response: Response) -> None:
        """Take a response to this request."""
        if self.request.method != "INVITE" and response.code < OK:
            return
        self._repeater.stop()
        if response.code >= OK and self.done_at is None:
            self.done_at = asyncio.get_running_loop().time()
        if self.request.method == "INVITE" and response.code >= REFUSED:
            self._line.send(within_transaction("ACK", self.request, response.headers["To"]), self._peer)
            if self._refused:
                return
            self._refused = True
        self._answered(response)

    def stop(self) -> None:
        """Forget it."""
        self._repeater.stop()


class ServerTransaction:
    """A request of theirs and our latest response to it."""

    def __init__(self, line: Line, request: Request, peer: Peer) -> None:
        self._line, self.request, self.peer = line, request, peer
        self.key: Key = (branch_of(request), request.method)
        self._last: Response | None = None
        self._repeater: Repeater | None = None
        self.done_at: float | None = None
        """When the final response was given, by the event loop's clock."""

    def respond(
        self, code: int, to_tag: str | None = None, body: bytes = b"",
        headers: dict[str, str] | None = None, unheard: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        """Send a response; `unheard` is called if a final one to an INVITE is never acknowledged."""
        self._last = reply(self.request, code, to_tag, body)
        for name, value in (headers or {}).items():
            self._last.headers.set(name, value)
        if code >= OK:
            self.done_at = asyncio.get_running_loop().time()
        if self.request.method == "INVITE" and code >= OK:
            self._repeater = Repeater(self._line.t1, T2, self.again, unheard)
        else:
            self.again()

    def again(self) -> None:
        """The request came once more: so does the response."""
        if self._last is not None:
            self._line.send(self._last, self.peer)

    def stop(self) -> None:
        """The ACK has come, or the phone is closed: no more repetitions."""
        if self._repeater:
            self._repeater.stop()
