"""SMS by LOX24: https://doc.lox24.eu/api/operations/api_sms_post_collection/, states by
https://doc.lox24.eu/info/sms-status-codes/ and https://doc.lox24.eu/info/sms-delivery-report-codes-dlr/.

Rule of this file: `status_code` tells whether it has left LOX24, `dlr_code` whether it has arrived.
"""

from __future__ import annotations

import re

from engine.message.states import DeliveryState, Trouble
from engine.notify.asking import Answer, Question, ask, words
from engine.notify.sms import Submitted
from engine.ports.outbox import NotHanded

API = "https://api.lox24.eu"
_BLOCKED = 600.0
"""Seconds for which our address is blocked after wrong keys, by their documentation."""
_PHONE = re.compile(r"\bphone\b")
_STOPPED = {
    208: (Trouble.REFUSED, "the destination network is blocked"),
    400: (Trouble.UNREACHABLE, "maintenance"),
    410: (Trouble.REFUSED, "stopped in the account"),
    2000: (Trouble.UNREACHABLE, "no connection"),
    3000: (Trouble.OURS, "no credit left"),
    5000: (Trouble.ADDRESS, "no operator for this number"),
    6000: (Trouble.REFUSED, "stopped by the API"),
}
_EXPIRED, _REJECTED, _ARRIVED = 8, 16, 1


class Lox24:
    """Fills `Gateway`."""

    def __init__(self, key: str, sender: str, api: str = API) -> None:
        """`key`: `id:key` of the account's API v2; `sender`: up to 11 letters and digits, or a number."""
        self._headers = {"X-LOX24-AUTH-TOKEN": key, "Accept": "application/json"}
        self._sender, self._api = sender, api

    async def submit(self, number: str, text: str, key: str) -> Submitted:
        """See Gateway. `callback_data` is only told again, so a try again may arrive twice."""
        sms = {
            "sender_id": self._sender,
            "phone": number,
            "text": text,
            "service_code": "direct",
            "is_unicode": False,
            "callback_data": key,
        }
        answer = await _ask(Question("POST", f"{self._api}/sms", self._headers, json=sms))
        if answer.status == 400 and _PHONE.search(answer.text):
            raise NotHanded(Trouble.ADDRESS, words(answer, answer.fields.get("detail")), final=True)
        if answer.status not in (200, 201):
            raise NotHanded(Trouble.OURS, words(answer, answer.fields.get("detail")))
        if not (uuid := answer.fields.get("uuid")):  # a page of somebody's on the way, say
            raise NotHanded(Trouble.UNREACHABLE, words(answer))
        return Submitted(str(uuid))

    async def state(self, reference: str) -> DeliveryState:
        """See Gateway."""
        answer = await _ask(Question("GET", f"{self._api}/sms/{reference}", self._headers))
        return judged(answer.fields.get("status_code"), answer.fields.get("dlr_code"))


def judged(status: object, dlr: object) -> DeliveryState:
    """What both codes mean: `SENT` or `DELIVERED`. Raises NotHanded, final: it has not arrived and will not."""
    if isinstance(status, int) and status in _STOPPED:
        trouble, why = _STOPPED[status]
        raise NotHanded(trouble, f"status {status}: {why}", final=True)
    if dlr == _EXPIRED:
        raise NotHanded(Trouble.UNREACHABLE, "the telephone could not be reached in time", final=True)
    if dlr == _REJECTED:
        raise NotHanded(Trouble.REFUSED, "the network has rejected it", final=True)
    return DeliveryState.DELIVERED if dlr == _ARRIVED else DeliveryState.SENT


async def _ask(question: Question) -> Answer:
    """Who is told 429 after wrong keys is not let in for ten minutes, whatever Retry-After says."""
    try:
        return await ask(question)
    except NotHanded as problem:
        if not problem.is_try and problem.after is None:
            problem.after = _BLOCKED
        raise
