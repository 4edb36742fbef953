"""The wire to one Asterisk: keeps a connection, carries requests and events, decides nothing.

Rule of this file: nothing waits for ever. A request ends with an answer or with LinkDown, exactly once. After
a lost connection the next one is tried, and the owner re-synchronises (`on_up`) before it sees another event,
because Asterisk replays nothing.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NoReturn

import aiohttp
import structlog

from pbx.ari.codec import event_filter
from pbx.ari.connection import Connection, Pulse, Socket, tell
from pbx.ari.counters import Counters
from pbx.ari.model import AnyEvent, ApplicationReplaced
from pbx.ari.outcome import LinkDown, OnDone, Outcome, Refused, Replaced, Response

log = structlog.get_logger(__name__)

_MAX_FRAME = 16 * 1024 * 1024
_NO_ACCESS = (401, 403)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the link waits for what, in seconds (> 0)."""

    connect: float = 5.0
    sync: float = 30.0
    """For `on_up`; then the connection is given up."""
    request: float = 5.0
    """For `request` and `get`, where the caller names no limit."""
    close: float = 0.5
    first_retry: float = 0.1
    longest_retry: float = 5.0

    def before(self, attempt: int) -> float:
        """The pause before retry `attempt` (from 0): doubling, capped, with jitter from half to full."""
        pause: float = min(self.first_retry * 2.0 ** min(attempt, 16), self.longest_retry)
        return pause * random.uniform(0.5, 1.0)


