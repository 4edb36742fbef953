"""Entries to rows. Rule: an entry's own row is kept (calls and states refer to it), the lists below it are replaced."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Column, Executable, Table, bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.entries import AgentEntry, Changes, CustomerEntry, GroupEntry, KeyedEntry, TariffEntry, TrunkEntry
from engine.store import tables as t
from engine.store.customer_rows import own_row, put_below
from engine.store.database import Database
from engine.store.upsert import insert_missing, insert_or_replace

Rows = list[dict[str, Any]]
AnEntry = TypeVar("AnEntry", bound=KeyedEntry)

_REFERRING: Mapping[str, Column[Any]] = {
    "customers": t.customers.c.number,
    "agents": t.agents.c.login,
    "trunks": t.trunks.c.name,
}
_REFERRED: Mapping[str, Column[Any]] = {"tariffs": t.tariffs.c.name, "groups": t.groups.c.name}
"""Key columns. What is referred to is dropped last, when what stays refers to something else."""


class CatalogueWriter:
    """Writes within one transaction."""

    def __init__(self, database: Database, connection: AsyncConnection) -> None:
        self._database = database
        self._connection = connection

    async def write(self, changes: Changes) -> None:
        """Make, replace and remove. First goes who may have a number that another gets."""
        await self._drop(_REFERRING, changes.drop)
        await self._put(changes.put.values())
        await self._drop(_REFERRED, changes.drop)

    async def _drop(self, columns: Mapping[str, Column[Any]], keys: Collection[tuple[str, str]]) -> None:
        for section, column in columns.items():
            await self._delete(column, [key for dropped, key in keys if dropped == section])

    async def _put(self, entries: Collection[KeyedEntry]) -> None:
        await self._put_trunks(_only(TrunkEntry, entries))
        groups = _only(GroupEntry, entries)
        await self._run(insert_missing(self._database, t.groups), [{"name": group.name} for group in groups])
        await self._put_agents(_only(AgentEntry, entries))
        await self._put_tariffs(_only(TariffEntry, entries))
        await self._put_customers(_only(CustomerEntry, entries))

    async def _put_trunks(self, trunks: list[TrunkEntry]) -> None:
        await self._upsert(t.trunks, list(map(_trunk_row, trunks)))
        names = [trunk.name for trunk in trunks]
        matches = [{"trunk": trunk.name, "network": network} for trunk in trunks for network in trunk.match]
        await self._replace(t.trunk_matches.c.trunk, names, matches)

    async def _put_agents(self, agents: list[AgentEntry]) -> None:
        await self._upsert(t.agents, [{"login": agent.login, "name": agent.name} for agent in agents])
        logins = [agent.login for agent in agents]
        groups = [{"agent": agent.login, "group": group} for agent in agents for group in agent.groups]
        skills = [{"agent": agent.login, "skill": skill} for agent in agents for skill in agent.skills]
        phones = [{"agent": agent.login, **agent.phone.model_dump(mode="json")} for agent in agents]
        await self._replace(t.agent_groups.c.agent, logins, groups)
        await self._replace(t.agent_skills.c.agent, logins, skills)
        await self._replace(t.phones.c.agent, logins, phones)

    async def _put_tariffs(self, tariffs: list[TariffEntry]) -> None:
        rows = [
            {**tariff.model_dump(exclude={"holidays"}), "closed_on_holidays": tariff.holidays == "closed"}
            for tariff in tariffs
        ]
        await self._upsert(t.tariffs, rows)

    async def _put_customers(self, customers: list[CustomerEntry]) -> None:
        if not customers:
            return
        before = await customer_ids(self._connection)
        await self._upsert(t.customers, [own_row(customer) for customer in customers])
        ids = await customer_ids(self._connection)
        known = [before[customer.number] for customer in customers if customer.number in before]
        owners = [(ids[customer.number], customer) for customer in customers]
        await self._connection.run_sync(put_below, owners, known)

    async def _upsert(self, table: Table, rows: Rows) -> None:
        if rows:
            key, *written = rows[0]
            await self._run(insert_or_replace(self._database, table, key, *written), rows)

    async def _replace(self, owner: Column[Any], owners: list[Any], rows: Rows) -> None:
        """All owners' rows go before the first new one comes: a number may pass from one customer to another."""
        await self._delete(owner, owners)
        await self._run(insert(owner.table), rows)

    async def _delete(self, column: Column[Any], values: list[Any]) -> None:
        if values:
            statement = delete(column.table).where(column == bindparam("value"))
            await self._connection.execute(statement, [{"value": value} for value in values])

    async def _run(self, statement: Executable, rows: Rows) -> None:
        if rows:
            await self._connection.execute(statement, rows)


def _trunk_row(trunk: TrunkEntry) -> dict[str, Any]:
    out = trunk.outbound.model_dump(mode="json", exclude_defaults=True)
    return {**trunk.model_dump(exclude={"match", "outbound"}), "outbound": out or None}


async def customer_ids(connection: AsyncConnection) -> dict[str, int]:
    """The customers' keys by their numbers."""
    return {number: key for number, key in await connection.execute(select(t.customers.c.number, t.customers.c.id))}


def _only(kind: type[AnEntry], entries: Iterable[KeyedEntry]) -> list[AnEntry]:
    return [entry for entry in entries if isinstance(entry, kind)]
