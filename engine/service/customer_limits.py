"""What has a sound form and yet cannot be meant: waits of no length, days of another age, lines by the hundred.

Rule of this file: none of it is the law's, so what stands in a store from before does not stop a change of something
else.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.entries import CustomerEntry
from engine.service.catalogue_yaml import Path
from engine.terms import Wrong

SHORTEST = 5.0
"""Seconds that callers wait at least before they are told or sent away."""
SHORTEST_TRIAL = 1.0
"""The same where an administrator tries something out, in a file."""
YEARS = range(2000, 2101)
MOST = 200
"""Forwarded lines, and contacts: what a page can carry."""

Found = Iterator[tuple[Path, Wrong]]
"""The field, and what is wrong with it."""


def beyond_measure(customer: CustomerEntry, shortest: float) -> Found:
    """Everything of the customer that is too many, too short or too far away; `shortest` in seconds."""
    for field in ("lines", "contacts"):
        if len(getattr(customer, field)) > MOST:
            yield (field,), Wrong("list.long", f"there can be {MOST} at most", max_length=str(MOST))
    for field in ("announce_every", "max_wait"):
        seconds = getattr(customer.wait, field)
        if seconds is not None and seconds < shortest:
            text = f"this must be {shortest:g} seconds or more"
            yield ("wait", field), Wrong("wait.short", text, ge=f"{shortest:g}")
    for path, day in _days(customer):
        if day is not None and day.year not in YEARS:
            text = f"the year {day.year} is too far away: write one from {YEARS[0]} to {YEARS[-1]}"
            yield path, Wrong("day.far", text, year=str(day.year), first=str(YEARS[0]), last=str(YEARS[-1]))


def _days(customer: CustomerEntry) -> Iterator[tuple[Path, date | None]]:
    """Every day and every moment."""
    yield ("live_since",), customer.live_since
    yield ("back_from",), customer.back_from
    yield from ((("closed_days", place), day) for place, day in enumerate(customer.closed_days))
    for place, note in enumerate(customer.vip_notes):
        yield ("vip_notes", place, "since"), note.since
        yield ("vip_notes", place, "until"), note.until
    for place, contact in enumerate(customer.contacts):
        if contact.absence is not None:
            yield ("contacts", place, "absence", "since"), contact.absence.since
            yield ("contacts", place, "absence", "until"), contact.absence.until
