"""Who is alarmed next, after an emergency by Pushover that nobody has acknowledged (§5.2.3.3).

Rule of this file: the chain is the customer's as it is by then; nobody is alarmed twice with the same message, and
nobody at all once somebody has acknowledged it. Where a deputy's chain ends, that of the absent contact goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.message.routing import next_alarm
from engine.message.states import DeliveryState, Means, Occasion, is_alarm
from engine.ports.customers import CustomerEntries
from engine.ports.messages import MessageStore
from engine.ports.outbox import Parcel, Planned
from engine.service.planning import reaches, to


class Alarming:
    """Works on one store."""

    def __init__(self, messages: MessageStore, customers: CustomerEntries) -> None:
        self._messages, self._customers = messages, customers

    async def after(self, failed: Parcel, now: datetime) -> Sequence[Planned]:
        """What is to be delivered because this has failed finally, due `now`; empty for all but an emergency.

        It need not have expired: where its alarm could not be sent at all, the next is needed all the more.
        """
        if failed.occasion is not Occasion.MESSAGE or not is_alarm(failed.means, failed.options):
            return ()
        message = await self._messages.find(failed.customer, failed.message)
        entry = await self._customers.load(failed.customer)
        if message is None or entry is None:  # deleted this moment
            return ()
        if any(one.state is DeliveryState.ACKNOWLEDGED for one in message.deliveries):
            return ()
        alarmed = {one.recipient for one in message.deliveries if one.means is Means.PUSHOVER}
        named = str(failed.options.get("next") or "")
        found = next_alarm(reaches(entry, now), failed.recipient, alarmed, message.slip.contact, named)
        return [to(*found, now, message.slip.urgency)] if found else ()
