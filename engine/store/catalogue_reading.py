"""Rows to entries: the whole catalogue, in the order of its keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import Column, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from engine.entries import (
    AgentEntry,
    Catalogue,
    CustomerEntry,
    GroupEntry,
    TariffEntry,
    TrunkEntry,
    key_of,
)
from engine.store import tables as t
from engine.store.customer_rows import customer_values
from engine.terms import own_sound

AnEntry = TypeVar("AnEntry", TrunkEntry, GroupEntry, AgentEntry, TariffEntry, CustomerEntry)
Values = dict[str, Any]


async def read_people(connection: AsyncConnection) -> Catalogue:
    """Trunks, groups and agents alone, passwords included."""
    return Catalogue(
        trunks=_entries(TrunkEntry, await _trunks(connection)),
        groups=_entries(GroupEntry, await _rows(connection, t.groups)),
        agents=_entries(AgentEntry, await _agents(connection)),
    )


async def read_catalogue(connection: AsyncConnection) -> Catalogue:
    """Everything, passwords included."""
    people = await read_people(connection)
    return Catalogue(
        trunks=people.trunks,
        groups=people.groups,
        agents=people.agents,
        tariffs=_entries(TariffEntry, map(tariff_values, await _rows(connection, t.tariffs))),
        customers=_entries(CustomerEntry, await _customers(connection)),
        own_sounds=await _own_sounds(connection),
    )


async def _own_sounds(connection: AsyncConnection) -> dict[str, frozenset[str]]:
    wanted = select(t.customers.c.number, t.announcements.c.id).join(t.customers)
    found: dict[str, set[str]] = defaultdict(set)
    for number, key in await connection.execute(wanted):
        found[number].add(own_sound(key))
    return {number: frozenset(names) for number, names in found.items()}


def _entries(kind: type[AnEntry], rows: Iterable[Values]) -> tuple[AnEntry, ...]:
    # Sorted here: the databases' own orders of texts differ.
    return tuple(sorted((kind.model_validate(row) for row in rows), key=key_of))


async def _rows(connection: AsyncConnection, table: Table) -> list[Values]:
    return [dict(row) for row in (await connection.execute(select(table))).mappings()]


async def _children(connection: AsyncConnection, owner: Column[Any], *order: Column[Any]) -> dict[Any, list[Values]]:
    """The rows of a table by their owner, whose column is left out."""
    children: dict[Any, list[Values]] = defaultdict(list)
    for row in (await connection.execute(select(owner.table).order_by(*order))).mappings():
        children[row[owner]].append({name: value for name, value in row.items() if name != owner.name})
    return children


async def _trunks(connection: AsyncConnection) -> list[Values]:
    matches = await _children(connection, t.trunk_matches.c.trunk)
    return [
        {
            **row,
            "match": [match["network"] for match in matches[row["name"]]],
            "outbound": row["outbound"] or {},
        }
        for row in await _rows(connection, t.trunks)
    ]


async def _agents(connection: AsyncConnection) -> list[Values]:
    skills = await _children(connection, t.agent_skills.c.agent)
    groups = await _children(connection, t.agent_groups.c.agent)
    phones = await _children(connection, t.phones.c.agent)
    return [
        {
            "login": row["login"],
            "name": row["name"],
            "skills": [link["skill"] for link in skills[row["login"]]],
            "groups": [link["group"] for link in groups[row["login"]]],
            "phone": phones[row["login"]][0],
        }
        for row in await _rows(connection, t.agents)
    ]


def tariff_values(row: Values) -> Values:
    """A tariff in the words of YAML, of its row."""
    return {"name": row["name"], "hours": row["hours"], "holidays": "closed" if row["closed_on_holidays"] else "open"}


async def _customers(connection: AsyncConnection) -> list[Values]:
    numbers = await _children(connection, t.access_numbers.c.customer, t.access_numbers.c.place)
    lines = await _children(connection, t.forwarded_lines.c.customer, t.forwarded_lines.c.place)
    waits = await _children(connection, t.wait_settings.c.customer)
    details = await _children(connection, t.customer_details.c.customer)
    blocked = await _children(connection, t.blocked_callers.c.customer, t.blocked_callers.c.place)
    return [
        customer_values(row, numbers[key], lines[key], waits[key][0], next(iter(details[key]), None), blocked[key])
        for row in await _rows(connection, t.customers)
        for key in [row["id"]]
    ]
