"""Callers marked as spam (`engine.ports.spam.SpamStore`).

Rule of this file: marks are read from the index over what is spam and when, or over customer and time, and bounded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, exists, or_, select

from engine.ports.desk import NoMessage
from engine.ports.spam import SpamMark
from engine.store.database import Database
from engine.store.tables import access_numbers, agents, call_closings, calls, customers, messages, spam_dismissals
from engine.store.upsert import insert_or_replace
from engine.terms import E164, AgentId, CustomerId

KEPT = timedelta(days=400)
"""How long it is known that a caller was dismissed: longer than any mark counts."""
_AT_ONCE = 500
"""Values in one statement."""


class StoredSpam:
    """Fills `SpamStore`, as far as the journal has been written."""

    def __init__(self, database: Database) -> None:
        self._database, self._lane = database, database.lane()

    async def marks(self, customer: CustomerId | None, since: datetime, limit: int) -> Sequence[SpamMark]:
        """See SpamStore."""
        closed = call_closings.c
        other = call_closings.alias("other").c
        # Of a call that two agents have marked, the later mark counts.
        again = exists().where(
            other.call == closed.call,
            other.spam,
            or_(other.at > closed.at, and_(other.at == closed.at, other.agent > closed.agent)),
        )
        answered = exists().where(messages.c.customer == closed.customer, messages.c.call == closed.call)
        wanted = (
            select(
                closed.customer, customers.c.number, customers.c.name, calls.c.caller,
                closed.at, closed.agent, agents.c.name.label("agent_name"), closed.reason,
            )
            .join(calls, calls.c.id == closed.call)
            .join(customers, customers.c.id == closed.customer)
            .outerjoin(agents, agents.c.login == closed.agent)
            .where(closed.spam, closed.at >= since, calls.c.caller.is_not(None), ~answered, ~again)
            .order_by(closed.at.desc(), closed.call.desc())
            .limit(limit)
        )  # fmt: skip
        if customer is not None:
            wanted = wanted.where(closed.customer == customer)
        rows = await self._lane.read(lambda connection: connection.execute(wanted).all())
        return [_mark(row) for row in rows]

    async def dismissals(self, customers: Collection[CustomerId]) -> Mapping[tuple[CustomerId, E164], datetime]:
        """See SpamStore."""
        dismissed = spam_dismissals.c

        def work(connection: Connection) -> dict[tuple[CustomerId, E164], datetime]:
            found: dict[tuple[CustomerId, E164], datetime] = {}
            for some in _parts(customers):
                wanted = select(dismissed.customer, dismissed.number, dismissed.at)
                for customer, number, at in connection.execute(wanted.where(dismissed.customer.in_(some))):
                    found[customer, number] = at
            return found

        return await self._lane.read(work)

    async def dismiss(self, customer: CustomerId, number: E164, by: str, at: datetime) -> None:
        """See SpamStore."""
        row = {"customer": customer, "number": number, "by": by, "at": at}
        written = insert_or_replace(self._database, spam_dismissals, ("customer", "number"), "by", "at").values(row)
        old = delete(spam_dismissals).where(
            spam_dismissals.c.customer == customer, spam_dismissals.c.at < at - KEPT
        )  # fmt: skip

        def work(connection: Connection) -> None:
            connection.execute(written)
            connection.execute(old)

        await self._lane.write(work)

    async def forget_dismissals(self, before: datetime, most: int) -> int:
        """Forget at most so many of the older ones; how many it were."""
        kept = spam_dismissals.c
        old = select(kept.customer, kept.number).where(kept.at < before).limit(most)

        def work(connection: Connection) -> int:
            gone = connection.execute(old).all()
            for customer, number in gone:
                connection.execute(
                    delete(spam_dismissals).where(kept.customer == customer, kept.number == number, kept.at < before)
                )
            return len(gone)

        return await self._lane.write(work)

    async def access_numbers(self, numbers: Collection[E164]) -> frozenset[E164]:
        """See SpamStore."""
        ours = access_numbers.c.number

        def work(connection: Connection) -> frozenset[E164]:
            found = (connection.execute(select(ours).where(ours.in_(some))).scalars() for some in _parts(numbers))
            return frozenset(E164(number) for some in found for number in some)

        return await self._lane.read(work)


def _parts(values: Collection[Any]) -> Iterator[list[Any]]:
    """Them in parts that a statement can carry."""
    every = list(values)
    return (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))


def _mark(row: Any) -> SpamMark:
    customer = (CustomerId(row.customer), row.number, row.name)
    return SpamMark(*customer, row.caller, row.at, AgentId(row.agent), row.agent_name, NoMessage(row.reason))
