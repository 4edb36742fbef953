"""The gate: who lets in more calls than was agreed is refused, and the others notice nothing of it.

Rules of this file: a trunk is judged when a call arrives, before anybody is asked whose number it is; a customer when
the number is known. What was refused is logged once per limit and ten seconds, with its number. Refused calls beyond
`RECORDED` a second get no record: a flood must fill neither store nor log.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime

import structlog

from engine.call.events import CustomerFound, LimitReached
from engine.call.limits import Bucket, Limits
from engine.call.state import Call, State
from engine.ports import Timers, Trunk
from engine.terms import CustomerId

log = structlog.get_logger()
OWNER = "gate"
"""Owner of the gate's timer."""
RECORDED = 10.0
"""Calls refused by a trunk's limit, per second, that still get a record and a trail."""
SUMMARY = 10.0
"""Seconds between two lines of the log about the same limit."""
_OVER = frozenset({State.CLEARING, State.ENDED})


class Gate:
    """Knows the trunks' limits; a customer's come with the look-up."""

    def __init__(self, timers: Timers, trunk_rate: float | None = None) -> None:
        """`trunk_rate`: calls per second of a trunk that has no `max_rate` of its own; None = no limit."""
        self._timers, self._default = timers, Limits(max_rate=trunk_rate)
        self._trunks: dict[str, Limits] = {}
        self._rates: defaultdict[str | CustomerId, Bucket] = defaultdict(Bucket)
        self._recorded = Bucket()
        self.going: Callable[[str], int] = lambda trunk: 0
        """How many legs go out by this trunk now: they have the same lines as what comes in."""
        self._refused: Counter[str] = Counter()

    def trunks(self, trunks: Iterable[Trunk]) -> None:
        """Take over the trunks' limits; they count from the next call on."""
        rate = self._default.max_rate
        self._trunks = {trunk.name: Limits(trunk.limits.max_calls, trunk.limits.max_rate or rate) for trunk in trunks}

    def arrives(self, trunk: str, live: Iterable[Call], now: datetime) -> LimitReached | None:
        """Whether one more call from this trunk is too many, beside the live ones."""
        limits = self._trunks.get(trunk, self._default)
        there = (call for call in live if call.trunk == trunk)
        going = self.going(trunk) if limits.max_calls else 0
        return self._judge(f"trunk {trunk}", trunk, limits, there, now, going=going)

    def found(self, found: CustomerFound, live: Iterable[Call], now: datetime) -> LimitReached | None:
        """Whether one more call for this customer is too many, beside the live ones known as theirs."""
        plan = found.plan
        there = (call for call in live if call.plan and call.plan.customer == plan.customer)
        return self._judge(f"customer {plan.number}", plan.customer, plan.limits, there, now, found)

    def is_recorded(self, now: datetime) -> bool:
        """Whether a call refused by its trunk's limit still gets a record."""
        return self._recorded.take(RECORDED, now)

    def timer_fired(self) -> None:
        """Say how many were refused since the last line."""
        refused, self._refused = self._refused, Counter()
        for limit, number in sorted(refused.items()):
            if number:
                self._say(limit, number)

    def _judge(
        self,
        who: str,
        key: str | CustomerId,
        limits: Limits,
        there: Iterable[Call],
        now: datetime,
        found: CustomerFound | None = None,
        going: int = 0,
    ) -> LimitReached | None:
        if limits.max_calls and sum(call.state not in _OVER for call in there) + going >= limits.max_calls:
            return self._refuse(f"{who}: {limits.max_calls} calls at once", found)
        if limits.max_rate and not self._rates[key].take(limits.max_rate, now):
            return self._refuse(f"{who}: {limits.max_rate:g} calls per second", found)
        return None

    def _refuse(self, limit: str, found: CustomerFound | None) -> LimitReached:
        if limit in self._refused:
            self._refused[limit] += 1
        else:
            self._say(limit, 1)
        return LimitReached(limit, found)

    def _say(self, limit: str, refused: int) -> None:
        log.warning("limit_reached", limit=limit, refused=refused)
        if not self._refused:  # one that runs is not put off by another limit
            self._timers.start(OWNER, "summary", SUMMARY)
        self._refused[limit] = 0
