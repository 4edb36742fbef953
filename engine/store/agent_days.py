"""Agents' days in the store (`engine.ports.agent_days`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from engine.ports.agent_days import AgentEntry
from engine.store.database import Database
from engine.store.tables import agent_log
from engine.terms import AgentId, AgentState


class StoredAgentDays:
    """Fills `AgentDays`, as far as the journal has been written."""

    def __init__(self, database: Database) -> None:
        """On a lane of its own."""
        self._lane = database.lane()

    async def between(self, since: datetime, until: datetime) -> Sequence[AgentEntry]:
        """See AgentDays."""
        wanted = select(agent_log).where(agent_log.c.at >= since, agent_log.c.at < until)
        ordered = wanted.order_by(agent_log.c.agent, agent_log.c.at, agent_log.c.id)
        rows = await self._lane.read(lambda connection: connection.execute(ordered).all())
        return [AgentEntry(AgentId(row.agent), AgentState(row.state), row.reason, row.at) for row in rows]

    async def forget(self, before: datetime, most: int) -> int:
        """See AgentDays."""
        old = select(agent_log.c.id).where(agent_log.c.at < before).limit(most)
        gone = delete(agent_log).where(agent_log.c.id.in_(old.scalar_subquery()))
        return await self._lane.write(lambda connection: connection.execute(gone).rowcount)
