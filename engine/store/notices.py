"""Notices in the store (`engine.ports.notices`): deliveries that belong to no message.

Rule of this file: every statement begins at the index over customers' notices, or is bound to rows that it has found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from engine.entries.paths import TESTS, Change, join
from engine.message.states import Occasion
from engine.ports.customers import Author
from engine.ports.messages import Delivery
from engine.ports.notices import PlannedDigest
from engine.ports.outbox import Planned
from engine.store.audit import AuditWriter
from engine.store.database import Database
from engine.store.digests import add_digest
from engine.store.message_rows import delivery_of, notice_row
from engine.store.tables import customers, message_deliveries
from engine.terms import CustomerId

_ONE = message_deliveries.c


class StoredNotices:
    """Fills `NoticeStore`."""

    def __init__(self, database: Database) -> None:
        self._database, self._lane = database, database.lane()

    async def add_test(
        self,
        customer: CustomerId,
        planned: Planned,
        told: Mapping[str, Any],
        most: tuple[int, datetime],
        author: Author,
        at: datetime,
    ) -> bool:
        """See NoticeStore."""
        # Locked (PostgreSQL): who asks for another one of the same customer's at once is counted after this one.
        own = select(customers.c.number).where(customers.c.id == customer).with_for_update()
        lately = select(func.count()).where(*_of(customer, Occasion.TEST), _ONE.begun_at > most[1])
        row = notice_row(customer, Occasion.TEST, planned, told)

        def work(connection: Connection) -> bool:
            number = connection.execute(own).scalar_one_or_none()
            if number is None or connection.execute(lately).scalar_one() >= most[0]:
                return False
            connection.execute(insert(message_deliveries), [row])
            writer = AuditWriter(connection, author, at)
            way = f"{planned.means.value}: {planned.address}"
            writer.noted(customer, number, Change(join((TESTS, planned.recipient)), None, way))
            writer.write()
            return True

        return await self._lane.write(work)

    async def sent(
        self, customer: CustomerId, occasion: Occasion, since: datetime, recipient: str | None = None
    ) -> Sequence[Delivery]:
        """See NoticeStore."""
        wanted = select(message_deliveries).where(*_of(customer, occasion), _ONE.begun_at >= since)
        if recipient is not None:
            wanted = wanted.where(_ONE.recipient == recipient)
        ordered = wanted.order_by(_ONE.begun_at.desc(), _ONE.id.desc())
        rows = await self._lane.read(lambda connection: connection.execute(ordered).all())
        return [delivery_of(row) for row in rows]

    async def wanting(self) -> Sequence[tuple[CustomerId, tuple[str, ...]]]:
        """See NoticeStore."""
        own = select(customers.c.id, customers.c.digest_times).where(customers.c.digest_times.is_not(None))
        # Not ordered: SQLite would read all customers in their order instead of the few in the index.
        rows = await self._lane.read(lambda connection: connection.execute(own).all())
        return sorted((CustomerId(row.id), tuple(row.digest_times.split())) for row in rows)

    async def add_digest(self, customer: CustomerId, digest: PlannedDigest) -> int:
        """See NoticeStore."""
        return await self._lane.write(lambda connection: add_digest(self._database, connection, customer, digest))

    async def forget(self, before: datetime, most: int) -> int:
        """See NoticeStore."""
        old = select(_ONE.id).where(_ONE.message.is_(None), _ONE.begun_at < before).limit(most)
        gone = delete(message_deliveries).where(_ONE.id.in_(old))
        return await self._lane.write(lambda connection: connection.execute(gone).rowcount)


def _of(customer: CustomerId, occasion: Occasion) -> tuple[Any, ...]:
    return _ONE.message.is_(None), _ONE.customer == customer, _ONE.occasion == occasion.value
