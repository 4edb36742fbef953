"""The outbox in the store (`engine.ports.outbox`).

Rule of this file: a delivery is claimed in one short transaction and noted in another; nothing is locked while it is
carried. On PostgreSQL what somebody else has locked is passed over; on SQLite one writes after the other anyway.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from engine.message.states import DeliveryState, Means, Occasion, Trouble
from engine.ports.outbox import Noted, Parcel, Planned, Standing
from engine.store.database import Database
from engine.store.digests import digest_of
from engine.store.journal_rows import storable
from engine.store.message_rows import SLIP_COLUMNS, notice_slip, planned_row, slip_of
from engine.store.tables import customers, message_deliveries, messages
from engine.store.tables.base import UTCDateTime

_ONE = message_deliveries.c
_QUEUED, _SENDING = DeliveryState.QUEUED.value, DeliveryState.SENDING.value
_IS_FREE = _ONE.claimed_at.is_(None)
_IS_NO_TEST = _ONE.occasion != Occasion.TEST.value
"""Whoever tries something out looks after it himself."""
_WAITS = and_(_ONE.due.is_not(None), _ONE.state.in_((_QUEUED, _SENDING)))
_IS_NOT_THEIRS = or_(_ONE.trouble.is_(None), _ONE.trouble.in_((Trouble.OURS.value, Trouble.UNREACHABLE.value)))
"""It is not the recipient's side that keeps it."""
_FAILED = and_(literal_column("state = 'failed'"), ~_ONE.is_replaced)
"""In the words of its index."""
_KEPT = ("reference", "by")
"""What stays as it was where nothing is said of it."""
LONGEST_DETAIL = 500
"""Characters."""
_MEANS: BindParameter[Any] = bindparam("which")
_NOW = bindparam("now", type_=UTCDateTime())
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
# Built once: that takes longer than asking, and every delivery asks each of them.
_FIRST = select(_ONE.due).where(_ONE.means == _MEANS, _ONE.due.is_not(None), _IS_FREE).order_by(_ONE.due).limit(1)
_DUE = (
    select(_ONE.id)
    .where(_ONE.means == _MEANS, _ONE.due <= _NOW, _IS_FREE)
    .order_by(_ONE.due, _ONE.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_URGENT = _DUE.where(literal_column("is_urgent"))
"""In the words of its index."""
_OTHERS = _DUE.where(_ONE.id.not_in(_IDS))
_PARCELS = (
    select(
        *(_ONE.id, _ONE.key, _ONE.means, _ONE.recipient, _ONE.address, _ONE.options, _ONE.tries, _ONE.reference),
        *(_ONE.message, _ONE.state.label("delivery_state"), _ONE.begun_at, _ONE.occasion, _ONE.told),
        *(customers.c.id.label("customer"), customers.c.name.label("customer_name"), *SLIP_COLUMNS),
    )
    .outerjoin(messages, messages.c.id == _ONE.message)
    .join(customers, customers.c.id == func.coalesce(messages.c.customer, _ONE.customer))
    .where(_ONE.id.in_(_IDS))
    .order_by(_ONE.is_urgent.desc(), _ONE.due, _ONE.id)
)
_IS_NEW = _ONE.state == _QUEUED
_CLAIM = (
    update(message_deliveries)
    .where(_ONE.id.in_(_IDS))
    .values(claimed_at=_NOW, at=case((_IS_NEW, _NOW), else_=_ONE.at), state=case((_IS_NEW, _SENDING), else_=_ONE.state))
)
_STATE = bindparam("new_state", type_=_ONE.state.type)
_ACKNOWLEDGED = DeliveryState.ACKNOWLEDGED.value
_STANDS = or_(_ONE.state != _ACKNOWLEDGED, _STATE == _ACKNOWLEDGED)
"""Whoever was asking when somebody acknowledged it elsewhere takes nothing of that back."""
_NOTED = ("tries", "due", "trouble", "detail", "is_replaced")
_NOTE = (
    update(message_deliveries)
    .where(_ONE.id == bindparam("which"), ~_IS_FREE, _STANDS)
    .values({name: bindparam(f"new_{name}", type_=_ONE[name].type) for name in _NOTED})
    .values({name: func.coalesce(bindparam(f"new_{name}", type_=_ONE[name].type), _ONE[name]) for name in _KEPT})
    .values(claimed_at=None, state=_STATE)
    .values(at=case((_ONE.state == _STATE, _ONE.at), else_=bindparam("new_at", type_=UTCDateTime())))
    .returning(_ONE.id, _ONE.message)
)


class StoredOutbox:
    """Fills `OutboxStore`."""

    def __init__(self, database: Database) -> None:
        """On a lane of its own."""
        self._lane = database.lane()

    async def claim(self, now: datetime, means: Means, most: int) -> Sequence[Parcel]:
        """See OutboxStore."""
        wanted = {"which": means.value, "now": now, "most": most}

        def work(connection: Connection) -> list[Parcel]:
            found = connection.execute(_URGENT, wanted).scalars().all()
            if len(found) < most:
                others = connection.execute(_OTHERS, {**wanted, "most": most - len(found), "ids": found})
                found = [*found, *others.scalars()]
            if not found:
                return []
            rows = connection.execute(_PARCELS, {"ids": found}).all()
            connection.execute(_CLAIM, {"ids": found, "now": now})
            return [_parcel(connection, row) for row in rows]

        return await self._lane.write(work)

    async def note(self, noted: Noted, then: Sequence[Planned] = ()) -> bool:
        """See OutboxStore."""
        written = {f"new_{name}": value for name, value in _noted_row(noted).items()}
        told = {**written, "new_is_replaced": bool(then), "which": noted.id}

        def work(connection: Connection) -> bool:
            found = connection.execute(_NOTE, told).one_or_none()
            if found is not None and then:
                connection.execute(insert(message_deliveries), [planned_row(found.message, one) for one in then])
            return found is not None

        return await self._lane.write(work)

    async def next_due(self, means: Means) -> datetime | None:
        """See OutboxStore."""
        wanted = {"which": means.value}
        return await self._lane.read(lambda connection: connection.execute(_FIRST, wanted).scalar_one_or_none())

    async def release(self) -> int:
        """See OutboxStore."""
        left = update(message_deliveries).where(_ONE.due.is_not(None), ~_IS_FREE).values(claimed_at=None)
        is_ours = and_(_WAITS, _ONE.trouble == Trouble.OURS.value)
        mended = update(message_deliveries).where(is_ours).values(due=_ONE.begun_at)

        def work(connection: Connection) -> int:
            freed = connection.execute(left).rowcount
            connection.execute(mended)
            return freed

        return await self._lane.write(work)

    async def standing(self, due_before: datetime, failed_since: datetime) -> Mapping[Means, Standing]:
        """See OutboxStore."""
        is_late = and_(_ONE.begun_at < due_before, _IS_NOT_THEIRS)
        late = func.sum(case((is_late, 1), else_=0))
        waiting = select(_ONE.means, func.count(), late).where(_WAITS, _IS_NO_TEST).group_by(_ONE.means)
        over = (
            select(_ONE.means, func.count()).where(_FAILED, _IS_NO_TEST, _ONE.at >= failed_since).group_by(_ONE.means)
        )

        def work(connection: Connection) -> dict[Means, Standing]:
            failed = {means: count for means, count in connection.execute(over)}
            waits = {means: (count, int(late)) for means, count, late in connection.execute(waiting)}
            return {
                Means(means): Standing(*waits.get(means, (0, 0)), failed.get(means, 0)) for means in {*waits, *failed}
            }

        return await self._lane.read(work)


def _noted_row(noted: Noted) -> dict[str, Any]:
    return {
        "state": noted.state.value,
        "at": noted.at,
        "tries": noted.tries,
        "due": noted.due,
        "trouble": noted.trouble.value if noted.trouble else None,
        "detail": storable(noted.detail)[:LONGEST_DETAIL],
        "reference": storable(noted.reference),
        "by": storable(noted.by),
    }


def _parcel(connection: Connection, row: Any) -> Parcel:
    state, occasion = DeliveryState(row.delivery_state), Occasion(row.occasion)
    return Parcel(
        id=row.id,
        key=row.key,
        means=Means(row.means),
        recipient=row.recipient,
        address=row.address,
        options=row.options,
        customer=row.customer,
        customer_name=row.customer_name,
        message=row.message or 0,
        slip=slip_of(row) if row.message else notice_slip(row),
        tries=row.tries,
        reference=row.reference,
        # One that somebody who is gone was at is to be handed over again.
        state=DeliveryState.QUEUED if state is DeliveryState.SENDING else state,
        since=row.begun_at,
        occasion=occasion,
        digest=digest_of(connection, row.customer, row.told) if occasion is Occasion.DIGEST else None,
    )
