"""The orders of a fax as ARI requests, beside `perform`.

Rules of this file: a call that goes on needs no engine: who loses sight of it asks for it by its name. Its end is told
by an event, which may be missed, so the switch is asked now and then, too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog

from engine.ports.fax import FaxAway, FaxCall, FaxId, Transmitted, Unanswered
from engine.terms import HangupCause
from pbx import outgoing
from pbx.ari import AriLink, LinkDown, Response
from pbx.ari import requests as r
from pbx.decode import APP
from pbx.fax_files import FaxFiles
from pbx.runtime.endpoints import fax_endpoint_id

log = structlog.get_logger()
LOOK = 20.0
"""Seconds between two looks at whether the call is still there."""
_IS_THERE = 409
"""What `originate` says where a channel of this name goes on."""


class FaxPerformer:
    """Fills FaxSwitch."""

    def __init__(self, link: Callable[[], AriLink | None], files: FaxFiles, app: str = APP) -> None:
        """`link()`: that of the calls, None while there is none; `app`: who hears of them."""
        self._link, self._files, self._app = link, files, app
        self._ends: dict[FaxId, asyncio.Future[Unanswered]] = {}

    def over(self, fax: FaxId, how: Unanswered) -> None:
        """It has ended, the switch says."""
        end = self._ends.get(fax)
        if end and not end.done():
            end.set_result(how)

    async def send(self, call: FaxCall, pages: bytes) -> Unanswered:
        """See FaxSwitch."""
        await asyncio.to_thread(self._files.put, call.id, pages)
        order = outgoing.send_fax(call, *self._files.as_told(call.id))
        end = self._expect(call.id)
        try:
            # Before, for a carrier that refuses at once does so before anything could be asked about the channel.
            await self._ask(r.subscribe_endpoint(self._app, f"PJSIP/{fax_endpoint_id(call.route.trunk)}"))
            made = await self._ask(order)
            if not made.ok and made.status != _IS_THERE:
                log.info("fax_not_dialled", fax=call.id, status=made.status, reason=made.reason)
                return Unanswered(HangupCause.TEMPORARY_FAILURE)
            return await self._end_of(call.id, end)
        finally:
            self._ends.pop(call.id, None)

    async def follow(self, fax: FaxId) -> bool:
        """See FaxSwitch."""
        if not await self._goes_on(fax):
            return False
        end = self._expect(fax)
        try:
            if (await self._ask(r.subscribe_channel(self._app, fax))).ok:
                await self._end_of(fax, end)
            return True
        finally:
            self._ends.pop(fax, None)

    async def result(self, fax: FaxId) -> Transmitted | None:
        """See FaxSwitch."""
        return await asyncio.to_thread(self._files.read, fax)

    async def forget(self, fax: FaxId) -> None:
        """See FaxSwitch."""
        await asyncio.to_thread(self._files.drop, fax)

    def _expect(self, fax: FaxId) -> asyncio.Future[Unanswered]:
        self._ends[fax] = end = asyncio.get_running_loop().create_future()
        return end

    async def _end_of(self, fax: FaxId, end: asyncio.Future[Unanswered]) -> Unanswered:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    return await asyncio.shield(end)
            if not await self._goes_on(fax):
                return end.result() if end.done() else Unanswered()

    async def _goes_on(self, fax: FaxId) -> bool:
        return (await self._ask(r.get_channel(fax))).ok

    async def _ask(self, request: r.Request) -> Response:
        link = self._link()
        if link is None:
            raise FaxAway("there is no link to the switch")
        try:
            return await link.request(*request)
        except (LinkDown, TimeoutError) as problem:
            raise FaxAway(str(problem) or "the switch does not answer") from problem
