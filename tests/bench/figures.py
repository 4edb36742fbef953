"""The figures: intervals in milliseconds, who was overtaken, who was lost.

Rule of this file: pure; it is told what happened (`wire`) and up to when it counts.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from tests.bench.wire import Caller, Ring

TOGETHER = 100.0
"""Milliseconds within which two phones are rung at once: Asterisk gives each INVITE to a thread of its own
(`pbx_outgoing_attempt` in main/pbx.c), and which of them runs first is the kernel's choice."""
ANSWER_LIMIT = 2.0
"""Seconds without any response after which a call counts as lost."""
TARDY = 0.2
"""Seconds by which a busy machine may be late in writing down a message: an end just before our own BYE is no loss."""
SETTLING = 0.2
"""Seconds before the end of the measurement in which who was rung first is not judged: the other may follow."""


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share (0 < share ≤ 1) of all do not exceed; NaN of none."""
    if not values:
        return math.nan
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1]


def early(callers: Iterable[Caller], since: float, until: float) -> list[float]:
    """M1, INVITE → 183, of who called between the two moments."""
    return [(c.early - c.invited) * 1000 for c in callers if since <= c.invited < until and c.early is not None]


def connected(callers: Iterable[Caller], since: float, until: float) -> list[float]:
    """M2, INVITE → 200, of who called between the two moments. With callers waiting it is the wait itself."""
    return [(c.answered - c.invited) * 1000 for c in callers if since <= c.invited < until and c.answered is not None]


def handed_over(callers: Sequence[Caller], rings: Iterable[Ring], until: float) -> list[float]:
    """M3, the phone's BYE → the next INVITE at the same phone, wherever somebody was waiting at the BYE."""
    by_agent: dict[str, list[Ring]] = {}
    for ring in rings:
        by_agent.setdefault(ring.agent, []).append(ring)
    waited = _Waiting(callers, [ring for own in by_agent.values() for ring in own])
    return [
        (after.rung - before.hung_up) * 1000
        for own in by_agent.values()
        for before, after in pairwise(sorted(own, key=lambda ring: ring.rung))
        if before.hung_up is not None and after.rung < until and waited.at(before.hung_up)
    ]


class _Waiting:
    """How many waited, unrung, at a moment."""

    def __init__(self, callers: Iterable[Caller], rings: Iterable[Ring]) -> None:
        left = {ring.caller: ring.rung for ring in sorted(rings, key=lambda ring: ring.rung, reverse=True)}
        waits = [(c.early, left.get(c.number, math.inf)) for c in callers if c.early is not None]
        self._came = sorted(came for came, _ in waits)
        self._went = sorted(went for _, went in waits)

    def at(self, moment: float) -> int:
        return bisect_left(self._came, moment) - bisect_left(self._went, moment)


def picked_up(callers: Iterable[Caller], rings: Iterable[Ring], until: float) -> list[float]:
    """M4, the agent's 200 → the caller's 200."""
    answered = {c.number: c.answered for c in callers if c.answered is not None}
    found = ((ring.picked_up, answered.get(ring.caller)) for ring in rings)
    return [(end - begun) * 1000 for begun, end in found if begun is not None and end is not None and end < until]


def overtaken(callers: Iterable[Caller], rings: Iterable[Ring], since: float, until: float) -> list[float]:
    """M8: for each caller whose phone rang between the two moments, while somebody waited who had had 183 before that
    caller even dialled: how much earlier than for the one who waited longest, in milliseconds
    (infinite: for that one none rang).

    So the switch's own order of arrival is beyond doubt. Every agent here may take every caller.
    """
    rung = {ring.caller: ring.rung for ring in sorted(rings, key=lambda ring: ring.rung, reverse=True)}
    known = [c for c in callers if c.refused is None or c.refused >= until]
    waits = sorted((c.early, rung.get(c.number, math.inf)) for c in known if c.early is not None)
    before = [came for came, _ in waits]
    latest = list(accumulate((went for _, went in waits), max))
    served = [(c.invited, rung[c.number]) for c in known if since <= rung.get(c.number, math.inf) < until - SETTLING]
    ahead = [latest[n - 1] - moment for invited, moment in served if (n := bisect_left(before, invited))]
    return [seconds * 1000 for seconds in ahead if seconds > 0]


def lost(callers: Iterable[Caller], rings: Iterable[Ring], until: float) -> int:
    """M8: calls that were refused, got no response, or were ended by the switch although no phone had hung up."""
    hung_up = {ring.caller: ring.hung_up for ring in rings if ring.hung_up is not None}
    return sum(_is_lost(c, hung_up.get(c.number), until) for c in callers if c.invited < until)


def _is_lost(caller: Caller, hung_up: float | None, until: float) -> bool:
    if caller.refused is not None and caller.refused < until:
        return True
    if caller.ended is not None and caller.ended < until:
        return hung_up is None or hung_up > caller.ended + TARDY
    return caller.early is None and caller.answered is None and caller.invited < until - ANSWER_LIMIT
