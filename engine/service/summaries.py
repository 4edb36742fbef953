"""What became of a customer's daily summaries: how each was delivered (§5.2.3).

Rule of this file: it only looks; who plans them is `engine.service.digests`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from engine.accounts import Action, Identity
from engine.message.states import Occasion
from engine.ports.messages import Delivery
from engine.ports.notices import NoticeStore
from engine.service.customers import NoSuchCustomer
from engine.terms import CustomerId

SHOWN = timedelta(days=14)
"""How far back they are shown."""


class Summaries:
    """Works on one store."""

    def __init__(self, store: NoticeStore, now: Callable[[], datetime]) -> None:
        """`now`: this moment, in UTC."""
        self._store, self._now = store, now

    async def sent(self, customer: CustomerId, by: Identity) -> Sequence[Delivery]:
        """Those of the last days, the latest first; of all of the customer's messages has no recipient's name.

        Raises NoSuchCustomer.
        """
        if not (by.sees(customer) and by.may(Action.EDIT_OWN)):
            raise NoSuchCustomer(customer)
        return await self._store.sent(customer, Occasion.DIGEST, self._now() - SHOWN)
