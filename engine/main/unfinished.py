"""Calls that stand open in the store and not in the journal's file, which was lost: each gets the end of its record.

Rule of this file: nothing is charged that nobody has measured. A caller who is still on the switch is taken for a new
call under the same id; the trail then goes on after the old one, and the record is written anew at the call's end.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from engine.call.state import Outcome
from engine.ports import Journal, TrailEntry
from engine.store.calls import StoredCalls
from engine.terms import CallId


async def close_unfinished(store: StoredCalls, journal: Journal, known: Container[str] = ()) -> dict[CallId, int]:
    """Close what stands open, but for the `known`; to be asked before the first call, when the journal is written.

    The number of trail entries of each.
    """
    left = [call.record for call in await store.open_calls() if call.record.id not in known]
    entries = [(record, await store.trail(record.id)) for record in left]
    counts: dict[CallId, int] = {}
    for record, trail in entries:
        last = trail[-1] if trail else TrailEntry(record.id, 0, record.arrived_at, "")
        journal.noted(TrailEntry(record.id, last.n + 1, last.at, "lost", "the engine was killed during the call"))
        journal.closed(replace(record, outcome=Outcome.FAILED, ended_at=last.at))
        counts[record.id] = last.n + 1
    return counts
