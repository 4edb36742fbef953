"""What stands where Asterisk takes SIP from browsers, people with phones, and the socket of their pages."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from engine.accounts import Role
from engine.service.catalogue import CatalogueService
from engine.store.catalogue import StoredCatalogue
from engine.terms import AgentId
from engine.web.session import SESSION
from tests.catalogue import RULES
from tests.web.office import PASSWORD, Office

PATH = "/desk/phone/ws"
LIMIT = 5.0
OTHERS = """
agents:
  - {login: ben, name: Ben Otto, phone: {kind: registered, password: not-a-browser}}
  - {login: carl, name: Carl Weiss, phone: {kind: browser}}
"""
PEOPLE = {
    "anna@ours.example": (Role.AGENT, "anna"),
    "ben@ours.example": (Role.AGENT, "ben"),
    "carl@ours.example": (Role.SUPERVISOR, "carl"),
    "dora@ours.example": (Role.SUPERVISOR, None),
    "rita@ours.example": (Role.ADMIN, None),
}


@dataclass
class Switch:
    """What stands where Asterisk's WebSocket is: it says back what it hears, or does as it is told."""

    url: str = ""
    came: list[tuple[str | None, str | None]] = field(default_factory=list)
    """From where, and with which subprotocol."""
    left: asyncio.Event = field(default_factory=asyncio.Event)
    hearing: asyncio.Event = field(default_factory=asyncio.Event)
    """Until it is set it reads nothing."""
    sockets: list[web.WebSocketResponse] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.WebSocketResponse:
        """One connection."""
        socket = web.WebSocketResponse(protocols=("sip",), max_msg_size=0)
        await socket.prepare(request)
        self.came.append((request.remote, socket.ws_protocol))
        self.sockets.append(socket)
        await self.hearing.wait()
        async for message in socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                await socket.send_str(f"heard {message.data}")
            else:
                await socket.send_bytes(b"heard " + message.data)
        self.left.set()
        return socket


@contextlib.asynccontextmanager
async def standing_in(office: Office) -> AsyncIterator[Switch]:
    """It runs, the office's phones are led to it, and the people have chosen their passwords."""
    made, app = Switch(), web.Application()
    made.hearing.set()
    app.router.add_get("/ws", made.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"ws://127.0.0.1:{runner.addresses[0][1]}/ws"
    office.app.state.web.phones.socket = made.url
    await CatalogueService(StoredCatalogue(office.database), RULES).import_text(OTHERS)
    for login, (role, agent) in PEOPLE.items():
        _, link = await office.accounts.add_user(login, login, role, agent=AgentId(agent) if agent else None)
        await office.accounts.redeem(link, PASSWORD)
    yield made
    made.hearing.set()
    await runner.cleanup()


@contextlib.asynccontextmanager
async def phone(
    office: Office, login: str = "anna@ours.example", page: str = "", token: str = "", **more: Any
) -> AsyncIterator[Any]:
    """The socket of that user's page; without a login nobody's. `token`: of the session, unless it is a new one."""
    cookies = {SESSION: token} if token else {}
    if login and not token:
        cookies[SESSION] = (await office.accounts.sign_in(login, PASSWORD, address="192.0.2.1", device="test")).token
    asked: dict[str, Any] = {"protocols": ("sip",), "headers": {"Origin": office.url}, **more}
    async with (
        aiohttp.ClientSession(cookies=cookies) as client,
        client.ws_connect(office.url + PATH + page, **asked) as made,
    ):
        yield made
