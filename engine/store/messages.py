"""Customers' messages in the store (`engine.ports.messages`).

Rule of this file: every statement is bound to the customer, and begins at an index over customer and time. What a
message is found by is one folded text, read from the latest message on until the page is full.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from engine.entries.paths import MESSAGES, Change, join
from engine.message.slip import Slip
from engine.message.states import DeliveryState, Marks, State
from engine.ports.customers import Author
from engine.ports.messages import Count, Delivery, Message, Wanted
from engine.ports.outbox import Planned
from engine.store.audit import AuditWriter
from engine.store.database import Database
from engine.store.message_rows import MESSAGE_COLUMNS, delivery_of, marks_of, message_row, planned_row, slip_of
from engine.store.searching import NUMBER, digits, folded, has
from engine.store.tables import customers, message_deliveries, messages
from engine.store.upsert import insert_missing
from engine.terms import AgentId, CallId, CustomerId

_NUL = "\0"
"""Stands in no text of the store, and PostgreSQL does not even look for it."""


class StoredMessages:
    """Fills `MessageStore`."""

    def __init__(self, database: Database, country: str = "49") -> None:
        """`country`: the installation's code without plus, for numbers that are searched as `030 …`."""
        self._database, self._country = database, country
        self._lane = database.lane()

    async def add(
        self, customer: CustomerId, key: str, slip: Slip, planned: Sequence[Planned] = ()
    ) -> tuple[int, Slip]:
        """See MessageStore."""
        row = message_row(customer, key, slip, self._country)
        made = insert_missing(self._database, messages).values(row).returning(messages.c.id)
        there = select(*MESSAGE_COLUMNS).where(messages.c.customer == customer, messages.c.key == key)

        def work(connection: Connection) -> tuple[int, Slip]:
            new = connection.execute(made).scalar_one_or_none()
            if new is not None and planned:
                connection.execute(insert(message_deliveries), [planned_row(new, one) for one in planned])
            found = connection.execute(there).one()
            return found.id, slip_of(found)

        return await self._lane.write(work)

    async def page(self, customer: CustomerId, wanted: Wanted, limit: int) -> Sequence[Message]:
        """See MessageStore."""
        if _NUL in f"{wanted.text}{wanted.contact}{wanted.call}":
            return []

        def work(connection: Connection) -> list[Message]:
            statement = self._narrowed(
                connection, select(*MESSAGE_COLUMNS).where(messages.c.customer == customer), wanted
            )
            if wanted.after is not None:
                own = select(messages.c.taken_at, messages.c.id).where(*_one_of(customer, wanted.after))
                last = connection.execute(own).one_or_none()
                if last is None:
                    return []
                older = tuple_(messages.c.taken_at, messages.c.id) < tuple_(*last)
                statement = statement.where(messages.c.taken_at <= last.taken_at, older)
            ordered = statement.order_by(messages.c.taken_at.desc(), messages.c.id.desc()).limit(limit)
            return _whole(connection, connection.execute(ordered).all())

        return await self._lane.read(work)

    async def find(self, customer: CustomerId, message: int) -> Message | None:
        """See MessageStore."""
        return await self._lane.read(lambda connection: _find(connection, customer, message))

    async def mark(self, customer: CustomerId, message: int, decide: Callable[[Marks], Marks]) -> Message | None:
        """See MessageStore."""

        def work(connection: Connection) -> Message | None:
            own = select(messages.c.id).where(*_one_of(customer, message)).with_for_update()
            found = _find(connection, customer, message) if connection.execute(own).first() else None
            if found is None:
                return None
            marks = decide(found.marks)
            connection.execute(update(messages).where(*_one_of(customer, message)).values(asdict(marks)))
            return replace(found, marks=marks)

        return await self._lane.write(work)

    async def acknowledge(
        self, customer: CustomerId, message: int, deliveries: Collection[int], by: str, at: datetime
    ) -> bool:
        """See MessageStore."""
        one, theirs = message_deliveries.c, select(messages.c.id).where(*_one_of(customer, message))
        rings = (one.id.in_(list(deliveries)), one.state == DeliveryState.SENT.value, one.due.is_not(None))
        told = {"state": DeliveryState.ACKNOWLEDGED.value, "at": at, "by": by, "due": at, "claimed_at": None}
        seen = update(message_deliveries).where(one.message.in_(theirs), *rings).values(told)
        return await self._lane.write(lambda connection: connection.execute(seen).rowcount > 0)

    async def remove(
        self, customer: CustomerId, message: int, agent: AgentId, call: CallId, since: datetime
    ) -> Slip | None:
        """See MessageStore."""
        one = message_deliveries.c
        # Locked first (PostgreSQL): who claims one of them just now is waited for, and then seen.
        locked = select(one.id).where(one.message == message).with_for_update()
        begun = select(one.id).where(
            one.message == messages.c.id, or_(one.state != DeliveryState.QUEUED.value, one.tries > 0)
        )
        theirs = (messages.c.agent == agent, messages.c.call == call, messages.c.taken_at > since)
        unread = (messages.c.state == State.NEW.value, ~begun.correlate(messages).exists())
        gone = delete(messages).where(*_one_of(customer, message), *theirs, *unread).returning(*MESSAGE_COLUMNS)

        def work(connection: Connection) -> Slip | None:
            connection.execute(locked).all()
            found = connection.execute(gone).one_or_none()
            return slip_of(found) if found else None

        return await self._lane.write(work)

    async def count(self, customer: CustomerId, since: datetime) -> Count:
        """See MessageStore."""
        own = select(func.count()).select_from(messages).where(messages.c.customer == customer)
        taken, new = own.where(messages.c.taken_at >= since), own.where(messages.c.state == State.NEW.value)
        return await self._lane.read(
            lambda connection: Count(connection.execute(taken).scalar_one(), connection.execute(new).scalar_one())
        )

    async def send(
        self,
        customer: CustomerId,
        message: int,
        planned: Sequence[Planned],
        instead: Collection[int],
        author: Author,
        at: datetime,
    ) -> bool:
        """See MessageStore."""
        one = message_deliveries.c
        own = (one.id.in_(list(instead)), one.message == message)
        failed = select(one.id).where(*own, one.state == DeliveryState.FAILED.value, ~one.is_replaced)
        number = select(customers.c.number).join(messages, messages.c.customer == customers.c.id)

        def work(connection: Connection) -> bool:
            found = connection.execute(number.where(*_one_of(customer, message))).scalar_one_or_none()
            if found is None or len(connection.execute(failed.with_for_update()).all()) < len(instead):
                return False
            connection.execute(update(message_deliveries).where(*own).values(is_replaced=True))
            connection.execute(insert(message_deliveries), [planned_row(message, one) for one in planned])
            writer = AuditWriter(connection, author, at)
            for way in planned:
                told = f"{way.means.value}: {way.recipient}, {way.address}"
                writer.noted(customer, found, Change(join((MESSAGES, message)), None, told))
            writer.write()
            return True

        return await self._lane.write(work)

    def _narrowed(self, connection: Connection, statement: Select[Any], wanted: Wanted) -> Select[Any]:
        if wanted.since is not None:
            statement = statement.where(messages.c.taken_at >= wanted.since)
        if wanted.until is not None:
            statement = statement.where(messages.c.taken_at < wanted.until)
        for name in ("contact", "state", "call"):
            if (value := getattr(wanted, name)) is not None:
                statement = statement.where(messages.c[name] == value)
        return statement.where(self._found(connection, wanted.text)) if wanted.text.strip() else statement

    def _found(self, connection: Connection, text: str) -> ColumnElement[bool]:
        """Every word somewhere in the message, or the number however it is written."""
        words = folded(text).split()
        found = and_(*(has(connection, messages.c.search, word) for word in words)) if words else false()
        if NUMBER.fullmatch(text):
            # What its ways of being written share, for a number may stand there as it was typed.
            written = digits(text, self._country).removeprefix(f"+{self._country}")
            found = or_(found, has(connection, messages.c.search, written)) if written else found
        return found


def _one_of(customer: CustomerId, message: int) -> tuple[ColumnElement[bool], ...]:
    return messages.c.customer == customer, messages.c.id == message


def _find(connection: Connection, customer: CustomerId, message: int) -> Message | None:
    found = _whole(connection, connection.execute(select(*MESSAGE_COLUMNS).where(*_one_of(customer, message))).all())
    return found[0] if found else None


def _whole(connection: Connection, rows: Sequence[Row[Any]]) -> list[Message]:
    """The messages of these rows, with their deliveries."""
    wanted = select(message_deliveries).where(message_deliveries.c.message.in_([row.id for row in rows]))
    found: dict[int, list[Delivery]] = defaultdict(list)
    for row in connection.execute(wanted.order_by(message_deliveries.c.id)) if rows else ():
        found[row.message].append(delivery_of(row))
    return [Message(row.id, slip_of(row), marks_of(row), tuple(found[row.id])) for row in rows]
