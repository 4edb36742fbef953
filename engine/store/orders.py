"""Change orders in the store (`engine.ports.orders`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from engine.ports.orders import ChangeOrder
from engine.store.changing import wait_for_others
from engine.store.database import Database
from engine.store.tables import change_orders, customers
from engine.terms import CustomerId

_LISTED = select(
    change_orders, customers.c.number.label("customer_number"), customers.c.name.label("customer_name")
).join(customers)
_CHANGED = ("price", "surcharge", "done_at", "done_by")
_MADE = ("customer", "text", "asked_at", "asked_by", "urgent", "due", *_CHANGED)


class StoredOrders:
    """Fills `OrderStore`."""

    def __init__(self, database: Database) -> None:
        """On a lane of its own."""
        self._lane = database.lane()

    async def add(self, order: ChangeOrder) -> int:
        """See OrderStore."""
        values = {name: getattr(order, name) for name in _MADE}
        made = insert(change_orders).values(values).returning(change_orders.c.id)
        return int(await self._lane.write(lambda connection: connection.execute(made).scalar_one()))

    async def order(self, order: int) -> ChangeOrder | None:
        """See OrderStore."""
        found = await self._listed(_LISTED.where(change_orders.c.id == order))
        return found[0] if found else None

    async def of_customer(self, customer: CustomerId, most: int) -> Sequence[ChangeOrder]:
        """See OrderStore."""
        wanted = _LISTED.where(change_orders.c.customer == customer)
        return await self._listed(wanted.order_by(change_orders.c.id.desc()).limit(most))

    async def open(self, most: int) -> Sequence[ChangeOrder]:
        """See OrderStore."""
        wanted = _LISTED.where(change_orders.c.done_at.is_(None))
        return await self._listed(wanted.order_by(change_orders.c.due, change_orders.c.id).limit(most))

    async def change(self, order: int, decide: Callable[[ChangeOrder], ChangeOrder]) -> bool:
        """See OrderStore."""

        def work(connection: Connection) -> bool:
            wait_for_others(connection)
            found = connection.execute(_LISTED.where(change_orders.c.id == order)).one_or_none()
            if found is None:
                return False
            wanted = decide(_order(found))
            values = {name: getattr(wanted, name) for name in _CHANGED}
            connection.execute(update(change_orders).where(change_orders.c.id == order).values(values))
            return True

        return await self._lane.write(work)

    async def _listed(self, wanted: Select[Any]) -> list[ChangeOrder]:
        return await self._lane.read(lambda connection: [_order(row) for row in connection.execute(wanted)])


def _order(row: Row[Any]) -> ChangeOrder:
    return ChangeOrder(**row._mapping)
