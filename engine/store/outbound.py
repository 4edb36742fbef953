"""What was talked with those who were put through to (`engine.ports.outbound.OutboundStore`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from engine.store.database import Database
from engine.store.tables import calls
from engine.terms import CustomerId


class StoredOutbound:
    """Fills `OutboundStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def transferred(self, begin: datetime) -> Mapping[CustomerId, float]:
        """See OutboundStore."""
        total = func.sum(calls.c.transferred_ms)
        of_today = calls.c.arrived_at >= begin, calls.c.customer.is_not(None), calls.c.transferred_ms > 0
        wanted = select(calls.c.customer, total).where(*of_today).group_by(calls.c.customer)
        async with self._database.reading() as connection:
            return {CustomerId(key): float(ms) / 1000 for key, ms in await connection.execute(wanted)}
