"""Putting through by the command line's door (`engine.web.control`), by the same rules as at the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Body, FastAPI, HTTPException, Path
from pydantic import BaseModel, ConfigDict, Field, model_validator

from engine.ports.putting_through import NoSuchPlace, NotNow, Wish
from engine.service.exchange import Exchange
from engine.service.putting_through import PuttingThrough
from engine.service.transfers import NotPutThrough, Transfers
from engine.terms import CallId
from engine.transfer.plan import Kind
from engine.web.desk.words import WHY_NOT

BY = "command line"
"""Who has ordered it, in the trail."""


class Transfer(BaseModel):
    """To whom the caller is put through and how, or what is wanted while that goes on."""

    model_config = ConfigDict(extra="forbid")
    contact: str | None = None
    kind: Kind = Kind.ANNOUNCED
    only: int | None = Field(default=None, ge=1)
    """The contact's target of this place alone."""
    wish: Wish | None = None
    place: int = Field(default=1, ge=1)
    """Of the wish `pick`."""

    @model_validator(mode="after")
    def one_thing(self) -> Transfer:
        """Either of the two."""
        if (self.contact is None) == (self.wish is None):
            raise ValueError("a contact, or a wish")
        return self


def add_transfers(app: FastAPI, exchange: Exchange, transfers: Callable[[], Transfers | None]) -> FastAPI:
    """The application, with this route besides. `transfers()`: None as long as it is not loaded."""
    through = PuttingThrough(exchange)

    @app.put("/calls/{call}/transfer")
    async def transfer(call: Annotated[str, Path()], wanted: Annotated[Transfer, Body()]) -> dict[str, Any]:
        found = CallId(call)
        if found not in exchange.calls:
            raise HTTPException(404, f"there is no call {call}: `vorzimmer agents --json` lists them")
        try:
            with through.noting(found, BY):
                await _carry_out(through, transfers(), found, wanted)
        except NoSuchPlace as none:
            has = ", ".join(map(str, none.places))
            raise HTTPException(409, f"there is no number {wanted.place} on the list: it has {has}") from None
        except NotNow:
            state = exchange.calls[found].state if found in exchange.calls else "over"
            raise HTTPException(409, f"not now: the call is {state}, or the switch cannot be reached") from None
        except NotPutThrough as refused:
            raise HTTPException(409, f"{WHY_NOT[refused.why]} ({refused.why})") from None
        return {"call": call, "state": exchange.calls[found].state if found in exchange.calls else "ended"}

    return app


async def _carry_out(through: PuttingThrough, transfers: Transfers | None, call: CallId, wanted: Transfer) -> None:
    if wanted.wish is not None:
        return through.wish(call, wanted.wish, wanted.place)
    if transfers is None:
        raise HTTPException(503, "the engine has just started: try again in a moment")
    assert wanted.contact is not None
    at = through.ready(call)
    order = await transfers.order(
        at.settings.customer, at.caller, at.line, wanted.contact, wanted.kind, BY, wanted.only, at.access_number
    )
    through.order(call, order)
