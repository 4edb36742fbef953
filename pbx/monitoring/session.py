"""One connection to Asterisk's manager interface (AMI), from the login to its end: panoramisk with its edges filed off.

Rules of this file: only our own words are sent, and only while connected; what is not answered in time ends the
connection, for a half-open one is noticed in no other way. A connection that has ended is never mended: whoever wants
another opens it, so that no action of this one is ever sent again (panoramisk would do so by itself).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import structlog
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager

from pbx.monitoring.reading import EVENTS

log = structlog.get_logger()
Fields = Mapping[str, str]
"""One message's fields; names as Asterisk writes them, letter case counts for nothing."""


class SessionEnded(ConnectionError):
    """The manager interface cannot be reached, does not answer in time, or has closed the connection."""


class WrongSecret(Exception):
    """The manager interface does not accept our user: trying again would not help."""


class _Manager(Manager):  # type: ignore[misc]
    """Without panoramisk's own reconnecting and pinging."""

    def __init__(self, **config: Any) -> None:
        super().__init__(**config)
        self.ended = self.loop.create_future()

    def connection_lost(self, why: object) -> None:
        if not self.ended.done():
            self.ended.set_result(None)

    def connect(self, *_: object, **__: object) -> None:
        raise SessionEnded("this connection is not opened again")

    def ping(self) -> None:
        """Ours has a time limit (`Session.ask`)."""


class Session:
    """A connection that is logged in."""

    def __init__(self, manager: _Manager, patience: float) -> None:
        self._manager, self._patience = manager, patience

    async def ended(self) -> None:
        """Wait until the connection has ended."""
        await asyncio.shield(self._manager.ended)

    async def ask(self, action: str, **fields: str) -> list[Fields]:
        """What is answered: one message, or the head, the items and the end of a list. Raises SessionEnded.

        `action` and `fields` are our own words: a line break in them would begin another action.
        """
        words = {"Action": action, **fields}
        if self._manager.ended.done():
            raise SessionEnded("the connection has ended")
        answer = self._manager.send_action(words)
        await asyncio.wait({answer, self._manager.ended}, timeout=self._patience, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            why = "the connection has ended" if self._manager.ended.done() else f"no answer in {self._patience:g} s"
            raise SessionEnded(f"{action}: {why}")
        said = answer.result()
        return list(said) if isinstance(said, list) else [said]


@asynccontextmanager
async def connected(
    address: tuple[str, int], user: str, password: str, heard: Callable[[Fields], None], patience: float
) -> AsyncIterator[Session]:
    """A connection that is logged in, within `patience` seconds; `heard` is told of every event that we use.

    Raises SessionEnded, WrongSecret.
    """
    loop = asyncio.get_running_loop()
    opened: asyncio.Future[Any] = loop.create_future()
    try:
        async with asyncio.timeout(patience):
            opened.set_result(await loop.create_connection(AMIProtocol, *address))
    except (OSError, TimeoutError) as problem:
        raise SessionEnded(f"{address[0]}:{address[1]} cannot be reached: {problem or 'no answer'}") from None
    # Latin-1: no byte is ever dropped, wherever a segment ends. All names that we read are ASCII.
    manager = _Manager(loop=loop, username=user, secret=password, encoding="latin-1")
    for name in EVENTS:
        manager.register_event(name, _guarded(heard))
    manager.connection_made(opened)
    try:
        await _log_in(manager, patience)
        yield Session(manager, patience)
    finally:
        manager.close()
        manager.protocol.transport.abort()


async def _log_in(manager: _Manager, patience: float) -> None:
    answer = manager.authenticated_future
    await asyncio.wait({answer, manager.ended}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
    if not answer.done():
        raise SessionEnded("no answer to the login")
    if not answer.result().success:
        raise WrongSecret(answer.result().message)


def _guarded(heard: Callable[[Fields], None]) -> Callable[[Manager, Fields], None]:
    """What a callback raises would close the connection."""

    def callback(_: Manager, event: Fields) -> None:
        try:
            heard(event)
        except Exception:
            log.exception("monitor_handler_failed", what=event.get("Event"))

    return callback
