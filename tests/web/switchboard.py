"""A telephone system for the pages about agents and trunks, that only says what it has been told."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.ports.people import AgentNow, TrunkNow
from engine.terms import AgentId


@dataclass
class Board:
    """A telephone system that only says what it has been told."""

    agents: dict[str, AgentNow] = field(default_factory=dict)
    trunks: dict[str, TrunkNow] = field(default_factory=dict)
    taken_over: int = 0
    is_ours: bool = True
    sip_server: tuple[str, int] = ("192.0.2.5", 5060)
    problem: str = ""
    """Why it takes nothing over."""

    def agent(self, login: AgentId) -> AgentNow | None:
        return self.agents.get(login)

    def trunk(self, name: str) -> TrunkNow:
        return self.trunks.get(name, TrunkNow(None, 0))

    async def take_over(self) -> None:
        if self.problem:
            raise RuntimeError(self.problem)
        self.taken_over += 1
