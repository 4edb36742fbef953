"""What others tell of deliveries of their own accord, noted and counted.

Rule of this file: a report is about one delivery that was handed over lately; what comes twice, late, or about
nothing of ours changes nothing and is no fault. No address and no word of a report is logged.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from engine.message.states import DeliveryState
from engine.ports.reports import Report, ReportStore
from engine.service.outbox_figures import OutboxFigures
from engine.terms import AgentId

log = structlog.get_logger()
LONGEST = timedelta(days=14)
"""How long a delivery can be told of. Mail servers give up after 5 days (RFC 5321 §4.5.4.1), and then write."""
LOOK_AGAIN = timedelta(hours=6)
"""When to ask for one that somebody has told to be on its way: the next report may come by itself."""


class Reports:
    """Works on one store."""

    def __init__(
        self,
        store: ReportStore,
        now: Callable[[], datetime],
        figures: Callable[[], OutboxFigures],
        stirred: Callable[[AgentId], None] = lambda _: None,
    ) -> None:
        """`now`: this moment, in UTC; `figures()`: of the outbox that is at work.

        `stirred(agent)`: a message that he has taken is lost, so let his desk look again.
        """
        self._store, self._now, self._figures, self._stirred = store, now, figures, stirred

    async def take(self, report: Report) -> bool:
        """Note it; False = it has changed nothing. Raises StoreError if the store cannot be reached."""
        now, means = self._now(), report.means.value
        taken = await self._store.take(report, now, now - LONGEST, now + LOOK_AGAIN)
        if taken is None:
            return False
        result = report.trouble if report.state is DeliveryState.FAILED and report.trouble else report.state
        if report.state is not DeliveryState.SENT:
            self._figures().tries[means, result.value] += 1
        if report.state is DeliveryState.FAILED:
            self._figures().failed[means] += 1
            if taken.agent is not None:
                self._stirred(taken.agent)
        trouble = report.trouble and report.trouble.value
        log.info("delivery_told", delivery=taken.delivery, means=means, state=report.state.value, trouble=trouble)
        return True
