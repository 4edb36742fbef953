"""The walk down the ordered list: which target is dialled, by which route, and what is tried when that fails.

Rules of this file: a carrier that fails is no word of the target's: the next route leads to the same one. After the
target's own word comes the next target. Who was picked by hand is tried, and nobody after him.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.transfer.plan import Attempt, Order, Result, Route, Target


@dataclass(frozen=True, slots=True)
class Walk:
    """Where on the list it stands."""

    order: Order
    at: int = 0
    """Index of the target, from 0."""
    way: int = 0
    """Index of its route, from 0."""
    only: bool = False
    """Picked by hand."""
    asked: int = 0
    """How often whoever has answered was asked to press 1; 0 = nobody has to, or nobody has answered."""

    @property
    def target(self) -> Target:
        """Who is tried."""
        return self.order.targets[self.at]

    @property
    def route(self) -> Route:
        """By which way."""
        return self.target.routes[self.way]


def onward(walk: Walk, result: Result) -> Walk | None:
    """What is tried after this try has come to `result`; None = the list is over."""
    if result is Result.CARRIER_FAILED and walk.way + 1 < len(walk.target.routes):
        return replace(walk, way=walk.way + 1, asked=0)
    if walk.only or walk.at + 1 >= len(walk.order.targets):
        return None
    return replace(walk, at=walk.at + 1, way=0, asked=0)


def picked(walk: Walk, at: int) -> Walk | None:
    """The target with this index and no other; None if there is no such target."""
    return replace(walk, at=at, way=0, only=True, asked=0) if 0 <= at < len(walk.order.targets) else None


def transferred_ms(attempts: Sequence[Attempt]) -> int:
    """Milliseconds that targets have talked to the caller; those still talking count 0."""
    return sum(one.talked_ms for one in attempts)
