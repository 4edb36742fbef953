"""A test fax by the command line's door (`engine.web.control`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Body, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict

from engine.message.states import Means
from engine.ports.outbox import Courier, NotHanded
from engine.service.trial_message import trial


class Whom(BaseModel):
    """To which number."""

    model_config = ConfigDict(extra="forbid")
    number: str


def add_fax(app: FastAPI, courier: Callable[[], Courier | None]) -> FastAPI:
    """The application, with this route besides. `courier()`: who sends faxes, None = nobody here does."""

    @app.post("/fax")
    async def send(whom: Annotated[Whom, Body()]) -> dict[str, str]:
        carries = courier()
        if carries is None:
            raise HTTPException(409, "this engine sends no faxes: write fax_number into the settings and restart it")
        try:
            handed = await carries.send(trial(Means.FAX, whom.number))
        except NotHanded as problem:
            again = "" if problem.final else "; the engine would try again"
            raise HTTPException(409, f"{whom.number}: {problem.trouble.value}, {problem.detail}{again}") from None
        return {"reference": handed.reference or ""}

    return app
