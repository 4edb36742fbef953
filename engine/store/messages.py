"""Customers' messages in the store (`engine.ports.messages`).

Rule of this file: every statement is bound to the customer, and begins at an index over customer and time. What a
message is found by is one folded text, read from the latest message on until the page is full.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, fields, replace
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

from engine.message.slip import Slip, Tick, Urgency
from engine.message.states import DeliveryState, Marks, Means, State, Trouble
from engine.ports.messages import Count, Delivery, Message, Wanted
from engine.store.database import Database
from engine.store.searching import NUMBER, digits, folded, has, spelled
from engine.store.tables import message_deliveries, messages
from engine.store.upsert import insert_missing
from engine.terms import AgentId, CallId, CustomerId

_NUL = "\0"
"""Stands in no text of the store, and PostgreSQL does not even look for it."""
_MARKS = tuple(field.name for field in fields(Marks))
_SLIP = tuple(field.name for field in fields(Slip))
_READ = tuple(messages.c[name] for name in ("id", *_SLIP, *_MARKS))


class StoredMessages:
    """Fills `MessageStore`."""

    def __init__(self, database: Database, country: str = "49") -> None:
        """`country`: the installation's code without plus, for numbers that are searched as `030 …`."""
        self._database, self._country = database, country
        self._lane = database.lane()

    async def add(self, customer: CustomerId, key: str, slip: Slip) -> tuple[int, Slip]:
        """See MessageStore."""
        made = insert_missing(self._database, messages).values(message_row(customer, key, slip, self._country))
        there = select(*_READ).where(messages.c.customer == customer, messages.c.key == key)

        def work(connection: Connection) -> tuple[int, Slip]:
            connection.execute(made)
            found = connection.execute(there).one()
            return found.id, _slip(found)

        return await self._lane.write(work)

    async def page(self, customer: CustomerId, wanted: Wanted, limit: int) -> Sequence[Message]:
        """See MessageStore."""
        if _NUL in f"{wanted.text}{wanted.contact}{wanted.call}":
            return []

        def work(connection: Connection) -> list[Message]:
            statement = self._narrowed(connection, select(*_READ).where(messages.c.customer == customer), wanted)
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

    async def remove(
        self, customer: CustomerId, message: int, agent: AgentId, call: CallId, since: datetime
    ) -> Slip | None:
        """See MessageStore."""
        begun = select(message_deliveries.c.id).where(
            message_deliveries.c.message == messages.c.id, message_deliveries.c.state != DeliveryState.QUEUED.value
        )
        theirs = (messages.c.agent == agent, messages.c.call == call, messages.c.taken_at > since)
        unread = (messages.c.state == State.NEW.value, ~begun.correlate(messages).exists())
        gone = delete(messages).where(*_one_of(customer, message), *theirs, *unread).returning(*_READ)

        def work(connection: Connection) -> Slip | None:
            found = connection.execute(gone).one_or_none()
            return _slip(found) if found else None

        return await self._lane.write(work)

    async def count(self, customer: CustomerId, since: datetime) -> Count:
        """See MessageStore."""
        own = select(func.count()).select_from(messages).where(messages.c.customer == customer)
        taken, new = own.where(messages.c.taken_at >= since), own.where(messages.c.state == State.NEW.value)
        return await self._lane.read(
            lambda connection: Count(connection.execute(taken).scalar_one(), connection.execute(new).scalar_one())
        )

    async def deliver(self, customer: CustomerId, message: int, deliveries: Sequence[Delivery]) -> Sequence[int]:
        """See MessageStore."""

        def work(connection: Connection) -> list[int]:
            if _find(connection, customer, message) is None:
                return []
            rows = [{**_delivery_row(one), "message": message} for one in deliveries]
            made = insert(message_deliveries).returning(message_deliveries.c.id)
            return [connection.execute(made.values(row)).scalar_one() for row in rows]

        return await self._lane.write(work)

    async def delivered(self, customer: CustomerId, delivery: Delivery) -> bool:
        """See MessageStore."""
        own = select(messages.c.id).where(messages.c.customer == customer)
        wanted = update(message_deliveries).where(
            message_deliveries.c.id == delivery.id, message_deliveries.c.message.in_(own)
        )
        noted = wanted.values(_delivery_row(delivery))
        return await self._lane.write(lambda connection: connection.execute(noted).rowcount > 0)

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


def _search(slip: Slip, country: str) -> str:
    short = (slip.caller_name, slip.company, slip.subject, slip.contact or "")
    more = tuple(value for _, value in slip.fields)
    texts = (*short, *more)
    items = (*map(folded, texts), *map(spelled, texts), folded(slip.number), digits(slip.number, country))
    return "\n".join(dict.fromkeys(one for one in (*items, folded(slip.text)) if one))


def _one_of(customer: CustomerId, message: int) -> tuple[ColumnElement[bool], ...]:
    return messages.c.customer == customer, messages.c.id == message


def _find(connection: Connection, customer: CustomerId, message: int) -> Message | None:
    found = _whole(connection, connection.execute(select(*_READ).where(*_one_of(customer, message))).all())
    return found[0] if found else None


def _whole(connection: Connection, rows: Sequence[Row[Any]]) -> list[Message]:
    """The messages of these rows, with their deliveries."""
    wanted = select(message_deliveries).where(message_deliveries.c.message.in_([row.id for row in rows]))
    found: dict[int, list[Delivery]] = defaultdict(list)
    for row in connection.execute(wanted.order_by(message_deliveries.c.id)) if rows else ():
        found[row.message].append(_delivery(row))
    return [Message(row.id, _slip(row), _marks(row), tuple(found[row.id])) for row in rows]


def message_row(customer: CustomerId, key: str, slip: Slip, country: str) -> dict[str, Any]:
    """A new message as the table has it."""
    told = {name: getattr(slip, name) for name in _SLIP}
    own = {"customer": customer, "key": key, "state": State.NEW.value, "search": _search(slip, country)}
    ticks = " ".join(tick.value for tick in _ordered(slip.ticks))
    return {**told, **own, "urgency": slip.urgency.value, "ticks": ticks}


def _ordered(ticks: Iterable[Tick]) -> list[Tick]:
    return [tick for tick in Tick if tick in set(ticks)]


def _slip(row: Row[Any]) -> Slip:
    told = {name: row._mapping[name] for name in _SLIP}
    fields = tuple((label, value) for label, value in row.fields)
    own = {"urgency": Urgency(row.urgency), "ticks": frozenset(map(Tick, row.ticks.split())), "fields": fields}
    return Slip(**{**told, **own})


def _marks(row: Row[Any]) -> Marks:
    return Marks(**{**{name: row._mapping[name] for name in _MARKS}, "state": State(row.state)})


def _delivery_row(delivery: Delivery) -> dict[str, Any]:
    own = asdict(delivery)
    del own["id"]
    return own


def _delivery(row: Row[Any]) -> Delivery:
    trouble = None if row.trouble is None else Trouble(row.trouble)
    state, means = DeliveryState(row.state), Means(row.means)
    return Delivery(means, row.recipient, row.address, state, row.at, row.tries, trouble, row.id)
