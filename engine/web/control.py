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

from engine.acd.agents import UnknownAgent
from engine.ports import Clock
from engine.ports.supervision import NotDone, Refusal
from engine.service import overview
from engine.service.exchange import Exchange
from engine.service.supervising import Supervising
from engine.terms import AgentId, AgentState, CallId


class Wish(BaseModel):
    """What an agent is to become."""

    model_config = ConfigDict(extra="forbid")
    state: Literal["ready", "pause", "offline"]
    reason: str | None = None


class Order(BaseModel):
    """How a caller who waits is to be served: before all others, or by this agent, `now` whatever the agent does."""

    model_config = ConfigDict(extra="forbid")
    agent: str | None = None
    now: bool = False


log = structlog.get_logger()
BY = "command line"
"""Who has ordered it, in the trail."""
_REFUSED = {
    Refusal.NOT_WAITING: "no such caller waits: `vorzimmer queue` lists them",
    Refusal.NO_SUCH_AGENT: "there is no agent {agent}: `vorzimmer agents` lists them",
    Refusal.NO_PHONE: "there is no agent {agent}: `vorzimmer agents` lists them",
    Refusal.AWAY: "{agent} is paused or offline, or will be after the call: with --now the phone rings all the same",
    Refusal.UNREACHABLE: "{agent}'s phone is not there",
    Refusal.BUSY: "{agent}'s phone is in use",
    Refusal.NO_SWITCH: "the switch cannot be reached",
}
_STATES = {"ready": AgentState.READY, "pause": AgentState.PAUSED, "offline": AgentState.OFFLINE}


def control_app(
    exchange: Exchange,
    clock: Clock,
    facts: Callable[[], dict[str, Any]],
    reload: Callable[[], Awaitable[str]],
) -> FastAPI:
    """The application. `facts()` tells where everything is; `reload()` takes over changed agents, phones, trunks."""
    app = FastAPI(title="Vorzimmer control", docs_url=None, redoc_url=None, openapi_url=None)
    _take_orders(app, Supervising(exchange, clock))

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


def _take_orders(app: FastAPI, supervising: Supervising) -> None:
    @app.put("/queue/{call}/order")
    async def serve_next(call: str, order: Annotated[Order, Body()]) -> dict[str, str]:
        try:
            _give(supervising, CallId(call), order)
        except NotDone as refused:
            raise HTTPException(409, _REFUSED[refused.why].format(agent=order.agent)) from None
        return {"call": call}


def _give(supervising: Supervising, call: CallId, order: Order) -> None:
    if order.agent is None:
        supervising.to_front(call, BY)
    else:
        (supervising.pick_up if order.now else supervising.assign)(call, AgentId(order.agent), BY)
