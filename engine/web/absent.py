"""Pages with a phone in them that were closed: when the engine is told that they do not come back.

Rule of this file: a page that is loaded anew, or has lost its connection for a moment, costs nobody a call. Each page's
phone has a name of its own (`window`): the same one that is back has what it had; another one has a talk only if it
says that it goes on with it, and never a ring, which came to the one before. One that knows nothing of the talk may
have been quicker than the page that is being loaded anew, also after another engine has begun: the talk is waited for
as if no page had come. Whose page stays closed is gone, and does not stay ready, nor become it for long when somebody
says so; a break may be spent without a browser, but not all of a night.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping

from engine.acd.agents import BROWSER_CLOSED
from engine.ports.phones import PhoneLine
from engine.terms import AgentId, AgentState, CallId

GRACE: Mapping[AgentState, float] = {AgentState.RINGING: 3.0, AgentState.TALKING: 8.0}
"""Seconds for a page to be back, by what its agent does. A reload takes one or two; a caller in a talk, who has heard
the agent and hears nothing now, waits a little longer before it is given up. Who listens in is given as long."""
LONGEST_BREAK = 3600.0
"""Seconds that somebody on a break may be without a browser: a lunch, or a meeting, with the machine asleep."""
_LOOK = 1 / 6
"""Of `away_after`: so often it is looked whether somebody without a browser has been made ready."""
_RESTING = (AgentState.PAUSED, AgentState.OFFLINE)
Timers = dict[str, asyncio.TimerHandle]


class Absent:
    """The phones that are away, and for how long they may be."""

    def __init__(
        self, line: PhoneLine, grace: Mapping[AgentState, float] = GRACE, longest_break: float = LONGEST_BREAK
    ) -> None:
        """None yet."""
        self._line, self._grace, self._longest_break = line, grace, longest_break
        self._windows: dict[AgentId, str] = {}
        self._waiting: dict[AgentId, Timers] = {}
        self._deserted: dict[CallId, asyncio.TimerHandle] = {}
        """Talks whose page is away while the agent's phone is another one, which knows nothing of them."""

    def expects(self, agents: Iterable[AgentId]) -> None:
        """An engine has begun: the pages of these agents are to be back, as if they had been closed just now."""
        for agent in agents:
            if agent not in self._windows and agent not in self._waiting:
                self._waiting[agent] = self._gone_soon(agent)

    def opens(self, agent: AgentId, window: str, *, goes_on: bool) -> None:
        """The phone is there. `goes_on`: it takes up the talk of a page that was there before it."""
        waiting = self._forget(agent)
        before, self._windows[agent] = self._windows.get(agent), window
        self._line.opened(agent)
        if before not in (None, window):
            self._lost(agent, AgentState.RINGING)
        if not goes_on and self._line.listens(agent):
            self._lost(agent, AgentState.TALKING)
        call = self._line.call(agent)
        if call and goes_on:
            self._is_back(call)
        elif call and before != window and self._line.state(agent) is AgentState.TALKING:
            self._desert(agent, call, waiting.get(AgentState.TALKING))

    def talks(self, agent: AgentId) -> bool:
        """Whether somebody is talked to at its phone."""
        return self._line.state(agent) is AgentState.TALKING

    def is_deserted(self, agent: AgentId) -> bool:
        """Whether its phone is there, but knows nothing of the talk, whose page may still be back."""
        return self._line.call(agent) in self._deserted

    def closes(self, agent: AgentId) -> None:
        """Its connection has ended."""
        self._forget(agent)
        self._line.closed(agent)
        later = asyncio.get_running_loop().call_later
        lost: Timers = {state: later(wait, self._lost, agent, state) for state, wait in self._grace.items()}
        self._waiting[agent] = lost | self._gone_soon(agent)

    def _gone_soon(self, agent: AgentId) -> Timers:
        later = asyncio.get_running_loop().call_later
        soon = self._line.away_after
        return {
            "away": later(soon, self._away, agent),
            "night": later(max(self._longest_break, soon), self._gone, agent),
        }

    def _away(self, agent: AgentId) -> None:
        if self._line.state(agent) not in _RESTING:
            self._gone(agent)
        self._later(agent, self._line.away_after * _LOOK, self._rests)

    def _rests(self, agent: AgentId) -> None:
        """Until somebody, who may be a supervisor, has him at work again: he has his time anew to open the page."""
        if self._line.state(agent) in _RESTING:
            self._later(agent, self._line.away_after * _LOOK, self._rests)
        elif self._line.state(agent):
            self._later(agent, self._line.away_after, self._away)

    def _later(self, agent: AgentId, seconds: float, then: Callable[[AgentId], None]) -> None:
        self._waiting[agent]["away"] = asyncio.get_running_loop().call_later(seconds, then, agent)

    def _gone(self, agent: AgentId) -> None:
        self._line.leaves(agent, BROWSER_CLOSED)

    def _desert(self, agent: AgentId, call: CallId, waiting: asyncio.TimerHandle | None) -> None:
        """Its page may still be back, but no later than if this one had not come."""
        if call in self._deserted:
            return
        loop = asyncio.get_running_loop()
        until = waiting.when() if waiting else loop.time() + self._grace[AgentState.TALKING]
        self._deserted[call] = loop.call_at(until, self._given_up, agent, call)

    def _given_up(self, agent: AgentId, call: CallId) -> None:
        del self._deserted[call]
        if self._line.call(agent) == call:  # not another one that he has taken since
            self._lost(agent, AgentState.TALKING)

    def _is_back(self, call: CallId) -> None:
        if deserted := self._deserted.pop(call, None):
            deserted.cancel()

    def _lost(self, agent: AgentId, state: AgentState) -> None:
        listens = state is AgentState.TALKING and self._line.listens(agent)
        if listens or self._line.state(agent) is state:
            self._line.lost(agent)

    def _forget(self, agent: AgentId) -> Timers:
        """What was waited for until now."""
        waiting = self._waiting.pop(agent, {})
        for one in waiting.values():
            one.cancel()
        return waiting
