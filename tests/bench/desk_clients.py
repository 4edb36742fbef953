"""`python -m tests.bench.desk_clients`: agents at their desks, in a process of their own; orders come on stdin.

Rule of this file: it does what a desk's page does (reads the stream, loads the form of a new call, keeps a draft, saves
the message) and writes down when each event was there. Nothing is worked out here.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

import aiohttp

from engine.web.session import SESSION

DESK, BOARD = "/desk/events", "/desk/board/events"
READY = "all desks are open"
SAVED = "a message is saved"
"""Stands in place of whose desk it is."""
OPENING = 60.0
"""Seconds within which they must be."""
_LARGEST = 2**22
"""Bytes of one event."""
_CALL = re.compile(r'data-call=\\"([^"\\]+)\\"')
_KEY = re.compile(r'name="key" value="([^"]+)"')
_SAME = {"Sec-Fetch-Site": "same-origin", "HX-Request": "true"}
_TYPING = 1.0
"""Seconds from the ring to the first draft, and from there to the message."""


@asynccontextmanager
async def desks(url: str, tokens: Mapping[str, str], boards: Sequence[str], target: Path) -> AsyncIterator[Process]:
    """The process, with every desk (session by login) and board open; what they see goes to `target`."""
    orders = {"url": url, "tokens": dict(tokens), "boards": list(boards), "target": str(target)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.desk_clients", stdin=PIPE, stdout=PIPE, limit=_LARGEST
    )
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(json.dumps(orders).encode() + b"\n")
        async with asyncio.timeout(OPENING):
            said = (await process.stdout.readline()).decode().strip()
        assert said == READY, said
        yield process
        assert process.returncode is None, "the desks have ended by themselves"
        process.stdin.close()  # so it ends
        await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


class Page:
    """One page at one desk, or one board."""

    def __init__(self, who: str, client: aiohttp.ClientSession, target: TextIO) -> None:
        """Nothing is open yet."""
        self._who, self._client, self._target = who, client, target
        self.opened = asyncio.Event()
        self._call = ""
        self.writing: set[asyncio.Task[None]] = set()

    async def reads(self, path: str) -> None:
        """The stream, until it ends. Raises AssertionError if it is none."""
        async with self._client.get(path) as answer:
            assert answer.status == 200, (self._who, path, answer.status)
            async for line in answer.content:
                if line.startswith(b"data: "):
                    self._look(time.time(), line[6:].decode())

    def _look(self, at: float, data: str) -> None:
        self._target.write(json.dumps([at, self._who, data]) + "\n")
        found = _CALL.search(data)
        if self.opened.is_set() and found and found[1] != self._call:
            self._call = found[1]
            task = asyncio.create_task(self._writes(found[1]))
            self.writing.add(task)
            task.add_done_callback(self.writing.discard)
        self.opened.set()

    async def _writes(self, call: str) -> None:
        """The form comes with the ring; a draft, then the message. What fails is counted by what is not saved."""
        with suppress(aiohttp.ClientError):
            await self._saves(call)

    async def _saves(self, call: str) -> None:
        async with self._client.get("/desk/form") as answer:
            key = _KEY.search(await answer.text())
        typed = {"caller_name": "Jan Krüger", "text": "Bitte um Rückruf wegen der Lieferung.", "urgency": "normal"}
        await asyncio.sleep(_TYPING)
        async with self._client.put(f"/desk/calls/{call}/draft", data=typed):
            await asyncio.sleep(_TYPING)
        saved = typed | {"key": key[1] if key else ""}
        async with self._client.post(f"/desk/calls/{call}/message", data=saved) as answer:
            if answer.status == 200:
                self._target.write(json.dumps([time.time(), SAVED, "{}"]) + "\n")


async def _read(orders: Mapping[str, Any], target: TextIO) -> None:
    """Until stdin ends."""
    whose = [*orders["tokens"].items(), *((f"board {n}", token) for n, token in enumerate(orders["boards"]))]
    paths = [DESK] * len(orders["tokens"]) + [BOARD] * len(orders["boards"])
    async with AsyncExitStack() as stack:
        pages = [
            Page(who, await stack.enter_async_context(_client(orders["url"], token)), target) for who, token in whose
        ]
        reading = [asyncio.ensure_future(page.reads(path)) for page, path in zip(pages, paths, strict=True)]
        opened = asyncio.ensure_future(asyncio.gather(*(page.opened.wait() for page in pages)))
        opening: list[asyncio.Future[Any]] = [opened, *reading]
        await asyncio.wait(opening, return_when=asyncio.FIRST_COMPLETED)
        print(READY if opened.done() else [repr(one.exception()) for one in reading if one.done()], flush=True)
        ending: list[asyncio.Future[Any]] = [asyncio.ensure_future(asyncio.to_thread(sys.stdin.read)), *reading]
        await asyncio.wait(ending, return_when=asyncio.FIRST_COMPLETED)
        for one in (*reading, *(task for page in pages for task in page.writing)):
            one.cancel()


def _client(url: str, token: str) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        url, cookies={SESSION: token}, headers=_SAME, timeout=aiohttp.ClientTimeout(total=None), read_bufsize=_LARGEST
    )


if __name__ == "__main__":
    told = json.loads(sys.stdin.readline())
    with Path(told["target"]).open("w", encoding="utf-8") as seen:
        asyncio.run(_read(told, seen))
