"""What the limits of calls out need of the store: how long each customer's targets were there today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from engine.terms import CustomerId


class OutboundStore(Protocol):
    """The store's view of what was talked with those who were put through to."""

    async def transferred(self, begin: datetime) -> Mapping[CustomerId, float]:
        """Seconds by customer since `begin`, an aware time: of legs that are over, each from its answer on.

        Only who has any, and only legs of calls that are over.
        """
