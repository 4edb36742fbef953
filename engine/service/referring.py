"""An agent's phone wants its caller put through (REFER): looked up and done by the desk's rules, or refused.

Rules of this file: only to a number that is a target in use of the call's own customer, never to another call of the
phone's. The call's way waits for nothing: what the store says comes as an event of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import structlog

from engine.call import events as e
from engine.call.machine import TABLE
from engine.call.state import Call
from engine.ports.putting_through import NotNow
from engine.service.exchange import Exchange
from engine.service.putting_through import PuttingThrough
from engine.service.transfers import NotPutThrough, Transfers
from engine.terms import CallId
from engine.transfer.plan import Kind, Order

log = structlog.get_logger()
ATTENDED, UNLISTED, NOT_NOW, NO_ANSWER = "to another call", "no target of this customer's", "not now", "no answer"
"""Why not, in the trail."""


class Referring:
    """Works on one exchange. `transfers()`: None as long as it is not loaded."""

    def __init__(self, exchange: Exchange, transfers: Callable[[], Transfers | None]) -> None:
        """Nothing is asked."""
        self._exchange, self._transfers = exchange, transfers
        self._through = PuttingThrough(exchange)

    async def asked(self, call: CallId, event: e.ReferAsked) -> None:
        """Put the caller through, or tell the phone that he is not. Raises nothing: a store that is away refuses."""
        try:
            why = await self._tried(call, event)
        except NotPutThrough as refused:
            why = refused.why.value
        except NotNow:
            why = NOT_NOW
        except Exception as problem:  # whatever the store says, the phone must get its answer
            log.warning("refer_not_looked_up", call=call, problem=str(problem).partition("\n")[0])
            why = NO_ANSWER
        found = self._exchange.calls.get(call)
        if why and found and (found.state, e.ReferRefused) in TABLE:
            self._exchange.tell(call, e.ReferRefused(event.leg, why))

    async def _tried(self, call: CallId, event: e.ReferAsked) -> str | None:
        """Why not; None = it is done."""
        there, transfers = self._through.ready(call), self._transfers()
        if event.to is None:
            return ATTENDED
        if transfers is None:
            return NO_ANSWER
        number = event.to.removeprefix("sip:").partition("@")[0]
        listed = await transfers.listed(there.settings.customer, number)
        if listed is None:
            return UNLISTED
        order = await self._order(there, transfers, *listed)
        if (at := self._through.ready(call)).leg != event.leg or at.agent != there.agent:
            return NOT_NOW
        self._through.order(call, order)
        return None

    async def _order(self, call: Call, transfers: Transfers, contact: str, place: int) -> Order:
        by = str(call.agent)
        facts = (call.settings.customer, call.caller, call.line, contact, Kind.BLIND, by, place, call.access_number)
        return replace(await transfers.order(*facts), by_phone=True)
