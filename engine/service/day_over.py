"""A customer's minutes of the day are used up while callers talk to those they were put through to: those talks end.

Rule of this file: one of each customer at a look, the newest first, so that one more breath costs nobody two talks. The
trail says why. An agent who is in the talk has the caller again.
"""

from __future__ import annotations

import asyncio
from typing import NoReturn

from engine.call.events import Remarked, TakenBack, TimerFired
from engine.call.machine import TABLE
from engine.call.state import Call, State
from engine.call.timers import Timer
from engine.service.exchange import Exchange
from engine.service.outbound import Outbound
from engine.transfer.limits import Refused

LOOK = 10.0
"""Seconds between two looks: by so much, for each talk that goes on, a day's minutes can be exceeded."""


class DayOver:
    """Works on one exchange."""

    def __init__(self, exchange: Exchange, outbound: Outbound) -> None:
        """`outbound`: what is counted."""
        self._exchange, self._outbound = exchange, outbound

    def look(self) -> None:
        """End what has to end now."""
        if legs := self._outbound.over():
            for call in [one for one in self._exchange.calls.values() if one.target in legs]:
                self._end(call)

    async def run(self) -> NoReturn:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(LOOK)
            self.look()

    def _end(self, call: Call) -> None:
        """Who has answered and is asked to press 1 is left alone: that ends by itself, or becomes a talk."""
        if call.state is State.PUT_THROUGH:
            self._exchange.tell(call.id, Remarked("day_over", Refused.MINUTES_PER_DAY))
            self._exchange.tell(call.id, TimerFired(Timer.TALK_LIMIT))
        elif (call.state, TakenBack) in TABLE:
            self._exchange.tell(call.id, Remarked("day_over", Refused.MINUTES_PER_DAY))
            self._exchange.tell(call.id, TakenBack())
