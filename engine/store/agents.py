"""Agents, phones and trunks as the ACD and the switch need them (`engine.ports.Agents`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Table, select

from engine.call.limits import Limits
from engine.entries import OutboundEntry
from engine.ports import AgentProfile, Phone, Trunk
from engine.store.database import Database
from engine.store.tables import agent_groups, agent_skills, agents, phones, trunk_matches, trunks
from engine.terms import AgentId, AgentState, Group, PhoneKind, Skill


class StoredAgents:
    """Fills `engine.ports.Agents`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def profiles(self) -> Sequence[AgentProfile]:
        """Every agent, by login."""
        skills = await self._links(agent_skills)
        groups = await self._links(agent_groups)
        async with self._database.reading() as connection:
            rows = await connection.execute(select(agents, phones.c.kind).join(phones).order_by(agents.c.login))
        return [
            AgentProfile(
                AgentId(row.login),
                row.name,
                frozenset(map(Skill, skills[row.login])),
                frozenset(map(Group, groups[row.login])),
                AgentState(row.state),
                row.pause_reason,
                PhoneKind(row.kind),
            )
            for row in rows
        ]

    async def phones(self) -> Sequence[Phone]:
        """Every agent's phone, by login."""
        wanted = select(phones, agents.c.name).join(agents).order_by(agents.c.login)
        async with self._database.reading() as connection:
            rows = await connection.execute(wanted)
        return [_phone(row) for row in rows]

    async def phone(self, agent: AgentId) -> Phone | None:
        """This agent's phone (`engine.ports.phones.PhoneStore`)."""
        wanted = select(phones, agents.c.name).join(agents).where(phones.c.agent == agent)
        async with self._database.reading() as connection:
            row = (await connection.execute(wanted)).one_or_none()
        return _phone(row) if row else None

    async def trunks(self) -> Sequence[Trunk]:
        """Every trunk, by name."""
        matches = await self._links(trunk_matches)
        async with self._database.reading() as connection:
            rows = await connection.execute(select(trunks).order_by(trunks.c.name))
        return [
            Trunk(
                row.name,
                tuple(matches[row.name]),
                row.registrar,
                row.user,
                row.password,
                row.number_from,
                Limits(row.max_calls, row.max_rate),
                OutboundEntry.model_validate(row.outbound or {}).way(row.registrar),
            )
            for row in rows
        ]

    async def _links(self, table: Table) -> defaultdict[str, list[str]]:
        """The second column's values by the first's, in order."""
        links: defaultdict[str, list[str]] = defaultdict(list)
        async with self._database.reading() as connection:
            for owner, value in await connection.execute(select(table).order_by(*table.c)):
                links[owner].append(value)
        return links


def _phone(row: Row[Any]) -> Phone:
    return Phone(AgentId(row.agent), row.name, PhoneKind(row.kind), row.uri, row.password)
