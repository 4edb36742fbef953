"""Calls that an engine which was killed has left open: at the next start each gets the end of its record.

Rule of this file: nothing is charged that nobody has measured. A caller who is still on the switch is taken for a new
call under the same id; the trail then goes on after the old one, and the record is written anew at the call's end.
"""

from __future__ import annotations

from dataclasses import replace

from engine.call.state import Outcome
from engine.ports import Journal, TrailEntry
from engine.store.calls import StoredCalls
from engine.terms import CallId


async def close_unfinished(store: StoredCalls, journal: Journal) -> dict[CallId, int]:
    """Close what stands open; must be asked before the first call. The number of trail entries of each."""
    entries = [(call.record, await store.trail(call.record.id)) for call in await store.open_calls()]
    counts: dict[CallId, int] = {}
    for record, trail in entries:
        last = trail[-1] if trail else TrailEntry(record.id, 0, record.arrived_at, "")
        journal.noted(TrailEntry(record.id, last.n + 1, last.at, "lost", "the engine was killed during the call"))
        journal.closed(replace(record, outcome=Outcome.FAILED, ended_at=last.at))
        counts[record.id] = last.n + 1
    return counts
