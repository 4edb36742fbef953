"""Short news from support for the agents, as they stand on idle desks.

Rule of this file: times are aware; what is over is shown nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.ports.customers import Author

MOST_NEWS, LONGEST_NEWS = 5, 200
"""At the same time, and the characters of each."""


@dataclass(frozen=True, slots=True)
class News:
    """One piece of news."""

    id: int
    text: str
    """1 to `LONGEST_NEWS` characters on one line."""
    until: datetime | None
    """None = until somebody takes it away."""
    at: datetime
    by: str
    """A login."""

    def holds(self, now: datetime) -> bool:
        """Whether it is shown at that moment."""
        return self.until is None or now < self.until


class NewsStore(Protocol):
    """Every method raises StoreError if the store cannot be reached. What changes something stands in the audit log."""

    async def all(self) -> Sequence[News]:
        """The latest first."""

    async def add(self, news: News, author: Author) -> bool:
        """Keep it, whatever its id is, and forget what is over at its time; False = there are `MOST_NEWS` already."""

    async def remove(self, news: int, author: Author, at: datetime) -> bool:
        """Take it away; False = it is not there (any more)."""
