"""SMS by sipgate: `POST /sessions/sms` of https://api.sipgate.com/v2/doc, its refusals as in
https://github.com/sipgate-io/sipgateio-sendsms-node#http-errors.

Rule of this file: sipgate takes an SMS without giving it a name, so nothing more is heard of it.
"""

from __future__ import annotations

from aiohttp import encode_basic_auth

from engine.message.states import DeliveryState, Trouble
from engine.notify.asking import Question, ask, words
from engine.notify.sms import Submitted
from engine.ports.outbox import NotHanded

API = "https://api.sipgate.com/v2"
_MEANT = {401: "the token", 402: "no credit left", 403: "the SMS extension, or the right sessions:sms:write"}


class Sipgate:
    """Fills `Gateway`."""

    def __init__(self, key: str, sender: str, api: str = API) -> None:
        """`key`: `token id:token` with the right `sessions:sms:write`; `sender`: the SMS extension, e.g. `s0`."""
        user, _, token = key.partition(":")
        self._headers = {"Accept": "application/json", "Authorization": encode_basic_auth(user, token, "utf-8")}
        self._sender, self._api = sender, api

    async def submit(self, number: str, text: str, key: str) -> Submitted:
        """See Gateway. It knows no name of ours either: a try again may arrive twice."""
        sms = {"smsId": self._sender, "recipient": number, "message": text}
        answer = await ask(Question("POST", f"{self._api}/sessions/sms", self._headers, json=sms))
        if 200 <= answer.status < 300:
            if answer.text.lstrip().startswith("<"):  # a page of somebody's on the way; theirs has no text, or JSON
                raise NotHanded(Trouble.UNREACHABLE, words(answer))
            return Submitted(None)
        meant = _MEANT.get(answer.status, "")
        raise NotHanded(Trouble.OURS, words(answer, f"{meant} {answer.text}"))

    async def state(self, reference: str) -> DeliveryState:
        """See Gateway: not known."""
        return DeliveryState.SENT
