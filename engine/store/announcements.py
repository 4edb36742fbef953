"""Customers' own announcements in the store (`engine.ports.announcements`).

Rule of this file: a change holds off every other change of customers, so what is chosen cannot go meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from engine.entries.paths import Change, join
from engine.ports.announcements import Announcement, Check, Recording
from engine.ports.customers import Author
from engine.store.audit import AuditWriter
from engine.store.changing import wait_for_others
from engine.store.database import Database
from engine.store.tables import announcements, customers, wait_settings
from engine.terms import CustomerId, own_sound

_SHOWN = select(
    *(announcements.c[name] for name in ("id", "name", "made_at", "text", "language")),
    func.length(announcements.c.sound).label("size"),
)


class StoredAnnouncements:
    """Fills `AnnouncementStore`."""

    def __init__(self, database: Database) -> None:
        """On a lane of its own."""
        self._lane = database.lane()

    async def of_customer(self, customer: CustomerId) -> Sequence[Announcement]:
        """See AnnouncementStore."""
        return await self._lane.read(lambda connection: _of_customer(connection, customer))

    async def sound(self, customer: CustomerId, key: int) -> bytes | None:
        """See AnnouncementStore."""
        wanted = select(announcements.c.sound).where(*_one_of(customer, key))
        found: bytes | None = await self._lane.read(lambda connection: connection.execute(wanted).scalar_one_or_none())
        return found

    async def put(
        self, customer: CustomerId, key: int | None, recording: Recording, author: Author, check: Check
    ) -> int:
        """See AnnouncementStore."""
        values = {name: getattr(recording, name) for name in recording.__slots__}

        def work(connection: Connection) -> int:
            wait_for_others(connection)
            there = _of_customer(connection, customer)
            check(there)
            if key is None:
                made = insert(announcements).values(customer=customer, **values).returning(announcements.c.id)
                put = int(connection.execute(made).scalar_one())
            else:
                connection.execute(update(announcements).where(*_one_of(customer, key)).values(values))
                put = key
            before = next((one for one in there if one.id == key), None)
            after = Announcement(
                put, recording.name, len(recording.sound), recording.made_at, recording.text, recording.language
            )
            _note(connection, customer, author, before, after)
            return put

        return await self._lane.write(work)

    async def drop(self, customer: CustomerId, key: int, author: Author, check: Check) -> None:
        """See AnnouncementStore."""

        def work(connection: Connection) -> None:
            wait_for_others(connection)
            there = _of_customer(connection, customer)
            check(there)
            connection.execute(delete(announcements).where(*_one_of(customer, key)))
            _note(connection, customer, author, next(one for one in there if one.id == key), None)

        await self._lane.write(work)

    async def everyone(self) -> Sequence[Announcement]:
        """See AnnouncementStore."""
        wanted = _SHOWN.order_by(announcements.c.id)
        return await self._lane.read(
            lambda connection: [Announcement(**row._mapping) for row in connection.execute(wanted)]
        )

    async def recording(self, key: int) -> Recording | None:
        """See AnnouncementStore."""
        columns = [announcements.c[name] for name in Recording.__slots__]
        wanted = select(*columns).where(announcements.c.id == key)
        row = await self._lane.read(lambda connection: connection.execute(wanted).one_or_none())
        return None if row is None else Recording(**row._mapping)


def own_sounds(connection: Connection, customer: int | None) -> frozenset[str]:
    """The names by which this customer's settings may name its announcements."""
    wanted = select(announcements.c.id).where(announcements.c.customer == customer)
    return frozenset(map(own_sound, connection.execute(wanted).scalars()))


def _one_of(customer: CustomerId, key: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return announcements.c.customer == customer, announcements.c.id == key


def _of_customer(connection: Connection, customer: CustomerId) -> list[Announcement]:
    wait = select(wait_settings.c.greeting, wait_settings.c.announcements).where(wait_settings.c.customer == customer)
    greeting, interim = connection.execute(wait).one_or_none() or (None, ())
    wanted = _SHOWN.where(announcements.c.customer == customer)

    def shown(row: Any) -> Announcement:
        sound = own_sound(row.id)
        return Announcement(**row._mapping, greets=sound == greeting, interim=sound in interim)

    # Sorted here: the databases' own orders of texts differ.
    return sorted(map(shown, connection.execute(wanted)), key=lambda one: (one.name.casefold(), one.name))


def _note(
    connection: Connection,
    customer: CustomerId,
    author: Author,
    before: Announcement | None,
    after: Announcement | None,
) -> None:
    one = after or before
    assert one is not None
    number = connection.execute(select(customers.c.number).where(customers.c.id == customer)).scalar_one()
    writer = AuditWriter(connection, author, datetime.now(UTC))
    writer.noted(customer, number, Change(join(("announcements", one.name)), _told(before), _told(after)))
    writer.write()


def _told(one: Announcement | None) -> dict[str, Any] | None:
    if one is None:
        return None
    told = {"seconds": round(one.seconds, 1), "text": one.text, "language": one.language}
    return {name: value for name, value in told.items() if value is not None}
