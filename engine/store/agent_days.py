"""Agents' days in the store (`engine.ports.agent_days`).

Rule of this file: every statement begins at an index, over the agent and time, or over time alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, distinct, func, select

from engine.acd.agents import OUR_FAULT
from engine.acd.days import AgentEntry
from engine.ports.agent_days import Talk, Tally
from engine.store.database import Database
from engine.store.tables import agent_log, agents, call_talks, call_trail, calls
from engine.terms import AgentId, AgentState, CallId

_WAITS = timedelta(days=1)
"""The longest time between a call's arrival, which the index knows, and a ring for it."""
_NOT_THEIRS = tuple(f": {cause.name.lower()}" for cause in OUR_FAULT)
_IN_ORDER = (agent_log.c.agent, agent_log.c.at, agent_log.c.id)


class StoredAgentDays:
    """Fills `AgentDays`, as far as the journal has been written."""

    def __init__(self, database: Database) -> None:
        """On a lane of its own."""
        self._lane = database.lane()

    async def between(
        self, since: datetime, until: datetime, agent: AgentId | None = None
    ) -> Mapping[AgentId, Sequence[AgentEntry]]:
        """See AgentDays."""
        within = select(agent_log).where(agent_log.c.at >= since, agent_log.c.at < until)
        staff = select(agents.c.login)
        if agent is not None:
            within, staff = within.where(agent_log.c.agent == agent), staff.where(agents.c.login == agent)

        def work(connection: Connection) -> list[Row[Any]]:
            found = connection.execute(within.order_by(*_IN_ORDER)).all()
            # Who has gone meanwhile is known by the log alone. One after the other: each is one step into the index.
            logins = dict.fromkeys([*connection.execute(staff).scalars(), *(row.agent for row in found)])
            before = [row for login in logins for row in connection.execute(_last_before(login, since))]
            return [*before, *found]

        entries: dict[AgentId, list[AgentEntry]] = defaultdict(list)
        for row in await self._lane.read(work):
            entry = AgentEntry(AgentId(row.agent), AgentState(row.state), row.reason, row.at)
            entries[entry.agent].append(entry)
        return entries

    async def tallies(self, since: datetime, until: datetime, agent: AgentId | None = None) -> Mapping[AgentId, Tally]:
        """See AgentDays."""

        def work(connection: Connection) -> dict[AgentId, Tally]:
            told = (call_talks.c.agent, func.count(distinct(call_talks.c.call)), func.sum(call_talks.c.talked_ms))
            taken = _talks(since, until, agent, *told).group_by(call_talks.c.agent)
            counted = {row[0]: (row[1], int(row[2])) for row in connection.execute(taken)}
            missed: dict[str, int] = defaultdict(int)
            for detail in connection.execute(_missed(since, until)).scalars():
                login = detail.rpartition(": ")[0]
                if not detail.endswith(_NOT_THEIRS) and agent in (None, login):
                    missed[login] += 1
            logins = {*counted, *missed}
            return {AgentId(one): Tally(*counted.get(one, (0, 0)), missed.get(one, 0)) for one in logins}

        return await self._lane.read(work)

    async def talks(self, agent: AgentId, since: datetime, until: datetime) -> Sequence[Talk]:
        """See AgentDays."""
        wanted = _talks(since, until, agent, call_talks).order_by(call_talks.c.began_at, call_talks.c.call)
        rows = await self._lane.read(lambda connection: connection.execute(wanted).all())
        return [Talk(CallId(row.call), row.began_at, row.waited_ms, row.talked_ms, row.how, row.n) for row in rows]

    async def names(self) -> Mapping[AgentId, str]:
        """See AgentDays."""
        wanted = select(agents.c.login, agents.c.name)
        rows = await self._lane.read(lambda connection: connection.execute(wanted).all())
        return {AgentId(row.login): row.name for row in rows}

    async def forget(self, before: datetime, most: int) -> int:
        """See AgentDays."""
        old = select(agent_log.c.id).where(agent_log.c.at < before).limit(most)
        gone = delete(agent_log).where(agent_log.c.id.in_(old.scalar_subquery()))
        return await self._lane.write(lambda connection: connection.execute(gone).rowcount)


def _last_before(login: str, since: datetime) -> Select[Any]:
    own = select(agent_log).where(agent_log.c.agent == login, agent_log.c.at < since)
    return own.order_by(agent_log.c.at.desc(), agent_log.c.id.desc()).limit(1)


def _talks(since: datetime, until: datetime, agent: AgentId | None, *told: Any) -> Select[Any]:
    """Who picked up when the caller had gone has talked to nobody."""
    within = (call_talks.c.began_at >= since, call_talks.c.began_at < until)
    wanted = select(*told).where(*within, call_talks.c.how.is_distinct_from("not_joined"))
    return wanted if agent is None else wanted.where(call_talks.c.agent == agent)


def _missed(since: datetime, until: datetime) -> Select[Any]:
    arrived = (calls.c.arrived_at >= since - _WAITS, calls.c.arrived_at < until)
    rang = (call_trail.c.what == "missed", call_trail.c.at >= since, call_trail.c.at < until)
    return select(call_trail.c.detail).join(calls, calls.c.id == call_trail.c.call).where(*arrived, *rang)
