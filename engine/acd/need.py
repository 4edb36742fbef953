"""Whom a call needs: a customer's routing option (FAQ), wider after the overflow time."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from engine.terms import Group, Skill


@dataclass(frozen=True, slots=True)
class Circle:
    """A set of agents: those with *all* these skills and, if groups are named, in *one* of these groups.

    An empty circle is every agent.
    """

    skills: frozenset[Skill] = frozenset()
    groups: frozenset[Group] = frozenset()

    def holds(self, skills: AbstractSet[Skill], groups: AbstractSet[Group]) -> bool:
        """Whether an agent with these skills and groups belongs to the circle."""
        return self.skills <= skills and (not self.groups or not self.groups.isdisjoint(groups))


@dataclass(frozen=True, slots=True)
class Need:
    """Who may answer a call: `first`, and after `overflow_after` seconds of waiting also `wider`.

    `overflow_after` is None where a customer never wants the wider circle.
    """

    first: Circle = Circle()
    overflow_after: float | None = None
    wider: Circle = Circle()
