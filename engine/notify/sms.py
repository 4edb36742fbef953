"""SMS, by the gateway that the installation names: to German mobile numbers, one SMS of at most 160 signs each.

Rules of this file: that an SMS has not arrived is said finally or not at all, for who sends it again because nobody
could be asked sends it twice. A gateway tells us no more after three days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from pydantic import TypeAdapter, ValidationError

from engine.entries.fields import MobileNumber
from engine.message.sms import sms_text
from engine.message.states import DeliveryState, Means, Trouble
from engine.ports import Clock
from engine.ports.outbox import Handed, NotHanded, Parcel

FIRST_LOOK, LONGEST_LOOK = timedelta(seconds=10), timedelta(hours=6)
"""From handing over to the first look, and between two looks at most; those between are as far apart as it is old."""
GIVEN_UP = timedelta(days=3)
"""After that no network delivers an SMS: their validity is two days at most."""
_NUMBER: TypeAdapter[str] = TypeAdapter(MobileNumber)


@dataclass(frozen=True, slots=True)
class Submitted:
    """An SMS that a gateway has taken. `reference`: what it calls it; None = it says nothing of it any more."""

    reference: str | None


class Gateway(Protocol):
    """Who sends SMS for us."""

    async def submit(self, number: str, text: str, key: str) -> Submitted:
        """Take this text to this number, E.164; `key`: ours, at most 40 letters and digits. Raises NotHanded."""

    async def state(self, reference: str) -> DeliveryState:
        """`SENT` or `DELIVERED` by now.

        Raises NotHanded: final = it has not arrived and will not; else nobody could say.
        """


class SmsCourier:
    """Fills `Courier`."""

    means = Means.SMS
    at_once = 4
    every = 0.1

    def __init__(self, gateway: Gateway, clock: Clock, country: str, language: Literal["de", "en"]) -> None:
        """`country`: ours, for callers' numbers; `language`: of the few words beside the message."""
        self._gateway, self._clock = gateway, clock
        self._country, self._language = country, language

    async def send(self, parcel: Parcel) -> Handed:
        """See Courier."""
        try:
            number = _NUMBER.validate_python(parcel.address)
        except ValidationError:
            raise NotHanded(Trouble.ADDRESS, "this is no German mobile number", final=True) from None
        text = sms_text(parcel.slip, self._country, self._language)
        taken = await self._gateway.submit(number, text, parcel.key)
        look_at = self._clock.now() + FIRST_LOOK if taken.reference else None
        return Handed(DeliveryState.SENT, taken.reference, look_at)

    async def look(self, parcel: Parcel) -> Handed:
        """See Courier."""
        now = self._clock.now()
        if parcel.reference is None:
            return Handed(DeliveryState.SENT)
        state = await self._gateway.state(parcel.reference)
        over = state is not DeliveryState.SENT
        return Handed(state, parcel.reference, None if over else next_look(parcel.since or parcel.slip.taken_at, now))


def next_look(since: datetime, now: datetime) -> datetime | None:
    """When to ask again about an SMS that was due then, both aware; None = not any more."""
    age = now - since
    if age >= GIVEN_UP:
        return None
    return now + min(max(age, FIRST_LOOK), LONGEST_LOOK)
