"""Daily summaries in the store: planned once, and told as everything stands when they leave.

Rule of this file: what is told is read when it is sent, so nothing that was deleted meanwhile leaves the house; a
key is made of the day and the address, so whoever plans the same once more plans nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, or_, select

from engine.message.digest import MOST, Digest, Told
from engine.message.states import DeliveryState, Means, Occasion, State, Summary, summed_up
from engine.ports.notices import PlannedDigest
from engine.ports.outbox import Planned
from engine.store.database import Database
from engine.store.message_rows import MESSAGE_COLUMNS, marks_of, notice_row, slip_of
from engine.store.tables import calls, message_deliveries, messages
from engine.store.upsert import insert_missing
from engine.terms import CustomerId

WEEK = timedelta(days=7)
"""How far back a summary goes at most, where those before it are missing."""
LONGEST_CALL = timedelta(days=1)
"""Calls that are over are looked for among those that have arrived so long before."""
_ONE = message_deliveries.c


def add_digest(database: Database, connection: Connection, customer: CustomerId, digest: PlannedDigest) -> int:
    """See NoticeStore."""
    span, whose = digest.span, digest.contact or ""
    own = (_ONE.message.is_(None), _ONE.customer == customer, _ONE.occasion == Occasion.DIGEST.value)
    known = select(_ONE.begun_at).where(*own, _ONE.recipient == whose, _ONE.begun_at > span.end - WEEK)
    last = connection.execute(known.order_by(_ONE.begun_at.desc()).limit(1)).scalar_one_or_none()
    if last is not None and last >= span.end:
        return 0
    begin = last or span.begin
    told = {"contact": digest.contact, "begin": begin.isoformat(), "end": span.end.isoformat()}
    if not digest.even_empty and _is_empty(connection, customer, told):
        return 0
    rows = [
        {
            **notice_row(customer, Occasion.DIGEST, Planned(Means.MAIL, whose, address, span.end), told),
            "key": _key(customer, digest, address),
        }
        for address in digest.mail
    ]
    missing = insert_missing(database, message_deliveries)
    return sum(connection.execute(missing.values(row)).rowcount for row in rows)


def digest_of(connection: Connection, customer: CustomerId, told: Mapping[str, Any]) -> Digest:
    """What the summary says, as everything stands now. `told`: as it was planned."""
    begin, end = _span(told)
    taken = _taken(customer, told)
    unread = func.coalesce(func.sum(case((messages.c.state == State.NEW.value, 1), else_=0)), 0)
    count = connection.execute(select(func.count().label("all"), unread.label("unread")).where(*taken)).one()
    ordered = select(*MESSAGE_COLUMNS).where(*taken).order_by(messages.c.taken_at, messages.c.id).limit(MOST)
    rows = connection.execute(ordered).all()
    sent = _summaries(connection, [row.id for row in rows])
    had, without = _calls(connection, customer, begin, end)
    shown = tuple(Told(row.id, slip_of(row), marks_of(row).state, sent.get(row.id, Summary.NONE)) for row in rows)
    return Digest(told["contact"], begin, end, shown, count.all, int(count.unread), had, without)


def _span(told: Mapping[str, Any]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(told["begin"]), datetime.fromisoformat(told["end"])


def _taken(customer: CustomerId, told: Mapping[str, Any]) -> tuple[ColumnElement[bool], ...]:
    """The messages of that time; for a contact also those for everybody."""
    begin, end = _span(told)
    one = messages.c
    within = (one.customer == customer, one.taken_at >= begin, one.taken_at < end)
    if told["contact"] is None:
        return within
    return *within, or_(one.contact == told["contact"], one.contact.is_(None))


def _is_empty(connection: Connection, customer: CustomerId, told: Mapping[str, Any]) -> bool:
    if connection.execute(select(messages.c.id).where(*_taken(customer, told)).limit(1)).first():
        return False
    return told["contact"] is not None or not _calls(connection, customer, *_span(told))[0]


def _calls(connection: Connection, customer: CustomerId, begin: datetime, end: datetime) -> tuple[int, int]:
    """Those that ended in that time, for one that goes on at its end is told next time; and those without a message."""
    one = calls.c
    own = (one.customer == customer, one.arrived_at >= begin - LONGEST_CALL, one.arrived_at < end)
    taken = select(messages.c.id).where(messages.c.customer == customer, messages.c.call == one.id)
    without = func.coalesce(func.sum(case((~taken.correlate(calls).exists(), 1), else_=0)), 0)
    found = connection.execute(
        select(func.count(), without).where(*own, one.ended_at >= begin, one.ended_at < end)
    ).one()
    return found[0], int(found[1])


def _summaries(connection: Connection, ids: list[int]) -> dict[int, Summary]:
    wanted = select(_ONE.message, _ONE.state).where(_ONE.message.in_(ids), ~_ONE.is_replaced)
    states: dict[int, list[DeliveryState]] = {}
    for row in connection.execute(wanted) if ids else ():
        states.setdefault(row.message, []).append(DeliveryState(row.state))
    return {message: summed_up(found) for message, found in states.items()}


def _key(customer: CustomerId, digest: PlannedDigest, address: str) -> str:
    told = f"{customer}|{digest.span.day}|{digest.contact or ''}|{address}"
    return sha256(told.encode()).hexdigest()[:32]
