"""What the outbox has done since the start, and how it stands, as plain figures.

Rule of this file: values only; the outbox counts, whoever shows them reads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from engine.message.states import Means
from engine.ports.outbox import Standing

OVERDUE = timedelta(minutes=10)
"""After how long a delivery that was due is overdue, unless the recipient's side keeps it: a full mailbox, say."""
LATELY = timedelta(days=1)
"""How long a final failure is counted as one that somebody may have to look after."""

FEW_PUSHES = 500
"""Of the 10,000 messages that Pushover takes of an application each month (https://pushover.net/api#limits)."""


@dataclass(slots=True)
class OutboxFigures:
    """All of them."""

    tries: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By means, and by result: `sent`, `delivered`, `acknowledged`, or a word of `Trouble`."""
    failed: Counter[str] = field(default_factory=Counter)
    """Given up, by means."""
    standing: Mapping[Means, Standing] = field(default_factory=dict)
    """As of the last look, seconds ago."""
    missing: tuple[Means, ...] = ()
    """Means that are not set up here."""

    pushes_left: Callable[[], int | None] = lambda: None
    """Messages that Pushover takes of us this month still; None = it has not said so yet."""

    @property
    def queued(self) -> dict[str, int]:
        """Waiting, by means."""
        return {means.value: one.queued for means, one in sorted(self.standing.items()) if one.queued}

    @property
    def overdue(self) -> dict[str, int]:
        """Overdue, by means."""
        return {means.value: one.overdue for means, one in sorted(self.standing.items()) if one.overdue}

    @property
    def lost(self) -> dict[str, int]:
        """Failed finally within `LATELY`, by means."""
        return {means.value: one.failed for means, one in sorted(self.standing.items()) if one.failed}
