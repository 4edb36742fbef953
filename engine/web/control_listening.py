"""Listening in by the command line's door (`engine.web.control`), by the same rules as on the pages."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Body, FastAPI, HTTPException, Path
from pydantic import BaseModel, ConfigDict

from engine.ports.supervision import NotDone
from engine.service.listening_in import ListeningIn
from engine.terms import AgentId

BY = "command line"
"""Who has ordered it, in the trail."""


class Whose(BaseModel):
    """Whose conversation to listen to."""

    model_config = ConfigDict(extra="forbid")
    agent: str


def add_listening(app: FastAPI, listening: ListeningIn) -> FastAPI:
    """The application, with these routes besides."""

    @app.get("/listening")
    async def listeners() -> list[dict[str, Any]]:
        return [asdict(one) for one in listening.listeners()]

    @app.put("/listening/{supervisor:path}")
    async def listen(supervisor: Annotated[str, Path()], whose: Annotated[Whose, Body()]) -> dict[str, str]:
        try:
            await listening.listen(AgentId(supervisor), AgentId(whose.agent), BY)
        except NotDone as refused:
            raise HTTPException(409, refused.why.value) from None
        return {"rings": supervisor}

    @app.delete("/listening/{supervisor:path}")
    async def stop_listening(supervisor: Annotated[str, Path()]) -> dict[str, str]:
        listening.stop_listening(AgentId(supervisor))
        return {"stopped": supervisor}

    return app
