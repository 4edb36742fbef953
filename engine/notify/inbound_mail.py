"""What is ours of the mails that come in, by whatever way: proven by the address, read, and noted.

Rules of this file: nothing is believed but at an address that we have signed. What is read of mails is read in a
thread, two at a time. No address is logged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from engine.message.states import Means
from engine.notify.bounces import bounce_of
from engine.notify.replies import delivered_by
from engine.notify.returns import delivery_of
from engine.ports.reports import Report

log = structlog.get_logger()
Take = Callable[[Report], Awaitable[bool]]
"""Note a report; False = it has changed nothing. Raises what it wants where it cannot for now."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """What is ours."""

    returns: str
    """The address of return paths, without a mark."""
    replies: str
    """The same of answers; empty = there is none."""
    key: bytes = field(repr=False)
    """By which both are signed."""

    def delivery(self, to: str) -> int | None:
        """What has come back, if it came to this address; None = it is no return path of ours."""
        return delivery_of(to, self.returns, self.key)

    def is_answer(self, to: str) -> bool:
        """Whether this is where answers go, signed or not."""
        return bool(self.replies) and delivered_by(to, self.replies) is not None


class Reader:
    """Where mails are read that have come to a return path of ours."""

    def __init__(self, take: Take) -> None:
        """Nothing is read yet."""
        self._take, self._turns = take, asyncio.Semaphore(2)

    async def note(self, delivery: int, raw: bytes, *, is_from_nobody: bool) -> None:
        """A report is noted; all else is forgotten, a greeting from somebody's holidays, say. Raises as `take` does."""
        async with self._turns:
            found = await asyncio.to_thread(bounce_of, raw, is_from_nobody=is_from_nobody)
        if found is None:
            log.info("mail_dropped", delivery=delivery, why="it came to a return path and is no report")
        elif not await self._take(Report(Means.MAIL, found.state, found.trouble, found.words, id=delivery)):
            log.info("report_dropped", delivery=delivery, why="known already, or too late")
