"""Messages passed on between a browser's phone and the switch, both ways, until one side ends.

Rules of this file: nothing is read, changed or kept: who may do what is the switch's business, which asks for the
phone's own password. A side that is slow makes the other wait, so nothing gathers here. An agent has one such phone:
who opens another one takes it over, as a telephone does that logs in elsewhere, but not out of a talk; the page it was
taken from does not get it back by connecting anew, but the page of a talk does that only had lost its connection when
another one came. Who comes and goes is told on.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import urlsplit

import aiohttp
import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from engine.ports.phones import RELAY
from engine.terms import AgentId
from engine.web.absent import Absent

SUBPROTOCOL = "sip"
LARGEST = 64 * 1024
"""Bytes of a message; SIP's are a few thousand."""
CONNECTING = 5.0
"""Seconds that the switch has to take a connection in."""
_REMEMBERED = 32
"""Pages of one agent that had the phone before; a page tries for minutes, and each one once only."""
log = structlog.get_logger()


class Close(IntEnum):
    """Why the browser's socket is closed (RFC 6455 § 7.4; from 4000 on our own words)."""

    GONE = 1001
    """The browser has gone."""
    TRY_AGAIN = 1013
    """The switch has ended it."""
    SIGNED_OUT = 4401
    """The session is over."""
    ELSEWHERE = 4409
    """The agent has opened another phone."""
    BUSY = 4423
    """The agent talks at another page, which keeps the phone."""


@dataclass(frozen=True, slots=True)
class PhonePage:
    """Which page it is that has the phone (see `engine.web.absent`)."""

    window: str = ""
    goes_on: bool = False


class Sockets:
    """The agents' browser phones that are open."""

    def __init__(self, absent: Absent) -> None:
        """None yet. `absent` is told who comes and goes."""
        self._absent = absent
        self._open: dict[AgentId, asyncio.Future[Close]] = {}
        self._last: dict[AgentId, str] = {}
        self._before: dict[AgentId, deque[str]] = {}

    def expects(self, agents: Iterable[AgentId]) -> None:
        """An engine has begun, and these agents' phones are browsers: they are to connect soon."""
        self._absent.expects(agents)

    @contextlib.contextmanager
    def _taken(self, agent: AgentId, page: PhonePage) -> Iterator[asyncio.Future[Close]]:
        """This agent's phone is here; the future tells why it is elsewhere."""
        if (last := self._last.get(agent)) and last != page.window:
            self._before.setdefault(agent, deque(maxlen=_REMEMBERED)).append(last)
        with contextlib.suppress(KeyError, ValueError):
            self._before[agent].remove(page.window)
        self._last[agent] = page.window
        why = Close.BUSY if self._is_back(agent, page) else Close.ELSEWHERE
        if (before := self._open.pop(agent, None)) and not before.done():
            before.set_result(why)
        self._open[agent] = taken = asyncio.get_running_loop().create_future()
        self._absent.opens(agent, page.window, goes_on=page.goes_on)
        try:
            yield taken
        finally:
            if self._open.get(agent) is taken:
                del self._open[agent]
                self._absent.closes(agent)

    def _refused(self, agent: AgentId, page: PhonePage) -> Close | None:
        """Why this page does not get the phone; None = it does."""
        if page.window in self._before.get(agent, ()) and not self._is_back(agent, page):
            return Close.ELSEWHERE  # its own attempt to be back; whoever opens a phone has a new name
        return Close.BUSY if self._talks_elsewhere(agent, page) else None

    def _talks_elsewhere(self, agent: AgentId, page: PhonePage) -> bool:
        """Whether another page is open at which the agent talks, and this one does not go on with that talk."""
        is_another = agent in self._open and self._last.get(agent) != page.window
        return is_another and not page.goes_on and self._absent.talks(agent)

    def _is_back(self, agent: AgentId, page: PhonePage) -> bool:
        """Whether it brings the talk back that the phone which came meanwhile knows nothing of."""
        return page.goes_on and self._absent.is_deserted(agent)

    async def serve(
        self,
        agent: AgentId,
        page: PhonePage,
        browser: WebSocket,
        switch: aiohttp.ClientWebSocketResponse,
        over: Callable[[], Awaitable[None]],
    ) -> None:
        """Pass on until one side ends, the agent opens another phone, or `over` returns: the session is over."""
        if why := self._refused(agent, page):
            await browser.accept(SUBPROTOCOL)
            return await browser.close(why)
        with self._taken(agent, page) as taken:
            await browser.accept(SUBPROTOCOL)
            why = await _first(
                {
                    Close.GONE: _inwards(browser, switch),
                    Close.TRY_AGAIN: _outwards(browser, switch),
                    Close.SIGNED_OUT: over(),
                    Close.ELSEWHERE: _waited(taken),
                }
            )
            if taken.done():
                why = taken.result()
        log.info("phone_closed", agent=agent, why=why.name.lower())
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # it has gone already
            await browser.close(why)


@contextlib.asynccontextmanager
async def switch_at(url: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A connection to the switch. Raises aiohttp.ClientError, TimeoutError."""
    here = (RELAY, 0) if urlsplit(url).hostname == "127.0.0.1" else None
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(local_addr=here)) as client:
        async with asyncio.timeout(CONNECTING):
            switch = await client.ws_connect(url, protocols=(SUBPROTOCOL,), max_msg_size=LARGEST)
        async with switch:
            yield switch


async def _waited(taken: asyncio.Future[Close]) -> None:
    await asyncio.wait([taken])


async def _inwards(browser: WebSocket, switch: aiohttp.ClientWebSocketResponse) -> None:
    while (message := await browser.receive())["type"] == "websocket.receive":
        if (text := message.get("text")) is not None:
            await switch.send_str(text)
        else:
            await switch.send_bytes(message["bytes"])


async def _outwards(browser: WebSocket, switch: aiohttp.ClientWebSocketResponse) -> None:
    async for message in switch:
        match message.type:
            case aiohttp.WSMsgType.TEXT:
                await browser.send_text(message.data)
            case aiohttp.WSMsgType.BINARY:
                await browser.send_bytes(message.data)
            case _:
                return


async def _first(ways: dict[Close, Awaitable[None]]) -> Close:
    """Which of them ends first; the others are given up."""
    tasks = {asyncio.ensure_future(way): why for why, way in ways.items()}
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for problem in ended:
        if isinstance(problem, Exception) and not isinstance(problem, _HUNG_UP):
            raise problem
    return max(tasks[task] for task in done)


_HUNG_UP = (WebSocketDisconnect, aiohttp.ClientError, ConnectionError)
"""What sending into a connection that has just ended says."""
