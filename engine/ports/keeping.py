"""What was forgotten because it was too old, as reports of each night."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What became of one kind of data in one night."""

    what: str
    """The kind, e.g. `messages`: its setting without `_days`, where it has one."""
    days: int
    """How long it is kept; 0 = less than a day."""
    gone: int
    """Rows, ≥ 0: deleted, or without people from now on."""
    failed: str = ""
    """Why not all of it was done, in one line without anybody's data; empty = it was."""


@dataclass(frozen=True, slots=True)
class NightReport:
    """One night."""

    at: datetime
    """When it began; UTC."""
    took_ms: int
    lines: tuple[Forgotten, ...]

    @property
    def gone(self) -> int:
        """Rows of all kinds."""
        return sum(line.gone for line in self.lines)

    @property
    def failed(self) -> tuple[str, ...]:
        """The kinds that were not done."""
        return tuple(line.what for line in self.lines if line.failed)


class ReportStore(Protocol):
    """The reports of the last nights."""

    async def add(self, report: NightReport) -> None:
        """Keep it; a few dozen are kept, the oldest go. Raises StoreError."""

    async def last(self, most: int) -> Sequence[NightReport]:
        """The latest first. Raises StoreError."""
