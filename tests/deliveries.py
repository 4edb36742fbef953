"""Deliveries as the outbox would have left them, put into the store past it: for what only shows them."""

from __future__ import annotations

from dataclasses import asdict
from uuid import uuid4

from sqlalchemy import insert

from engine.ports.messages import Delivery
from engine.store.database import Database
from engine.store.tables import message_deliveries


async def put(database: Database, message: int, *deliveries: Delivery) -> list[int]:
    """Of this message; their ids."""
    made = insert(message_deliveries).returning(message_deliveries.c.id)
    async with database.writing() as connection:
        rows = [{**asdict(one), "message": message, "key": uuid4().hex, "begun_at": one.at} for one in deliveries]
        for row in rows:
            del row["id"]
        return [(await connection.execute(made.values(row))).scalar_one() for row in rows]
