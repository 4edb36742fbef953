"""What a link has done so far, for the metrics.

Rule of this file: plain numbers that only grow, `latency_last` excepted.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Counters:
    """Counts since the start of the process; times in seconds."""

    connects: int = 0
    disconnects: int = 0
    requests: int = 0
    """Requests given to the link, sent or not."""
    answered: int = 0
    rejected: int = 0
    """Answers with a status of 400 and above."""
    lost: int = 0
    """Requests that ended with LinkDown."""
    latency_sum: float = 0.0
    """From the order to its answer, over all `answered`."""
    latency_last: float = 0.0
    events: int = 0
    """Events understood, delivered or to be delivered."""
    unknown: int = 0
    """Frames of a type that we do not use."""
    malformed: int = 0
    """Frames that could not be read."""
    handler_errors: int = 0
    """Exceptions out of `on_event` or `on_done`."""
