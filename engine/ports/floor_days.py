"""What has become of the callers of a day, over all customers: counted by the store, for who leads the agents.

Rule of this file: sums only; no call, caller or customer is in them. What is made of them is the service's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

IN_TIME = 20.0
"""Seconds within which a call is to be picked up: the usual service level of the trade, "80/20"."""
GIVEN_UP_AT_ONCE = 5.0
"""Seconds; who gives up before could not have been answered, and does not count."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The calls that arrived within one span of time and are over; test calls are not among them."""

    answered: int = 0
    """Picked up by an agent."""
    in_time: int = 0
    """Of those, within `IN_TIME` from the arrival."""
    abandoned: int = 0
    """Given up by the caller, from `GIVEN_UP_AT_ONCE` on, or ended by the longest wait."""
    waited_ms: int = 0
    """By all answered and abandoned ones together."""
    longest_ms: int = 0
    """The longest wait among them, those after a talk included."""
    talked_ms: int = 0
    """By all answered ones together."""
    lost_again: int = 0
    """Of the answered ones, those that came back into the line after a talk and were given up there, however soon, or
    ended by the longest wait."""


class FloorDays(Protocol):
    """The store's view of everybody's calls."""

    async def counted(self, moments: Sequence[datetime]) -> Sequence[Counted]:
        """What arrived from each of these aware times, which are in order, up to the next: one fewer than given.

        Raises StoreError if the store cannot be reached.
        """
