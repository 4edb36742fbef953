"""Agents' days: how long each was there and did what, and the calls of the day.

Rules of this file: who leads the agents sees everybody's, and an agent the own ones alone. A day is a German one, so it
has 23 or 25 hours where the clocks change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from engine.accounts import Action, Identity
from engine.acd.days import AgentDay, day_of
from engine.ports.agent_days import AgentDays, Talk, Tally
from engine.service.customers import ZONE
from engine.terms import AgentId

MOST_DAYS = 366
"""That can be asked for at once."""


class NotTheirs(Exception):
    """Who asks may not see these days."""


@dataclass(frozen=True, slots=True)
class OneDay:
    """One agent's day. `name` is the login where the agent does not work here any more."""

    day: date
    agent: AgentId
    name: str
    spent: AgentDay
    calls: Tally
    goes_on: bool
    """The day is not over, and the agent is still signed in."""


class Days:
    """Works on what the journal has written, some moments late."""

    def __init__(self, store: AgentDays, now: Callable[[], datetime], kept_days: int) -> None:
        """`now`: this moment, in UTC; `kept_days`: for how long the log of states is kept, ≥ 1."""
        self._store, self._now, self._kept_days = store, now, kept_days

    @property
    def today(self) -> date:
        """In Germany."""
        return self._now().astimezone(ZONE).date()

    @property
    def oldest(self) -> date:
        """The first day of which everything is kept."""
        return self.today - timedelta(days=self._kept_days - 1)

    async def of(self, day: date, by: Identity, agent: AgentId | None = None) -> Sequence[OneDay]:
        """Everybody's who was signed in or rung that day, by name; `agent`: this one's alone. Raises NotTheirs."""
        _check(by, agent)
        (begin, end), now = bounds(day), self._now()
        if begin >= now:
            return []
        until = min(end, now)
        entries = await self._store.between(begin, until, agent)
        tallies, names = await self._store.tallies(begin, until, agent), await self._store.names()
        found = []
        for one in {*entries, *tallies}:
            spent = day_of(entries.get(one, ()), begin, until)
            if spent.first or spent.unknown or one in tallies:
                goes_on = end > now and spent.last == until
                found.append(OneDay(day, one, names.get(one, one), spent, tallies.get(one, Tally()), goes_on))
        return sorted(found, key=lambda one: (one.name, one.agent))

    async def talks(self, day: date, agent: AgentId, by: Identity) -> Sequence[Talk]:
        """The calls that this agent has picked up that day, in their order. Raises NotTheirs."""
        _check(by, agent)
        return await self._store.talks(agent, *bounds(day))

    async def name(self, agent: AgentId, by: Identity) -> str:
        """What the agent is called; the login where nobody of it works here. Raises NotTheirs."""
        _check(by, agent)
        return (await self._store.names()).get(agent, agent)


def bounds(day: date) -> tuple[datetime, datetime]:
    """Midnight and the next one in Germany, in UTC, in which times can be reckoned with."""
    first, last = (datetime.combine(one, time(), ZONE).astimezone(UTC) for one in (day, day + timedelta(days=1)))
    return first, last


def _check(by: Identity, agent: AgentId | None) -> None:
    if not by.may(Action.SEE_DAYS) and (agent is None or by.agent != agent):
        raise NotTheirs(by.login)
