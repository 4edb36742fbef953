"""The command line's door to the running engine: HTTP on a UNIX socket that only the engine's own account may open.

Rule of this file: no account, no password; who may open the socket (mode 0600) is the admin. Nothing here listens on a
network.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

import structlog
from fastapi import Body, FastAPI, HTTPException, Path
from pydantic import BaseModel, ConfigDict

from engine.ports import Clock
from engine.service import overview
from engine.service.exchange import Exchange
from engine.service.floor import UnknownAgent
from engine.terms import AgentId, AgentState


class Wish(BaseModel):
    """What an agent is to become."""

    model_config = ConfigDict(extra="forbid")
    state: Literal["ready", "pause", "offline"]
    reason: str | None = None


log = structlog.get_logger()
_STATES = {"ready": AgentState.READY, "pause": AgentState.PAUSED, "offline": AgentState.OFFLINE}


def control_app(
    exchange: Exchange,
    clock: Clock,
    facts: Callable[[], dict[str, Any]],
    reload: Callable[[], Awaitable[str]],
) -> FastAPI:
    """The application. `facts()` tells where everything is; `reload()` takes over changed agents, phones, trunks."""
    app = FastAPI(title="Vorzimmer control", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/status")
    async def status() -> dict[str, Any]:
        return {**facts(), **overview.figures(exchange, clock.now())}

    @app.get("/queue")
    async def queue() -> list[dict[str, Any]]:
        return overview.queue(exchange, clock.now())

    @app.get("/agents")
    async def agents() -> list[dict[str, Any]]:
        return overview.agents(exchange)

    @app.put("/agents/{login:path}/state")
    async def set_state(login: Annotated[str, Path()], wish: Annotated[Wish, Body()]) -> dict[str, Any]:
        try:
            agent = exchange.set_agent(AgentId(login), _STATES[wish.state], wish.reason)
        except UnknownAgent as problem:
            raise HTTPException(404, str(problem)) from None
        after = agent.wish[0] if agent.wish else None
        return {"login": login, "state": agent.state, "reason": agent.reason, "after_the_call": after}

    @app.post("/reload")
    async def reload_now() -> dict[str, str]:
        try:
            return {"done": await reload()}
        except Exception as problem:  # whatever the switch does not take, the admin must read it
            log.exception("reload_failed")
            raise HTTPException(500, f"the change is stored, but the switch does not take it: {problem}") from None

    return app
