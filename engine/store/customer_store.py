"""One customer as a whole, read and changed (`engine.ports.customers.CustomerEntries`).

Rule of this file: a change is one transaction that no other change of what administrators write down overlaps: it is
decided on what it is written over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, Table, func, insert, select

from engine.entries import CustomerEntry, GroupEntry, KeyedEntry, TariffEntry
from engine.ports.customers import AuditEntry, Author, CustomerView, FoundCustomer, Teams
from engine.store import audit, searching
from engine.store import tables as t
from engine.store.announcements import own_sounds
from engine.store.catalogue_reading import tariff_values
from engine.store.changing import wait_for_others
from engine.store.customer_rows import Values, customer_values, own_row, put_below, put_changed
from engine.store.database import Database
from engine.terms import CustomerId


class StoredCustomerEntries:
    """Fills `CustomerEntries`."""

    def __init__(self, database: Database, country: str = "49") -> None:
        """`country`: the installation's code without plus, for numbers that are searched as `030 …`."""
        self._lane = database.lane()
        self._country = country

    async def load(self, customer: CustomerId) -> CustomerEntry | None:
        """See CustomerEntries."""
        return await self._lane.read(lambda connection: read_customer(connection, customer))

    async def tariff(self, name: str) -> TariffEntry | None:
        """See CustomerEntries."""
        wanted = select(t.tariffs).where(t.tariffs.c.name == name)
        row = await self._lane.read(lambda connection: connection.execute(wanted).mappings().one_or_none())
        return None if row is None else TariffEntry.model_validate(tariff_values(dict(row)))

    async def first_call_of(self, customer: CustomerId) -> datetime | None:
        """See CustomerEntries."""
        return await self._lane.read(lambda connection: first_call(connection, customer))

    async def teams(self) -> Teams:
        """See CustomerEntries."""
        skills = select(t.agent_skills.c.skill).distinct().order_by(t.agent_skills.c.skill)
        groups = select(t.groups.c.name).order_by(t.groups.c.name)

        def work(connection: Connection) -> Teams:
            return Teams(*(tuple(connection.execute(wanted).scalars()) for wanted in (skills, groups)))

        return await self._lane.read(work)

    async def find(self, text: str, limit: int) -> Sequence[FoundCustomer]:
        """See CustomerEntries."""
        return await self._lane.read(lambda connection: searching.find(connection, text, limit, self._country))

    async def last_change(self) -> int:
        """See CustomerEntries."""
        return await self._lane.read(audit.last)

    async def history(self, customer: CustomerId, limit: int, before: int | None = None) -> Sequence[AuditEntry]:
        """See CustomerEntries."""
        return await self._lane.read(lambda connection: audit.history(connection, customer, limit, before))

    async def change(
        self, customer: CustomerId | None, author: Author, decide: Callable[[CustomerView], CustomerEntry]
    ) -> CustomerId:
        """See CustomerEntries."""

        def work(connection: Connection) -> CustomerId:
            wait_for_others(connection)
            view = _View(connection, customer)
            wanted = decide(view)
            writer = audit.AuditWriter(connection, author, datetime.now(UTC))
            if customer is None or view.customer is None:
                key = _make(connection, wanted)
                writer.created(key, wanted.number)
            else:
                key = customer
                put_changed(connection, key, view.customer, wanted)
                writer.changed(key, view.customer, wanted)
            writer.write()
            return key

        return await self._lane.write(work)


class _View:
    """Fills `CustomerView`, on the connection of the change."""

    def __init__(self, connection: Connection, key: CustomerId | None) -> None:
        self._connection, self._key = connection, key
        self.customer = None if key is None else read_customer(connection, key)

    def catalogue(self) -> Mapping[tuple[str, str], KeyedEntry]:
        tariffs = [TariffEntry.model_validate(tariff_values(row)) for row in _rows(self._connection, t.tariffs)]
        groups = [GroupEntry.model_validate(row) for row in _rows(self._connection, t.groups)]
        return {
            **{("tariffs", tariff.name): tariff for tariff in tariffs},
            **{("groups", group.name): group for group in groups},
        }

    def holders(self, number: str, numbers: Iterable[str]) -> Sequence[CustomerEntry]:
        same = select(t.customers.c.id).where(t.customers.c.number == number)
        has = select(t.access_numbers.c.customer).where(t.access_numbers.c.number.in_(list(numbers)))
        keys = dict.fromkeys(key for wanted in (same, has) for key in self._connection.execute(wanted).scalars())
        others = [CustomerId(key) for key in keys if key != self._key]
        return [found for key in others if (found := read_customer(self._connection, key)) is not None]

    def first_call(self) -> datetime | None:
        return first_call(self._connection, self._key)

    def own_sounds(self) -> frozenset[str]:
        return own_sounds(self._connection, self._key)


def read_customer(connection: Connection, key: CustomerId) -> CustomerEntry | None:
    """The customer with this key."""
    own = connection.execute(select(t.customers).where(t.customers.c.id == key)).mappings().one_or_none()
    if own is None:
        return None
    numbers = _rows(connection, t.access_numbers, key)
    lines = _rows(connection, t.forwarded_lines, key)
    wait = _rows(connection, t.wait_settings, key)[0]
    details = next(iter(_rows(connection, t.customer_details, key)), None)
    blocked = _rows(connection, t.blocked_callers, key)
    return CustomerEntry.model_validate(customer_values(dict(own), numbers, lines, wait, details, blocked))


def first_call(connection: Connection, key: CustomerId | None) -> datetime | None:
    """When the customer's first call on record arrived."""
    first = select(func.min(t.calls.c.arrived_at)).where(t.calls.c.customer == key)
    found: datetime | None = connection.execute(first).scalar_one()
    return found


def _make(connection: Connection, customer: CustomerEntry) -> CustomerId:
    made = insert(t.customers).values(own_row(customer)).returning(t.customers.c.id)
    key = CustomerId(connection.execute(made).scalar_one())
    put_below(connection, [(key, customer)], ())
    return key


def _rows(connection: Connection, table: Table, owner: CustomerId | None = None) -> list[Values]:
    """All rows, or those of one customer in their order, without its key."""
    wanted = select(*(column for column in table.c if column.name != "customer"))
    if owner is not None:
        wanted = wanted.where(table.c.customer == owner)
    if "place" in table.c:
        wanted = wanted.order_by(table.c.place)
    return [dict(row) for row in connection.execute(wanted).mappings()]
