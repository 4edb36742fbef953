"""What support asks of the store (`engine.ports.support`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from engine.entries import TariffEntry
from engine.store import tables as t
from engine.store.catalogue_reading import tariff_values
from engine.store.customer_store import first_call
from engine.store.database import Database
from engine.terms import CustomerId


class StoredSupport:
    """Fills `SupportStore`."""

    def __init__(self, database: Database) -> None:
        """On a lane of its own."""
        self._lane = database.lane()

    async def tariffs(self) -> Sequence[TariffEntry]:
        """See SupportStore."""
        wanted = select(t.tariffs).order_by(t.tariffs.c.name)
        rows = await self._lane.read(lambda connection: list(connection.execute(wanted).mappings()))
        return [TariffEntry.model_validate(tariff_values(dict(row))) for row in rows]

    async def first_call(self, customer: CustomerId) -> datetime | None:
        """See SupportStore."""
        return await self._lane.read(lambda connection: first_call(connection, customer))
