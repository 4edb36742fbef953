"""Forgets what is too old, some of it at a time (`engine.jobs.retention`; what goes when: ADR 31).

Rule of this file: every statement begins at an index or at the oldest rows, and is one short transaction; what is still
in use stays, however old it is. A call's record is kept as a figure when its people are forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, exists, literal_column, select, update

from engine.ports.records import ALL_FORGOTTEN, CALLER_FORGOTTEN, TRAIL_FORGOTTEN
from engine.store.database import Database
from engine.store.tables import (
    audit,
    call_attempts,
    call_closings,
    call_talks,
    call_trail,
    calls,
    change_orders,
    desk_news,
    message_deliveries,
    messages,
    one_time_links,
    sessions,
    sign_in_failures,
)

_OVER = calls.c.outcome != "open"
_BELOW: tuple[Table, ...] = (call_trail, call_talks, call_attempts, call_closings)
"""What belongs to a call, each by its column `call`."""
_NAMED: ColumnElement[bool] = literal_column("due IS NULL AND address <> ''")
"""Deliveries that are over and still say to whom they went, in the words of their index."""


class StoredForgetting:
    """Each method forgets at most `most` of what is older than `before`, and says how many rows it were."""

    def __init__(self, database: Database) -> None:
        """On a lane of its own."""
        self._lane = database.lane()

    async def trails(self, before: datetime, most: int) -> int:
        """What happened in calls, step by step."""
        return await self._of_calls(before, most, range(TRAIL_FORGOTTEN), without_trail)

    async def callers(self, before: datetime, most: int) -> int:
        """Who called, who answered, who was dialled: the calls are figures from now on."""
        return await self._of_calls(before, most, range(ALL_FORGOTTEN), without_people)

    async def calls(self, before: datetime, most: int) -> int:
        """The calls themselves, and all that is below them."""
        return await self._of_calls(before, most, range(ALL_FORGOTTEN + 1), _delete_calls)

    async def messages(self, before: datetime, most: int) -> int:
        """Messages with their deliveries; one of which something is still to be delivered stays."""
        deliveries = message_deliveries.c
        in_use = exists().where(deliveries.message == messages.c.id, deliveries.due.is_not(None))
        old = select(messages.c.id).where(messages.c.taken_at < before, ~in_use).order_by(messages.c.taken_at)
        return await self._deleted(messages, old, most)

    async def addresses(self, before: datetime, most: int) -> int:
        """To whom and where messages went, of deliveries that are over; that they went stays."""
        row = message_deliveries.c
        old = select(row.id).where(_NAMED, row.at < before).order_by(row.at).limit(most)
        nobody: dict[str, Any] = {
            "recipient": "",
            "address": "",
            "options": {},
            "detail": "",
            "reference": None,
            "by": None,
        }
        blanked = update(message_deliveries).where(row.id.in_(old.scalar_subquery())).values(nobody)
        return await self._lane.write(lambda connection: connection.execute(blanked).rowcount)

    async def orders(self, before: datetime, most: int) -> int:
        """Change orders that are done."""
        done = change_orders.c.done_at
        return await self._deleted(change_orders, select(change_orders.c.id).where(done < before).order_by(done), most)

    async def audit(self, before: datetime, most: int) -> int:
        """Who changed what."""
        oldest = select(audit.c.id).order_by(audit.c.id).limit(most)
        gone = delete(audit).where(audit.c.id.in_(oldest.scalar_subquery()), audit.c.at < before)
        return await self._lane.write(lambda connection: connection.execute(gone).rowcount)

    async def news(self, before: datetime, most: int) -> int:
        """News for desks whose time is over."""
        return await self._deleted(desk_news, select(desk_news.c.id).where(desk_news.c.until < before), most)

    async def sessions(self, before: datetime, most: int) -> int:
        """Sessions that were in use last before then, however long they could have lasted."""
        return await self._deleted(sessions, select(sessions.c.id).where(sessions.c.last_seen_at < before), most)

    async def links(self, before: datetime, most: int) -> int:
        """One-time links that were over before then."""
        old = select(one_time_links.c.token).where(one_time_links.c.expires_at < before)
        return await self._deleted(one_time_links, old, most)

    async def failures(self, before: datetime, most: int) -> int:
        """Failed sign-ins that slow nobody down any more."""
        old = select(sign_in_failures.c.id).where(sign_in_failures.c.at < before)
        return await self._deleted(sign_in_failures, old, most)

    async def _deleted(self, table: Table, old: Any, most: int) -> int:
        (key,) = table.primary_key.columns
        gone = delete(table).where(key.in_(old.limit(most).scalar_subquery()))
        return await self._lane.write(lambda connection: connection.execute(gone).rowcount)

    async def _of_calls(
        self, before: datetime, most: int, levels: range, work: Callable[[Connection, Sequence[str]], None]
    ) -> int:
        # One level after the other: each is read from the index in order, and no further than needed.
        def some(connection: Connection) -> int:
            found: list[str] = []
            for level in levels:
                old = select(calls.c.id).where(calls.c.forgotten == level, calls.c.arrived_at < before, _OVER)
                found += connection.execute(old.order_by(calls.c.arrived_at).limit(most - len(found))).scalars()
            if found:
                work(connection, found)
            return len(found)

        return await self._lane.write(some)


def without_trail(connection: Connection, those: Sequence[str]) -> None:
    """The trails of these calls are no more."""
    connection.execute(delete(call_trail).where(call_trail.c.call.in_(those)))
    _mark(connection, those, forgotten=TRAIL_FORGOTTEN)


def without_caller(connection: Connection, those: Sequence[str]) -> None:
    """Nothing says any more who called; who answered stays."""
    for table in (call_trail, call_closings):
        connection.execute(delete(table).where(table.c.call.in_(those)))
    _mark(connection, those, forgotten=CALLER_FORGOTTEN, caller=None)


def without_people(connection: Connection, those: Sequence[str]) -> None:
    """Nobody stands in these calls any more."""
    without_caller(connection, those)
    connection.execute(update(call_talks).where(call_talks.c.call.in_(those)).values(agent=""))
    dialled = update(call_attempts).where(call_attempts.c.call.in_(those))
    connection.execute(dialled.values(contact="", number=""))
    _mark(connection, those, forgotten=ALL_FORGOTTEN, agent=None)


def _mark(connection: Connection, those: Sequence[str], forgotten: int, **values: None) -> None:
    """Never less forgotten than before."""
    less = (calls.c.id.in_(those), calls.c.forgotten < forgotten)
    connection.execute(update(calls).where(*less).values(forgotten=forgotten, **values))


def _delete_calls(connection: Connection, those: Sequence[str]) -> None:
    for table in _BELOW:
        connection.execute(delete(table).where(table.c.call.in_(those)))
    connection.execute(delete(calls).where(calls.c.id.in_(those)))
