"""Tells who is looking that something has changed on the floor; what it is now, they look up themselves.

Rules of this file: who changes something counts it up and goes on: nothing is made, sent or waited for on the calls'
way. What is somebody's own wakes him at once; the rest is gathered, and then who looks is woken one after the other, so
that calls come in between. What changes between a look and the wait for the next change is not missed: it is counted.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from engine.ports.desk import Seen
from engine.terms import AgentId

GATHER = 0.25
"""Seconds that what is not one's own waits for company."""


@dataclass(eq=False, slots=True)
class _Watcher:
    agent: AgentId
    seen: Seen
    woken: asyncio.Future[None]


class Noticeboard:
    """Counts changes, and wakes those who wait for one."""

    def __init__(self, gather: float = GATHER) -> None:
        """`gather`: seconds, > 0. Nothing has changed, nobody waits."""
        self._gather = gather
        self._all = 0
        self._own: dict[AgentId, int] = defaultdict(int)
        self._watchers: dict[AgentId, set[_Watcher]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def stirred(self, agent: AgentId | None = None) -> None:
        """Something has changed: of this agent, or (None) of nobody in particular."""
        self._all += 1
        if agent is not None:
            self._own[agent] += 1
        if self._watchers:
            self._tell(agent)

    def seen(self, agent: AgentId) -> Seen:
        """How often it was, as this agent's desk counts it."""
        own = self._own.get(agent, 0)
        return Seen(own, self._all - own)

    async def changed(self, agent: AgentId, seen: Seen) -> Seen:
        """Wait until something has changed since; how often it has by then."""
        if self.seen(agent).own == seen.own:
            watcher = _Watcher(agent, seen, asyncio.get_running_loop().create_future())
            self._watchers.setdefault(agent, set()).add(watcher)
            try:
                if self.seen(agent) != seen:
                    self._tell(None)
                await watcher.woken
            finally:
                self._forget(watcher)
        return self.seen(agent)

    def _tell(self, agent: AgentId | None) -> None:
        for watcher in self._watchers.get(agent, ()) if agent else ():
            _wake(watcher)
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._gather, self._tell_others, loop)

    def _tell_others(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        late = [one for all_of_one in self._watchers.values() for one in all_of_one if self.seen(one.agent) != one.seen]
        self._wake_next(loop, iter(late))

    def _wake_next(self, loop: asyncio.AbstractEventLoop, late: Iterator[_Watcher]) -> None:
        for watcher in late:
            _wake(watcher)
            loop.call_soon(self._wake_next, loop, late)
            return

    def _forget(self, watcher: _Watcher) -> None:
        left = self._watchers[watcher.agent]
        left.discard(watcher)
        if not left:
            del self._watchers[watcher.agent]


def _wake(watcher: _Watcher) -> None:
    if not watcher.woken.done():
        watcher.woken.set_result(None)
