"""What is around the exchange, as plain figures: the switch's link and what its monitor sees, the journal.

Rule of this file: values only; the composition root fills them in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LinkFigures:
    """What the link to the switch has done since the start; times in seconds."""

    connects: int = 0
    requests: int = 0
    answered: int = 0
    rejected: int = 0
    lost: int = 0
    latency_sum: float = 0.0
    """From the order to its answer, over all `answered`."""
    latency_last: float = 0.0
    events: int = 0
    handler_errors: int = 0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """This moment."""

    ready: bool
    """The switch is there: calls can be taken."""
    link: LinkFigures = field(default_factory=LinkFigures)
    monitor: str = "off"
    """`watching`; `away` or `refused`: nothing is known; `off`: the switch is somebody else's."""
    trunks: Mapping[str, str] = field(default_factory=dict)
    """Trunks that register: `Registered`, `Rejected` or `Unregistered`."""
    tasks_alerted: int = 0
    """Overloaded task processors of the switch."""
    tasks_longest: int = 0
    """Tasks in its longest queue of SIP."""
    backlog: int = 0
    """Journal entries that are not in the store yet."""
