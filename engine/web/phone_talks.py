"""Talks that can be fetched from one browser to another: what the phone there must know, from page to page.

Rule of this file: an agent's own, and only as long as that talk lasts; it is kept in memory, read by nobody here, and
never shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.ports.phones import PhoneLine
from engine.terms import AgentId, CallId

LARGEST = 32 * 1024
"""Bytes: an invitation of SIP's, with a few facts beside."""


@dataclass
class Talks:
    """What the page with the phone has told of each agent's present talk."""

    line: PhoneLine
    _told: dict[AgentId, tuple[CallId, bytes]] = field(default_factory=dict, repr=False)

    def keep(self, agent: AgentId, facts: bytes) -> None:
        """Of the call that this agent has; without one there is nothing to be kept."""
        if call := self.line.call(agent):
            self._told[agent] = call, facts

    def of(self, agent: AgentId) -> bytes | None:
        """Of the call that this agent has now; what is told of another one is forgotten."""
        call, facts = self._told.get(agent, (None, b""))
        if call is not None and call == self.line.call(agent):
            return facts
        self._told.pop(agent, None)
        return None
