"""The outbox in the store (`engine.ports.outbox`).

Rule of this file: a delivery is claimed in one short transaction and noted in another; nothing is locked while it is
carried. On PostgreSQL what somebody else has locked is passed over; on SQLite one writes after the other anyway.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, case, func, insert, literal_column, or_, select, update

from engine.message.states import DeliveryState, Means, Trouble
from engine.ports.outbox import Noted, Parcel, Planned, Standing
from engine.store.database import Database
from engine.store.journal_rows import storable
from engine.store.message_rows import SLIP_COLUMNS, planned_row, slip_of
from engine.store.tables import customers, message_deliveries, messages

_ONE = message_deliveries.c
_QUEUED, _SENDING = DeliveryState.QUEUED.value, DeliveryState.SENDING.value
_IS_FREE = _ONE.claimed_at.is_(None)
_WAITS = and_(_ONE.due.is_not(None), _ONE.state.in_((_QUEUED, _SENDING)))
_IS_OURS = or_(_ONE.trouble.is_(None), _ONE.trouble.in_((Trouble.OURS.value, Trouble.UNREACHABLE.value)))
"""It is not the recipient's side that keeps it."""
_FAILED = and_(literal_column("state = 'failed'"), ~_ONE.is_replaced)
"""In the words of its index."""
_LONGEST_DETAIL = 500
"""Characters."""
_PARCELS = (
    select(
        *(_ONE.id, _ONE.key, _ONE.means, _ONE.recipient, _ONE.address, _ONE.options, _ONE.tries, _ONE.reference),
        *(_ONE.message, _ONE.state.label("delivery_state"), _ONE.begun_at),
        *(messages.c.customer, customers.c.name.label("customer_name"), *SLIP_COLUMNS),
    )
    .join(messages, messages.c.id == _ONE.message)
    .join(customers, customers.c.id == messages.c.customer)
    .order_by(_ONE.due, _ONE.id)
)


class StoredOutbox:
    """Fills `OutboxStore`."""

    def __init__(self, database: Database) -> None:
        """On a lane of its own."""
        self._lane = database.lane()

    async def claim(self, now: datetime, means: Means, most: int) -> Sequence[Parcel]:
        """See OutboxStore."""
        due = select(_ONE.id).where(_ONE.means == means.value, _ONE.due <= now, _IS_FREE)
        some = due.order_by(_ONE.due, _ONE.id).limit(most).with_for_update(skip_locked=True)
        is_new = _ONE.state == _QUEUED
        mine = {
            "claimed_at": now,
            "at": case((is_new, now), else_=_ONE.at),
            "state": case((is_new, _SENDING), else_=_ONE.state),
        }

        def work(connection: Connection) -> list[Parcel]:
            found = connection.execute(some).scalars().all()
            if not found:
                return []
            rows = connection.execute(_PARCELS.where(_ONE.id.in_(found))).all()
            connection.execute(update(message_deliveries).where(_ONE.id.in_(found)).values(mine))
            return [_parcel(row) for row in rows]

        return await self._lane.write(work)

    async def note(self, noted: Noted, then: Sequence[Planned] = ()) -> bool:
        """See OutboxStore."""
        claimed = update(message_deliveries).where(_ONE.id == noted.id, ~_IS_FREE)
        written = claimed.values(_noted_row(noted) | {"is_replaced": bool(then)}).returning(_ONE.message)

        def work(connection: Connection) -> bool:
            message = connection.execute(written).scalar_one_or_none()
            if message is not None and then:
                connection.execute(insert(message_deliveries), [planned_row(message, one) for one in then])
            return message is not None

        return await self._lane.write(work)

    async def next_due(self, means: Means) -> datetime | None:
        """See OutboxStore."""
        first = select(_ONE.due).where(_ONE.means == means.value, _ONE.due.is_not(None), _IS_FREE)
        wanted = first.order_by(_ONE.due).limit(1)
        return await self._lane.read(lambda connection: connection.execute(wanted).scalar_one_or_none())

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
        is_late = and_(_ONE.begun_at < due_before, _IS_OURS)
        late = func.sum(case((is_late, 1), else_=0))
        waiting = select(_ONE.means, func.count(), late).where(_WAITS).group_by(_ONE.means)
        over = select(_ONE.means, func.count()).where(_FAILED, _ONE.at >= failed_since).group_by(_ONE.means)

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
        "at": case((_ONE.state == noted.state.value, _ONE.at), else_=noted.at),
        "tries": noted.tries,
        "due": noted.due,
        "trouble": noted.trouble.value if noted.trouble else None,
        "detail": storable(noted.detail)[:_LONGEST_DETAIL],
        "reference": _ONE.reference if noted.reference is None else storable(noted.reference),
        "by": _ONE.by if noted.by is None else storable(noted.by),
        "claimed_at": None,
    }


def _parcel(row: Any) -> Parcel:
    state = DeliveryState(row.delivery_state)
    return Parcel(
        id=row.id,
        key=row.key,
        means=Means(row.means),
        recipient=row.recipient,
        address=row.address,
        options=row.options,
        customer=row.customer,
        customer_name=row.customer_name,
        message=row.message,
        slip=slip_of(row),
        tries=row.tries,
        reference=row.reference,
        # One that somebody who is gone was at is to be handed over again.
        state=DeliveryState.QUEUED if state is DeliveryState.SENDING else state,
        since=row.begun_at,
    )
