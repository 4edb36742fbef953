"""Registration at a registrar (RFC 3261 § 10), kept alive in the background.

Rule: asked again at half of the time that was granted; a failure in between is tried again every few seconds.
"""

from __future__ import annotations

import asyncio

from sipmessage import Response

from pbx.phone.dialog import Dialog
from pbx.phone.digest import CHALLENGES, authorise
from pbx.phone.errors import PhoneError
from pbx.phone.messages import OK
from pbx.phone.wire import Wire

_AGAIN = 5.0
"""Seconds after a failed renewal."""


class Registration:
    """One phone at one registrar."""

    def __init__(self, wire: Wire, dialog: Dialog, user: str, password: str) -> None:
        self._wire, self._dialog = wire, dialog
        self._user, self._password = user, password
        self._keeper: asyncio.Task[None] | None = None

    async def start(self, expires: int, within: float) -> None:
        """Register for `expires` seconds and stay so. Raises PhoneError if refused or not answered."""
        granted = await self._register(expires, within)
        self._keeper = asyncio.create_task(self._keep(expires, granted, within))

    async def stop(self, within: float) -> None:
        """Take the registration back. Raises PhoneError if refused or not answered in time."""
        if self._keeper:
            self._keeper.cancel()
            await self._register(0, within)

    async def _keep(self, expires: int, granted: float, within: float) -> None:
        pause = granted / 2
        while True:
            await asyncio.sleep(pause)
            try:
                pause = await self._register(expires, within) / 2
            except PhoneError:
                pause = _AGAIN

    async def _register(self, expires: int, within: float) -> float:
        """One round, with credentials if asked for; returns the seconds granted."""
        where = f"{self._user} at {self._dialog.peer[0]}:{self._dialog.peer[1]}"
        try:
            async with asyncio.timeout(within):
                response = await self._ask(expires, None)
                if response.code in CHALLENGES:
                    response = await self._ask(expires, response)
        except TimeoutError as error:
            raise PhoneError(f"no answer to the registration of {where} within {within:g} s") from error
        if response.code in CHALLENGES:
            raise PhoneError(f"registration of {where} refused: {response.code}, wrong user name or password")
        if response.code != OK:
            raise PhoneError(f"registration of {where} refused: {response.code} {response.phrase}")
        return self._granted(response, expires)

    async def _ask(self, expires: int, challenge: Response | None) -> Response:
        request = self._dialog.request("REGISTER")
        request.headers.set("Expires", str(expires))
        if challenge:
            authorise(request, challenge, self._user, self._password)
        return await self._wire.ask(request, self._dialog.peer)

    def _granted(self, response: Response, asked: int) -> float:
        """The expiry of our own contact in the list that the registrar returns."""
        for contact in response.contact:
            if (contact.uri.host, contact.uri.port) == self._wire.here:
                return float(contact.parameters.get("expires") or asked)
        return float(response.headers.get("Expires") or asked)
