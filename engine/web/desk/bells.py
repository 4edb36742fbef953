"""Bells: what an agent has done on one page is told to the other pages of the same agent.

Rule of this file: no news in it, only that there is some; who hears the bell looks again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from secrets import token_hex

from engine.terms import AgentId


class Bells:
    """One for each agent; in the memory of this process."""

    def __init__(self) -> None:
        """None has rung yet. `of`: another one for other bells, as after a restart."""
        self.of = token_hex(4)
        self._count: Counter[AgentId] = Counter()
        self._waiting: dict[AgentId, set[asyncio.Future[None]]] = {}

    def count(self, agent: AgentId) -> int:
        """How often it has rung, to be given back to `rung`."""
        return self._count[agent]

    def ring(self, agent: AgentId) -> None:
        """Something of this agent's is not as it was."""
        self._count[agent] += 1
        for waiting in self._waiting.pop(agent, set()):
            if not waiting.done():
                waiting.set_result(None)

    async def rung(self, agent: AgentId, count: int) -> None:
        """Wait until it has rung more often than that."""
        if self._count[agent] != count:
            return
        waiting = asyncio.get_running_loop().create_future()
        among = self._waiting.setdefault(agent, set())
        among.add(waiting)
        try:
            await waiting
        finally:
            among.discard(waiting)
