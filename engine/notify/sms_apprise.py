"""SMS by any of the other gateways that Apprise knows: https://appriseit.com/services/, each by a URL.

Rules of this file: Apprise tells only that something went wrong, and writes the rest into a log, which may have a
secret in it: of that log only an HTTP status is read. Nothing is known of an SMS once it was taken. Apprise waits for
networks as ordinary programs do, so it works in a thread, and it is loaded when the first SMS leaves.
"""

from __future__ import annotations

import asyncio
import logging
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from engine.message.states import DeliveryState, Trouble
from engine.notify.sms import Submitted
from engine.ports.outbox import NotHanded

if TYPE_CHECKING:
    from apprise import AppriseResult

PLACE = "{to}"
"""Where the URL has the recipient's number."""
ANSWER, LIMIT = 20.0, 45.0
"""Seconds for one answer of the gateway's, and for all that is said: below the outbox's own 60."""
_STATUS = re.compile(r"\berror=([0-9]{3})\b")
_THEIRS = (408, 429)
"""Of the 4xx those that are no fault of what we ask."""
logging.getLogger("apprise").addHandler(logging.NullHandler())  # else what it warns of, URLs too, is printed
logging.getLogger("apprise").propagate = False


class AppriseGateway:
    """Fills `Gateway`."""

    def __init__(self, url: str, sender: str = "") -> None:
        """`url`: Apprise's, with `{to}` for the number and whatever the gateway needs besides, the sender too."""
        self._url = url

    async def submit(self, number: str, text: str, key: str) -> Submitted:
        """See Gateway. It knows no name of ours: a try again may arrive twice."""
        result = await asyncio.to_thread(self._sent, self._url.replace(PLACE, quote(number, safe="")), text)
        if result is None:
            raise NotHanded(Trouble.OURS, "Apprise does not know this kind of URL, or something is missing in it")
        if result:
            return Submitted(None)
        raise _refused(result)

    async def state(self, reference: str) -> DeliveryState:
        """See Gateway: not known."""
        return DeliveryState.SENT

    @staticmethod
    def _sent(url: str, text: str) -> AppriseResult | None:
        from apprise import Apprise, AppriseAsset, NotifyFormat, PersistentStoreMode

        # Redirects would carry the key elsewhere; what it stores on disk would be one more place with secrets.
        asset = AppriseAsset(async_mode=False, http_redirects=False, storage_mode=PersistentStoreMode.MEMORY)
        service: Any = Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
        if not service:
            return None
        service.socket_read_timeout = max(ANSWER, service.socket_read_timeout)
        caller = Apprise(asset=asset)
        caller.add(service)
        return caller.notify(body=text, body_format=NotifyFormat.TEXT, timeout=LIMIT)


def _refused(result: AppriseResult) -> NotHanded:
    found = next((found for one in result.logs() if (found := _STATUS.search(one.message))), None)
    if found is None:
        return NotHanded(Trouble.UNREACHABLE, f"Apprise: {result.status.name.lower()}; it does not say why")
    status = int(found[1])
    ours = 400 <= status < 500 and status not in _THEIRS
    return NotHanded(Trouble.OURS if ours else Trouble.UNREACHABLE, f"Apprise: the gateway has answered {status}")
