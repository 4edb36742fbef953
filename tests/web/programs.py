"""A program that uses the API: asks with its token, gets status and answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from engine.accounts import Role
from engine.web.api.problems import V1
from tests.web.office import LOGIN, Office


@dataclass
class Program:
    """Has the token of one user, or none."""

    url: str
    token: str = field(repr=False, default="")

    async def asks(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """Status and JSON of the answer, whose kind is checked."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent = {"json": body} if body is not None else {}
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, f"{self.url}{V1}{path}", headers=headers, **sent, **more) as answer,
        ):
            kind = "application/json" if answer.status < 400 else "application/problem+json"
            assert (answer.content_type, answer.headers["Cache-Control"]) == (kind, "no-store")
            return answer.status, await answer.json(content_type=None)


async def program_of(office: Office, login: str = LOGIN) -> Program:
    """A program with a token of that user."""
    user = await office.accounts.user_of(login)
    assert user
    return Program(office.url, await office.accounts.new_token(user.id, "test", 1))


async def program_as(office: Office, role: Role, customer: str = "") -> Program:
    """A program of a new user of that role."""
    await office.sign_up(f"{role}@api.example", role.title(), role, customer)
    return await program_of(office, f"{role}@api.example")


def problem(status: int, kind: str, title: str, **more: Any) -> tuple[int, dict[str, Any]]:
    """What a program is told."""
    return status, {"type": f"{V1}/problems/{kind}", "title": title, "status": status, **more}


async def beginning(answer: aiohttp.ClientResponse) -> str:
    """The whole text, or of one that never ends what comes first."""
    if answer.content_type != "text/event-stream":
        return (await answer.read()).decode("utf-8", "replace")
    try:
        return (await asyncio.wait_for(answer.content.readany(), 1)).decode("utf-8", "replace")
    except TimeoutError:
        return ""
