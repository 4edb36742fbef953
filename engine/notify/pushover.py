"""Pushover, by its API: https://pushover.net/api, https://pushover.net/api/receipts.

Rules of this file: at most two connections at a time, as they ask for. An emergency is followed by its receipt until
somebody has acknowledged it or it has expired. A receipt that they do not know counts as expired: the next one is
alarmed rather than nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

from engine.message.push import Push, push
from engine.message.states import DeliveryState, Means, Trouble
from engine.notify.asking import Answer, Question, ask, words
from engine.ports import Clock
from engine.ports.outbox import Handed, NotHanded, Parcel

API = "https://api.pushover.net/1"
LOOK = timedelta(seconds=10)
"""Between two looks at a receipt; they want 5 s at least."""
_EMERGENCY = 2
_COUNT = re.compile(r"[0-9]{1,9}")
_LEAST_WAIT = 5.0
"""Seconds after a fault of theirs, at least."""


class PushoverCourier:
    """Fills `Courier`."""

    means = Means.PUSHOVER
    at_once = 2
    every = 0.0

    def __init__(
        self, token: str, portal: str, clock: Clock, language: Literal["de", "en"] = "de", api: str = ""
    ) -> None:
        """`token`: the application's; `portal`: the origin that links begin with; `api`: another than theirs."""
        self._token, self._portal, self._clock, self._language, self._api = token, portal, clock, language, api or API
        self.remaining: int | None = None
        """Messages that the application may send this month still; None = they have not said so yet."""

    async def send(self, parcel: Parcel) -> Handed:
        """See Courier."""
        url = f"{self._portal}{parcel.path}"
        made = push(parcel.slip, parcel.customer_name, parcel.options, url, self._language)
        answer = await self._ask("POST", "messages.json", {**_form(made), "user": parcel.address, "tags": parcel.key,
                                 "timestamp": str(int(parcel.slip.taken_at.timestamp()))})  # fmt: skip
        if answer.fields.get("status") != 1:
            raise _refused(answer)
        if made.priority != _EMERGENCY:
            return Handed(DeliveryState.SENT, _text(answer, "request"))
        receipt = _text(answer, "receipt")
        return Handed(DeliveryState.SENT, receipt, self._clock.now() + LOOK if receipt else None)

    async def look(self, parcel: Parcel) -> Handed:
        """See Courier. Who has acknowledged it: the recipient, or another member's key, and the device.

        One that was acknowledged elsewhere need not ring any more.
        """
        if parcel.state is DeliveryState.ACKNOWLEDGED:
            return await self._silence(parcel)
        answer = await self._ask("GET", f"receipts/{parcel.reference}.json")
        said = answer.fields
        if said.get("token") == "invalid":
            raise _refused(answer)
        if answer.status in (400, 404):
            raise NotHanded(Trouble.NOT_ACKNOWLEDGED, _errors(answer), final=True)
        if said.get("acknowledged") == 1:
            return Handed(DeliveryState.ACKNOWLEDGED, parcel.reference, by=_who(said, parcel))
        if said.get("expired") == 1:
            raise NotHanded(Trouble.NOT_ACKNOWLEDGED, "expired", final=True)
        return Handed(DeliveryState.SENT, parcel.reference, self._clock.now() + LOOK)

    async def is_user(self, key: str) -> bool:
        """Whether there is such a user or group, with a device. Raises NotHanded if nobody can say."""
        answer = await self._ask("POST", "users/validate.json", {"user": key})
        if answer.fields.get("status") == 1:
            return True
        refused = _refused(answer)
        if refused.trouble is not Trouble.ADDRESS:
            raise refused
        return False

    async def cancel(self, receipt: str) -> None:
        """Ring nobody any more for it: it was read elsewhere. Raises NotHanded."""
        answer = await self._ask("POST", f"receipts/{receipt}/cancel.json", {})
        if answer.fields.get("status") != 1:
            raise _refused(answer)

    async def _silence(self, parcel: Parcel) -> Handed:
        try:
            await self.cancel(parcel.reference or "")
        except NotHanded as problem:
            if not problem.final:
                raise
        return Handed(DeliveryState.ACKNOWLEDGED, parcel.reference)

    async def _ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> Answer:
        told: dict[str, Any] = (
            {"query": {"token": self._token}} if form is None else {"form": {"token": self._token, **form}}
        )
        try:
            answer = await ask(Question(method, f"{self._api}/{path}", reset="x-limit-app-reset", **told))
        except NotHanded as problem:
            if problem.is_try:
                problem.after = max(problem.after or 0.0, _LEAST_WAIT)
            raise
        left = answer.headers.get("x-limit-app-remaining", "")
        self.remaining = int(left) if _COUNT.fullmatch(left) else self.remaining
        return answer


def _form(made: Push) -> dict[str, str]:
    """What is not there is not said: they take an empty field for a mistake."""
    fields = {
        "title": made.title,
        "message": made.text,
        "url": made.url,
        "url_title": made.url_title,
        "priority": made.priority,
        "retry": made.retry if made.priority == _EMERGENCY else None,
        "expire": made.expire if made.priority == _EMERGENCY else None,
    }
    return {name: str(value) for name, value in fields.items() if value not in (None, "")}


def _refused(answer: Answer) -> NotHanded:
    """By the field that they call invalid. A 4xx is never right the second time, unless the token is."""
    if answer.fields.get("token") == "invalid":
        return NotHanded(Trouble.OURS, _errors(answer))
    if answer.fields.get("user") == "invalid":
        return NotHanded(Trouble.ADDRESS, _errors(answer), final=True)
    if 400 <= answer.status < 500:
        return NotHanded(Trouble.REFUSED, _errors(answer), final=True)
    return NotHanded(Trouble.UNREACHABLE, words(answer), after=_LEAST_WAIT)


def _errors(answer: Answer) -> str:
    found = answer.fields.get("errors")
    return words(answer, "; ".join(map(str, found)) if isinstance(found, list) else None)


def _text(answer: Answer, name: str) -> str | None:
    value = answer.fields.get(name)
    return value if isinstance(value, str) and value else None


def _who(said: Mapping[str, object], parcel: Parcel) -> str:
    """The recipient, or the key of the group's member who was first, and on which device."""
    key, device = said.get("acknowledged_by"), said.get("acknowledged_by_device")
    name = parcel.recipient if key in (None, "", parcel.address) else str(key)
    return f"{name} ({device})" if device else name
