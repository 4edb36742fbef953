"""Pages asked for without a browser: as a session of that user, from a page of ours."""

from __future__ import annotations

import contextlib
import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp

from engine.web.session import SESSION
from tests.web.office import PASSWORD, Office

Answer = tuple[int, str, str]
"""Status, where it leads, and the text."""


@dataclass
class Asker:
    """Somebody who has signed in."""

    url: str
    client: aiohttp.ClientSession
    token: str

    async def gets(self, path: str, **query: str) -> Answer:
        """The page."""
        async with self.client.get(self.url + path, params=query, allow_redirects=False) as answer:
            return answer.status, answer.headers.get("Location", ""), await answer.text()

    async def sends(self, path: str, **fields: str) -> Answer:
        """The form with these fields."""
        headers = {"Sec-Fetch-Site": "same-origin"}
        async with self.client.post(self.url + path, data=fields, headers=headers, allow_redirects=False) as answer:
            return answer.status, answer.headers.get("Location", ""), await answer.text()


@contextlib.asynccontextmanager
async def asking(office: Office, login: str) -> AsyncIterator[Asker]:
    """That user, until the end of the test."""
    token = (await office.accounts.sign_in(login, PASSWORD, address="192.0.2.1", device="test")).token
    async with aiohttp.ClientSession(cookies={SESSION: token}) as client:
        yield Asker(office.url, client, token)


def mistakes(page: str) -> list[str]:
    """What the summary says."""
    return [html.unescape(one) for one in re.findall(r'<li><a href="#[^"]*">(.*?)</a>', page)]


def version(page: str) -> str:
    """What the form has shown."""
    found = re.search(r'name="version" value="([^"]*)"', page)
    assert found
    return html.unescape(found[1])
