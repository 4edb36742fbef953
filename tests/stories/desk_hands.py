"""An agent's desk without a browser: what is on its page, and what is sent to it by hand.

Rule of this file: a session of the product's own, made in the store; the requests are those of the desk's script.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from engine.accounts import Role
from engine.main.stored import accounts_of
from engine.store.database import Database
from engine.terms import AgentId
from engine.web.session import SESSION
from tests.stories.browser_people import WORDS
from tests.stories.installation import Installation

_SCRIPT = {"Sec-Fetch-Site": "same-origin", "HX-Request": "true", "Accept-Language": "de"}


class DeskHands:
    """One agent's."""

    def __init__(self, client: aiohttp.ClientSession) -> None:
        self._client = client

    async def page(self) -> str:
        """The whole desk."""
        async with self._client.get("/desk") as answer:
            assert answer.status == 200
            return await answer.text()

    async def puts(self, path: str, **fields: str) -> None:
        """As the script keeps what is typed."""
        async with self._client.put(path, data=fields) as answer:
            assert answer.status == 204, answer.status

    async def posts(self, path: str, **fields: str) -> tuple[int, str]:
        """Status, and what is said."""
        async with self._client.post(path, data=fields) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def at_desk(installation: Installation, agent: str) -> AsyncIterator[DeskHands]:
    """Signed in as this agent, whose login another story of the same installation may have made."""
    database = Database(f"sqlite:///{installation.home}/vorzimmer.db")
    try:
        accounts = accounts_of(database)
        if await accounts.user_of(agent) is None:
            _, link = await accounts.add_user(agent, agent.title(), Role.AGENT, agent=AgentId(agent))
            await accounts.redeem(link, WORDS)
        token = (await accounts.sign_in(agent, WORDS, address="127.0.0.1", device="test")).token
    finally:
        await database.close()
    url = f"http://127.0.0.1:{installation.settings['WEB_PORT']}"
    async with aiohttp.ClientSession(url, cookies={SESSION: token}, headers=_SCRIPT) as client:
        yield DeskHands(client)
