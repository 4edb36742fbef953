"""Values counted in buckets: what percentiles and Prometheus' histograms are made from.

Rule of this file: cheap enough for the call path, well under a microsecond a value.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence

RECENT = 1000
"""Values of which percentiles are told."""


class Histogram:
    """Values counted in buckets, and the last of them as they are. `bounds`: upper ends, ascending."""

    __slots__ = ("bounds", "counts", "recent", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        """Nothing seen yet."""
        self.bounds = tuple(bounds)
        self.counts = [0] * (len(self.bounds) + 1)
        self.total = 0.0
        self.recent: deque[float] = deque(maxlen=RECENT)

    def observe(self, value: float) -> None:
        """Count a value; one that is a bucket's upper end belongs to that bucket."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value
        self.recent.append(value)

    def percentile(self, share: float) -> float | None:
        """The least of the last `RECENT` values that a share (0-1) of them does not exceed; None without values."""
        values = sorted(self.recent)
        return values[min(int(share * len(values)), len(values) - 1)] if values else None
