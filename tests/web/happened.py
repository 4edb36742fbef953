"""Calls that have happened, put into the store as the journal does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from engine.store.database import Database
from engine.store.tables import calls


async def happened(database: Database, call: str, customer: int | None, at: datetime, **more: Any) -> None:
    """A call that was answered at once and picked up 20 s later, unless said otherwise."""
    times = {"answered_at": at, "picked_up_at": at + timedelta(seconds=20), "ended_at": at + timedelta(seconds=60)}
    sums = dict.fromkeys(("waited_ms", "talked_ms", "transferred_ms", "charged_seconds", "charged_minutes"), 0)
    values = {"id": call, "dialled": "+49301000001", "customer": customer, "arrived_at": at, "outcome": "served"}
    async with database.writing() as connection:
        await connection.execute(insert(calls).values({**values, **times, **sums, **more}))
