"""What was talked with those who were called for customers (`engine.ports.outbound.OutboundStore`).

Rule of this file: counted as `engine.service.outbound` counts while it runs: from the answer on, whoever listens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from engine.store.database import Database
from engine.store.tables import call_attempts, calls
from engine.terms import CustomerId

LONGEST_CALL = timedelta(days=2)
"""Who came earlier is not looked at: the index of arrivals keeps the question small."""


class StoredOutbound:
    """Fills `OutboundStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def transferred(self, begin: datetime) -> Mapping[CustomerId, float]:
        """See OutboundStore."""
        legs = call_attempts.c
        wanted = (
            select(legs.customer, legs.answered_at, legs.ended_at)
            .join(calls, calls.c.id == legs.call)
            .where(calls.c.arrived_at >= begin - LONGEST_CALL, legs.answered_at.is_not(None), legs.ended_at > begin)
        )
        talked: dict[CustomerId, float] = defaultdict(float)
        async with self._database.reading() as connection:
            for customer, answered, ended in await connection.execute(wanted):
                talked[CustomerId(customer)] += max(0.0, (ended - max(answered, begin)).total_seconds())
        return dict(talked)
