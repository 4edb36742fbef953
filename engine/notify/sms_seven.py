"""SMS by seven.io: https://docs.seven.io/en/rest-api/endpoints/sms, its states by the logbook
(https://docs.seven.io/en/rest-api/endpoints/logbook), for `/api/status` is to be switched off.

Rule of this file: a refusal has HTTP status 200, or none of a meaning, and a code in the body: JSON, or the code alone.
"""

from __future__ import annotations

from typing import Any

from engine.message.states import DeliveryState, Trouble
from engine.notify.asking import Answer, Question, ask, words
from engine.notify.sms import Submitted
from engine.ports.outbox import NotHanded

API = "https://gateway.seven.io/api"
_TAKEN = ("100", "101")
_TWICE = "402"
"""The same text went to this number within the last 180 s: a try before this one has reached them."""
_ADDRESS = ("202",)
_TOO_OFTEN = "403"
"""This number has had its SMS of today."""
_LATER = ("600", "700")
_OURS = {"201": "the sender", "306": "the sender", "500": "no credit left", "900": "the key", "902": "the key",
         "903": "our address is not allowed", "300": "the key"}  # fmt: skip
"""Others are mistakes in what we ask, and ours as well."""
_HOUR = 3600.0
_FAILED = {
    "NOTDELIVERED": Trouble.UNREACHABLE,
    "EXPIRED": Trouble.UNREACHABLE,
    "REJECTED": Trouble.REFUSED,
    "FAILED": Trouble.REFUSED,
}


class Seven:
    """Fills `Gateway`."""

    def __init__(self, key: str, sender: str, api: str = API) -> None:
        """`key`: of the account's API; `sender`: up to 11 letters and digits, or a number."""
        self._headers = {"X-Api-Key": key, "Accept": "application/json"}
        self._sender, self._api = sender, api

    async def submit(self, number: str, text: str, key: str) -> Submitted:
        """See Gateway."""
        form = {"to": number, "text": text, "from": self._sender, "foreign_id": key}
        answer = await ask(Question("POST", f"{self._api}/sms", self._headers, form=form))
        code = _code(answer)
        if code == _TWICE:
            return Submitted(None)
        if code not in _TAKEN:
            raise _refused(code, answer)
        one = _first(answer.fields.get("messages"))
        if one.get("success") is False:
            raise _refused(str(one.get("error")), answer, one.get("error_text"))
        return Submitted(str(one["id"]) if one.get("id") else None)

    async def state(self, reference: str) -> DeliveryState:
        """See Gateway."""
        question = Question("GET", f"{self._api}/journal/outbound", self._headers, query={"id": reference})
        answer = await ask(question)
        entries = answer.said if isinstance(answer.said, list) else []
        one = next((entry for entry in entries if isinstance(entry, dict) and str(entry.get("id")) == reference), {})
        return judged(str(one.get("dlr") or ""))


def judged(dlr: str) -> DeliveryState:
    """What the word of a delivery report means: `SENT` or `DELIVERED`. Raises NotHanded, final: it has not arrived."""
    dlr = dlr.upper()
    if dlr in _FAILED:
        raise NotHanded(_FAILED[dlr], dlr, final=True)
    return DeliveryState.DELIVERED if dlr == "DELIVERED" else DeliveryState.SENT


def _code(answer: Answer) -> str:
    """`100` of `{"success": "100"}` or of `100`; the HTTP status where there is neither."""
    said = answer.said
    if isinstance(said, dict):
        return str(said.get("success", answer.status))
    return str(said) if isinstance(said, int) else str(answer.status)


def _first(messages: Any) -> dict[str, Any]:
    found = messages[0] if isinstance(messages, list) and messages else {}
    return found if isinstance(found, dict) else {}


def _refused(code: str, answer: Answer, said: object = None) -> NotHanded:
    if code in _ADDRESS:
        return NotHanded(Trouble.ADDRESS, words(answer, said or f"code {code}"), final=True)
    if code == _TOO_OFTEN:
        return NotHanded(Trouble.UNREACHABLE, f"code {code}: too many SMS for this number today", after=_HOUR)
    if code in _LATER or code == "200":  # 200: what they have answered cannot be read
        return NotHanded(Trouble.UNREACHABLE, words(answer, said))
    return NotHanded(Trouble.OURS, words(answer, said or f"code {code} {_OURS.get(code, '')}"))
