"""The running engine as the administrators' pages see it (`engine.ports.people.Switchboard`).

Rule of this file: looks, and asks the engine to take over what is stored; it changes nothing itself.
"""

from __future__ import annotations

from engine.call.state import State
from engine.main.engine import Engine
from engine.ports.people import AgentNow, TrunkNow
from engine.terms import AgentId


class RunningSwitchboard:
    """Fills `Switchboard`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def is_ours(self) -> bool:
        """See Switchboard."""
        return self._engine.process is not None

    @property
    def sip_server(self) -> tuple[str, int]:
        """See Switchboard."""
        return self._engine.settings.sip_host, self._engine.settings.sip_port

    def agent(self, login: AgentId) -> AgentNow | None:
        """See Switchboard."""
        found = self._engine.exchange.floor.agents.get(login)
        return AgentNow(found.state, found.reason, found.reachable) if found else None

    def trunk(self, name: str) -> TrunkNow:
        """See Switchboard."""
        calls = self._engine.exchange.calls.values()
        live = sum(call.trunk == name and call.state is not State.ENDED for call in calls)
        live += self._engine.outbound.going(name) if self._engine.outbound else 0
        return TrunkNow(self._engine.watching.seen.trunks.get(name), live)

    async def take_over(self) -> None:
        """See Switchboard."""
        await self._engine.reload()
