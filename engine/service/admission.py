"""Admission: whose number was dialled, is the caller let through, and is it open?

The rule of this file: calls are looked up one after the other, in the order of arrival, so that no call enters the line
before an earlier one. One indexed look-up per call, no cache: a change counts from the next call on (§6.1).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import structlog

from engine.call.events import CallerBlocked, CustomerBlocked, CustomerFound, Event, LookupFailed, NumberUnknown
from engine.call.plan import Plan
from engine.directory.blocked import blocked_caller
from engine.hours.opening import open_at
from engine.law.checks import allows_put_through
from engine.law.duties import free_waiting, must_announce
from engine.law.listening import may_listen
from engine.ports import Clock, Customers, CustomerSettings
from engine.terms import E164, CallId, NotANumber, dialled

log = structlog.get_logger()
LOOKUP_SECONDS = 3.0
"""Longest time from arrival to the end of the look-up: the carrier waits."""
LEAST_SECONDS = 0.25
"""What a look-up may take even if the calls before it have used that time up: a store that hangs is no dam."""


class Admission:
    """Looks up one call after the other and tells what came of it. Times in seconds, > 0."""

    def __init__(
        self,
        customers: Customers,
        clock: Clock,
        *,
        country: str = "49",
        ring_time: float = 20.0,
        alert_time: float = 5.0,
        longest_delayed_connect: float = 120.0,
    ) -> None:
        """Nobody is being looked up."""
        self._customers, self._clock, self._country = customers, clock, country
        self._ring_time, self._alert_time, self._longest = ring_time, alert_time, longest_delayed_connect
        self.looked_up: Callable[[float], None] = lambda seconds: None
        """Told how long each look-up took."""
        self._offers: asyncio.Queue[tuple[CallId, str, str | None, float]] = asyncio.Queue()

    def admit(self, call: CallId, number: str, caller: str | None = None) -> None:
        """Look this call up when its turn comes; `caller` as the carrier wrote it, None if hidden."""
        self._offers.put_nowait((call, number, caller, asyncio.get_running_loop().time()))

    async def warm_up(self) -> None:
        """Ask the store once, so that the first caller does not wait for its connection."""
        await self._customers.by_access_number(E164("+49"))

    async def run(self, tell: Callable[[CallId, Event], None]) -> None:
        """Look up until cancelled."""
        while True:
            call, number, caller, since = await self._offers.get()
            begun = asyncio.get_running_loop().time()
            event = await self.look_up(number, caller, since)
            self.looked_up(asyncio.get_running_loop().time() - begun)
            tell(call, event)

    async def look_up(self, number: str, caller: str | None = None, since: float | None = None) -> Event:
        """What this caller's call to this number, as dialled, would meet now.

        `since`: the event loop's time of its arrival.
        """
        try:
            access_number = dialled(number, self._country)
        except NotANumber:
            return NumberUnknown()
        try:
            now = asyncio.get_running_loop().time()
            async with asyncio.timeout_at(max((since or now) + LOOKUP_SECONDS, now + LEAST_SECONDS)):
                customer = await self._customers.by_access_number(access_number)
            return self._judge(access_number, customer, caller)
        except Exception:  # whatever is wrong with the store or in it, the caller gets an answer
            log.exception("lookup_failed", number=number)
            return LookupFailed()

    def _judge(self, access_number: E164, customer: CustomerSettings | None, caller: str | None) -> Event:
        if customer is None:
            return NumberUnknown()
        plan = self._plan(customer)
        if customer.blocked:
            return CustomerBlocked(access_number, plan)
        blocked = blocked_caller(customer.blocked_callers, caller, self._country)
        if blocked is not None:
            return CallerBlocked(access_number, plan, blocked, customer.blocked_callers[blocked])
        opening = open_at(customer.hours, self._clock.now())
        why = f"{opening.reason} {opening.detail}".rstrip()
        return CustomerFound(access_number, plan, opening.open, why)

    def _plan(self, customer: CustomerSettings) -> Plan:
        wait = customer.wait.within(self._longest, free_waiting(customer.lines))
        wait = replace(wait, notice=must_announce(customer.lines))
        ring_time = customer.ring_time or self._ring_time
        allowed = may_listen(customer.listening_in, customer.lines)
        who = (customer.id, customer.number, customer.name)
        may_hold = allows_put_through(customer.lines)
        # Who has talked through the seconds that were free would pay for every further one.
        may_return = may_hold and free_waiting(customer.lines) is None
        may = (may_hold, may_return, allowed)
        return Plan(*who, wait, customer.need, ring_time, self._alert_time, customer.limits, *may)
