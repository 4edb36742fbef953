"""What others tell of deliveries, in the store (`engine.ports.reports`).

Rule of this file: one statement decides and notes, so a report that comes twice, or late, changes nothing. It takes
the claim away from who is at the delivery, for what he is about to note is older.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, null, select, update

from engine.message.states import DeliveryState
from engine.ports.reports import Report, Taken
from engine.store.database import Database
from engine.store.journal_rows import storable
from engine.store.outbox import LONGEST_DETAIL
from engine.store.tables import message_deliveries, messages

_ONE = message_deliveries.c
_OPEN = tuple(state.value for state in (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.SENT))
"""A try whose answer was lost may have reached the other side all the same."""
_SENT = DeliveryState.SENT.value


class StoredReports:
    """Fills `ReportStore`."""

    def __init__(self, database: Database) -> None:
        """On a lane of its own."""
        self._lane = database.lane()

    async def take(self, report: Report, at: datetime, since: datetime, look_at: datetime) -> Taken | None:
        """See ReportStore."""
        mine = (_ONE.means == report.means.value, _named(report), _ONE.begun_at >= since)
        told = update(message_deliveries).returning(_ONE.id, _ONE.message)
        detail = storable(report.detail)[:LONGEST_DETAIL]
        if report.state is DeliveryState.SENT:
            later = case((_ONE.due.is_(None), null()), else_=look_at)
            told = told.where(*mine, _ONE.state == _SENT).values(detail=detail, due=later, claimed_at=None)
        else:
            told = told.where(*mine, _ONE.state.in_(_OPEN)).values(**_over(report, at), detail=detail)

        def work(connection: Connection) -> Taken | None:
            found = connection.execute(told).one_or_none()
            if found is None:
                return None
            agent = connection.execute(select(messages.c.agent).where(messages.c.id == found.message))
            return Taken(found.id, agent.scalar_one_or_none())

        return await self._lane.write(work)


def _named(report: Report) -> ColumnElement[bool]:
    named: ColumnElement[bool] = _ONE.reference == storable(report.reference or "")
    if report.id is not None:
        named = _ONE.id == report.id
    elif report.key:
        named = _ONE.key == storable(report.key)
    return named


def _over(report: Report, at: datetime) -> dict[str, Any]:
    trouble = report.trouble.value if report.trouble else None
    return {"state": report.state.value, "at": at, "trouble": trouble, "due": None, "claimed_at": None}
