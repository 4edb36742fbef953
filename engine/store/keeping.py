"""Reports of what was forgotten, in the store (`engine.ports.keeping.ReportStore`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, delete, insert, select

from engine.ports.keeping import Forgotten, NightReport
from engine.store.database import Database
from engine.store.tables import retention_reports

KEPT = 60
"""Reports: two months of nights."""


class StoredNights:
    """Fills `ReportStore`."""

    def __init__(self, database: Database) -> None:
        """On a lane of its own."""
        self._lane = database.lane()

    async def add(self, report: NightReport) -> None:
        """See ReportStore."""
        row = {"at": report.at, "took_ms": report.took_ms, "lines": [asdict(line) for line in report.lines]}
        made = insert(retention_reports).values(row).returning(retention_reports.c.id)

        def work(connection: Connection) -> None:
            new = connection.execute(made).scalar_one()
            connection.execute(delete(retention_reports).where(retention_reports.c.id <= new - KEPT))

        await self._lane.write(work)

    async def last(self, most: int) -> Sequence[NightReport]:
        """See ReportStore."""
        wanted = select(retention_reports).order_by(retention_reports.c.id.desc()).limit(most)
        rows = await self._lane.read(lambda connection: connection.execute(wanted).all())
        return [NightReport(row.at, row.took_ms, tuple(Forgotten(**line) for line in row.lines)) for row in rows]
