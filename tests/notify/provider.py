"""A provider on loopback that answers what a test tells it to, and keeps what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass
class Asked:
    """One question as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    form: dict[str, str]
    json: Any


@dataclass
class Reply:
    """What it answers: JSON, or that text as it is."""

    status: int = 200
    json: Any = None
    text: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Provider:
    """Answers in their order; the last one again and again."""

    replies: list[Reply] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    url: str = ""
    asleep: asyncio.Event | None = None
    """Nothing is answered before that."""

    def says(self, json: Any = None, status: int = 200, text: str | None = None, **headers: str) -> None:
        """From now on; `headers` with `_` for `-`."""
        self.replies = [Reply(status, json, text, {name.replace("_", "-"): value for name, value in headers.items()})]

    async def answer(self, request: web.Request) -> web.Response:
        is_json = request.content_type == "application/json"
        form = {} if is_json else {name: str(value) for name, value in (await request.post()).items()}
        body = await request.json() if is_json and request.can_read_body else None
        query = dict(request.query)
        self.asked.append(Asked(request.method, request.path, query, request.headers, form, body))
        if self.asleep:
            await self.asleep.wait()
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if reply.text is not None:
            return web.Response(status=reply.status, text=reply.text, headers=reply.headers)
        return web.json_response(reply.json, status=reply.status, headers=reply.headers)


@asynccontextmanager
async def opened() -> AsyncIterator[Provider]:
    """It answers at `provider.url`."""
    provider, app = Provider(), web.Application()
    app.router.add_route("*", "/{path:.*}", provider.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        provider.url = str(server.make_url("")).rstrip("/")
        yield provider
