"""Daily summaries are planned: for whom they are due just now, by what the customers wish (§5.2.3).

Rule of this file: nothing is kept here. What was planned stands in the store, so an engine that is killed, late or not
alone plans no summary twice; and one that is late by a day plans it no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import structlog

from engine.entries import CustomerEntry
from engine.hours.digest_times import Wish, days_at, is_due, moment, spans
from engine.ports.customers import CustomerEntries
from engine.ports.notices import NoticeStore, PlannedDigest
from engine.service.planning import UNDO
from engine.terms import CustomerId

log = structlog.get_logger()


class Digests:
    """Works on one store."""

    def __init__(self, store: NoticeStore, customers: CustomerEntries) -> None:
        self._store, self._customers = store, customers

    async def plan(self, since: datetime | None, now: datetime) -> int:
        """Plan what has become due after `since` up to `now`, aware times; how many mails that are.

        `since`: None = nobody knows, after a start. A summary is planned when none of its messages can be taken back
        any more.
        """
        last, until, made = since and since - UNDO, now - UNDO, 0
        wanting = await self._store.wanting()
        due = _due_times({at for _, times in wanting for at in times}, last, until)
        for customer, times in wanting:
            if due.isdisjoint(times):
                continue
            made += await self._plan(customer, last, until)
        if made:
            log.info("digests_planned", mails=made)
        return made

    async def _plan(self, customer: CustomerId, last: datetime | None, until: datetime) -> int:
        """Of one customer, by whose fault nobody else goes without."""
        try:
            entry = await self._customers.load(customer)
            wanted = list(_due(entry, last, until)) if entry else []
        except (ValueError, LookupError) as problem:
            log.error("digest_not_planned", customer=customer, problem=type(problem).__name__, mend="see its entry")
            return 0
        return sum([await self._store.add_digest(customer, digest) for digest in wanted])


def _due_times(times: Iterable[str], last: datetime | None, now: datetime) -> set[str]:
    """Reckoned once for all customers."""
    ends = ((at, moment(day, at)) for at in times for day in days_at(now))
    return {at for at, end in ends if _is_new(end, last) and is_due(end, now)}


def _is_new(end: datetime, last: datetime | None) -> bool:
    return last is None or end > last


def _due(entry: CustomerEntry, last: datetime | None, now: datetime) -> Iterator[PlannedDigest]:
    for contact, (mail, digest) in entry.digests.items():
        for span in spans(Wish(digest.at, digest.days == "daily", entry.state), now):
            if _is_new(span.end, last):
                yield PlannedDigest(contact, mail, span, digest.empty)
