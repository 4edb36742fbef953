"""What is around the exchange, as plain figures: the switch's link and what its monitor sees, the
journal, the outbox, what was forgotten.

Rule of this file: values only; the composition root fills them in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from engine.ports.keeping import NightReport
from engine.service.outbox_figures import OutboxFigures


class LinkFigures(Protocol):
    """What the link to the switch has done since the start; times in seconds."""

    connects: int
    requests: int
    answered: int
    rejected: int
    lost: int
    latency_sum: float
    """From the order to its answer, over all `answered`."""
    latency_last: float
    events: int
    handler_errors: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """This moment."""

    ready: bool
    """The switch is there: calls can be taken."""
    link: LinkFigures
    monitor: str = "off"
    """`watching`; `away` or `refused`: nothing is known; `off`: the switch is somebody else's."""
    trunks: Mapping[str, str] = field(default_factory=dict)
    """Trunks that register: `Registered`, `Rejected` or `Unregistered`."""
    away: frozenset[str] = frozenset()
    """Trunks that dial out and whose carrier does not answer (OPTIONS)."""
    tasks_alerted: int = 0
    """Overloaded task processors of the switch."""
    tasks_longest: int = 0
    """Tasks in its longest queue of SIP."""
    backlog: int = 0
    """Journal entries that are not in the store yet."""
    outbox: OutboxFigures = field(default_factory=OutboxFigures)
    """What becomes of messages."""
    retention: NightReport | None = None
    """What was forgotten the last time; None = not yet, as far as this engine knows."""
