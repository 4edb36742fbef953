"""What there is, at a glance: the first so many, and how many in all.

Rule of this file: bounded. It is asked while calls are served, and there may be a hundred thousand customers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from engine.store.database import Database
from engine.store.tables import access_numbers, agent_skills, agents, customers, phones, wait_settings
from engine.terms import E164, AgentId, PhoneKind, Treatment


@dataclass(frozen=True, slots=True)
class ListedNumber:
    """An access number with whose it is."""

    number: E164
    customer: str
    treatment: Treatment
    tariff: str


@dataclass(frozen=True, slots=True)
class ListedAgent:
    """An agent with the phone."""

    login: AgentId
    name: str
    skills: tuple[str, ...]
    phone: PhoneKind
    password: str | None = field(repr=False)


class StoredListing:
    """Reads the store; `most` ≥ 0 rows at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def numbers(self, most: int) -> tuple[Sequence[ListedNumber], int]:
        """The first access numbers by customer, and how many there are."""
        wanted = (
            select(access_numbers.c.number, customers.c.name, wait_settings.c.treatment, customers.c.tariff)
            .join(customers, customers.c.id == access_numbers.c.customer)
            .join(wait_settings, wait_settings.c.customer == customers.c.id)
            .order_by(customers.c.id, access_numbers.c.place)
            .limit(most)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted)).all()
            count = (await connection.execute(select(func.count()).select_from(access_numbers))).scalar_one()
        return [ListedNumber(E164(row[0]), row[1], Treatment(row[2]), row[3]) for row in rows], count

    async def agents(self, most: int) -> tuple[Sequence[ListedAgent], int]:
        """The first agents by login, and how many there are."""
        wanted = (
            select(agents.c.login, agents.c.name, phones.c.kind, phones.c.password)
            .join(phones)
            .order_by(agents.c.login)
            .limit(most)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted)).all()
            count = (await connection.execute(select(func.count()).select_from(agents))).scalar_one()
            logins = [row.login for row in rows]
            skills = (await connection.execute(select(agent_skills).where(agent_skills.c.agent.in_(logins)))).all()
        return [
            ListedAgent(
                AgentId(row.login),
                row.name,
                tuple(sorted(skill.skill for skill in skills if skill.agent == row.login)),
                PhoneKind(row.kind),
                row.password,
            )
            for row in rows
        ], count
