"""Fax, by the switch of this house: the whole message as a telephone note on paper, to a German landline.

Rules of this file: it counts as delivered when the other machine has confirmed every page. A try is known to the switch
by the delivery's key and its number, so an engine that comes after one that has died asks what became of it and dials
nobody twice; what the switch keeps for that is taken away once the result is noted.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from engine.entries.fields import Landline
from engine.message.fax import FaxHead
from engine.message.states import DeliveryState, Means, Trouble
from engine.notify.fax_page import drawn
from engine.ports import Clock
from engine.ports.fax import FAX, FaxId, FaxLine, Received
from engine.ports.outbox import Handed, NotHanded, Parcel
from engine.terms import E164

LIMIT = 780.0
"""Seconds for one try: a minute's ringing by two carriers, ten minutes of pages."""
FORGET = timedelta(minutes=1)
"""After the delivery: by then it is noted."""
_NUMBER: TypeAdapter[str] = TypeAdapter(Landline)


@dataclass(frozen=True, slots=True)
class FaxSender:
    """Who stands at the head of each page (CFR 47 § 68.318 (d) asks for it, and so do machines' owners)."""

    name: str
    number: E164


class FaxCourier:
    """Fills `Courier` and `Slow`."""

    means = Means.FAX
    every = 0.0
    limit = LIMIT

    def __init__(
        self, line: FaxLine, sender: FaxSender, clock: Clock, language: Literal["de", "en"] = "de", at_once: int = 2
    ) -> None:
        """`at_once`: faxes that may be on their way at the same time, ≥ 1."""
        self._line, self._sender, self._clock, self._language = line, sender, clock, language
        self.at_once = at_once

    async def send(self, parcel: Parcel) -> Handed:
        """See Courier."""
        try:
            number = E164(_NUMBER.validate_python(parcel.address))
        except ValidationError:
            raise NotHanded(Trouble.ADDRESS, "this is no German landline", final=True) from None
        head = FaxHead(self._clock.now(), self._sender.name, self._sender.number, self._language)
        pages = await asyncio.to_thread(drawn, parcel.slip, parcel.customer_name, head)
        received = await self._line.send(_name(parcel, parcel.tries), number, pages)
        return Handed(DeliveryState.DELIVERED, _told(received), self._clock.now() + FORGET)

    async def look(self, parcel: Parcel) -> Handed:
        """See Courier: nothing is to be learned any more, and nothing needs to be kept."""
        await self._line.forget(_name(parcel, parcel.tries - 1))
        return Handed(parcel.state, parcel.reference)


def _name(parcel: Parcel, tries: int) -> FaxId:
    return FaxId(f"{FAX}{parcel.key}-{tries}")


def _told(received: Received) -> str:
    pages = "1 page" if received.pages == 1 else f"{received.pages} pages"
    return ", ".join([pages, "T.38" if received.t38 else "audio", *([received.station] if received.station else [])])