class AriLink:
    """A link to the Asterisk at `url` (`http://host:port/ari`) for the Stasis application `app`.

    `on_event(event)` is called for every event in the order of the switch, synchronously; it must not block.
    What it raises is logged and counted. `on_up(link)` is awaited on every connect, before any event of that
    connection is delivered; if it raises or takes too long, the link connects anew. `on_down()` is called
    once for each `on_up` begun, when that connection is lost and its open requests have been ended.
    """

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        app: str,
        on_event: Callable[[AnyEvent], None],
        on_up: Callable[[AriLink], Awaitable[None]],
        on_down: Callable[[], None],
        *,
        pulse: Pulse | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.counters = Counters()
        self._url = url.rstrip("/")
        self._user = user
        self._headers = {"Authorization": aiohttp.encode_basic_auth(user, password, encoding="utf-8")}
        self._app = app
        self._on_event = on_event
        self._on_up = on_up
        self._on_down = on_down
        self._pulse = pulse or Pulse()
        self._patience = patience or Patience()
        self._http: aiohttp.ClientSession | None = None
        self._connection: Connection | None = None
        self._held: list[AnyEvent] | None = None

    @property
    def connected(self) -> bool:
        """Whether requests can be sent now; true from just before `on_up` until `on_down`."""
        return self._connection is not None

    async def run(self) -> None:
        """Keep the link until cancelled.

        Raises Replaced when another engine has taken our application over, Refused for a wrong password.
        """
        try:
            async with aiohttp.ClientSession(headers=self._headers) as self._http:
                await self._reconnect_for_ever(self._http)
        finally:
            self._http = None

    def send(
        self,
        method: str,
        uri: str,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        on_done: OnDone | None = None,
    ) -> None:
        """Send one request without waiting; requests reach the switch in the order of the calls.

        `uri` is the path below `/ari`, its parts percent-encoded. `on_done` is called exactly once with the
        answer or LinkDown, never from within this call.
        """
        self.counters.requests += 1
        if self._connection is not None:
            self._connection.send(method, uri, query, body, on_done)
            return
        self.counters.lost += 1
        why = LinkDown("no connection to the switch")
        asyncio.get_running_loop().call_soon(tell, on_done, why, self.counters)

    async def request(
        self,
        method: str,
        uri: str,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        limit: float | None = None,
    ) -> Response:
        """Send one request and wait up to `limit` seconds for its answer. Raises LinkDown, TimeoutError."""
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

        def on_done(outcome: Outcome) -> None:
            if not answer.done():
                answer.set_result(outcome)

        self.send(method, uri, query, body, on_done)
        async with asyncio.timeout(limit or self._patience.request):
            outcome = await answer
        if isinstance(outcome, LinkDown):
            raise outcome
        return outcome

    async def get(self, uri: str, query: Mapping[str, str] | None = None, limit: float | None = None) -> Response:
        """Read by HTTP, past the serial socket, within `limit` seconds. Raises LinkDown, TimeoutError."""
        if self._http is None:
            raise LinkDown("the link is not running")
        try:
            async with (
                asyncio.timeout(limit or self._patience.request),
                self._http.get(self._url + uri, params=query) as answer,
            ):
                return Response(answer.status, answer.reason or "", await answer.read())
        except aiohttp.ClientError as error:
            raise LinkDown(f"the switch did not answer GET {uri}: {error}") from error

    async def _reconnect_for_ever(self, http: aiohttp.ClientSession) -> NoReturn:
        attempt = 0
        while True:
            connects = self.counters.connects
            try:
                await self._one_connection(http)
            except LinkDown as why:
                attempt = 0 if self.counters.connects > connects else attempt + 1
                if attempt <= 1:
                    log.warning("no link to the switch, trying again", url=self._url, why=str(why))
            await asyncio.sleep(self._patience.before(attempt))

    async def _one_connection(self, http: aiohttp.ClientSession) -> None:
        socket = await self._connect(http)
        try:
            await self._serve(Connection(socket, self.counters, self._receive))
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience.close):
                    await socket.close()

    async def _connect(self, http: aiohttp.ClientSession) -> Socket:
        try:
            async with asyncio.timeout(self._patience.connect):
                return await http.ws_connect(
                    f"{self._url}/events",
                    params={"app": self._app, "subscribeAll": "false"},
                    autoping=False,
                    decode_text=False,
                    max_msg_size=_MAX_FRAME,
                )
        except aiohttp.WSServerHandshakeError as error:
            if error.status in _NO_ACCESS:
                raise Refused(f"{self._url} does not accept user '{self._user}': check its password") from None
            raise LinkDown(f"{self._url} answered {error.status}") from error
        except (aiohttp.ClientError, OSError) as error:
            why = str(error) or f"no answer within {self._patience.connect:g} s"
            raise LinkDown(f"{self._url} cannot be reached: {why}") from error

    async def _serve(self, connection: Connection) -> None:
        self._connection, self._held = connection, []
        why = LinkDown("the link was stopped")
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(connection.read())
                tasks.create_task(connection.write())
                tasks.create_task(connection.watch(self._pulse))
                tasks.create_task(self._come_up())
        except ExceptionGroup as group:
            first = group.exceptions[0]
            why = first if isinstance(first, LinkDown) else why
            raise first from None
        finally:
            self._connection = self._held = None
            self.counters.disconnects += 1
            connection.fail(why)
            self._guarded(self._on_down)

    async def _come_up(self) -> None:
        self.send("PUT", f"/applications/{self._app}/eventFilter", body=event_filter(), on_done=_check_filter)
        try:
            async with asyncio.timeout(self._patience.sync):
                await self._on_up(self)
        except TimeoutError as error:
            raise LinkDown("re-synchronising with the switch took too long") from error
        except LinkDown:
            raise
        except Exception as error:
            log.exception("re-synchronising with the switch failed")
            raise LinkDown(f"re-synchronising with the switch failed: {error}") from error
        held, self._held = self._held or [], None
        self.counters.connects += 1
        log.info("linked to the switch", url=self._url)
        for event in held:
            self._guarded(self._on_event, event)

    def _receive(self, event: AnyEvent) -> None:
        if isinstance(event, ApplicationReplaced) and event.application == self._app:
            raise Replaced(f"another engine has taken over '{self._app}' on {self._url}")
        if self._held is None:
            self._guarded(self._on_event, event)
        else:
            self._held.append(event)

    def _guarded(self, handler: Callable[..., None], *event: AnyEvent) -> None:
        try:
            handler(*event)
        except Exception:
            self.counters.handler_errors += 1
            log.exception("a handler of the link failed", events=[type(one).__name__ for one in event])


def _check_filter(outcome: Outcome) -> None:
    if isinstance(outcome, Response) and not outcome.ok:
        log.warning("the switch does not take our event filter", status=outcome.status, reason=outcome.reason)
