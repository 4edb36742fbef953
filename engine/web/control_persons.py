"""What is kept about a telephone number goes: the running engine's part of it, by the command line's door."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, FastAPI
from pydantic import BaseModel, ConfigDict, Field

from engine.ports.persons import Traces


class Numbers(BaseModel):
    """One number, in every way in which carriers write it."""

    model_config = ConfigDict(extra="forbid")
    numbers: list[str] = Field(min_length=1, max_length=10)


def add_persons(app: FastAPI, traces: Traces) -> FastAPI:
    """The application, with these routes besides."""

    @app.post("/persons/settle")
    async def settle(wanted: Annotated[Numbers, Body()]) -> dict[str, bool]:
        return {"calling": await traces.settle(wanted.numbers)}

    @app.post("/persons/forget")
    async def forget(wanted: Annotated[Numbers, Body()]) -> dict[str, str]:
        await traces.forget(wanted.numbers)
        return {"done": "forgotten"}

    return app
