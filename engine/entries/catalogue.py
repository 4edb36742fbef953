"""All entries together, and a change of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pydantic import Field

from engine.entries.base import Entry
from engine.entries.customers import CustomerEntry, TariffEntry
from engine.entries.people import AgentEntry, GroupEntry, TrunkEntry

KeyedEntry = TrunkEntry | GroupEntry | AgentEntry | TariffEntry | CustomerEntry

SECTIONS: Mapping[str, type[KeyedEntry]] = MappingProxyType(
    {
        "trunks": TrunkEntry,
        "groups": GroupEntry,
        "agents": AgentEntry,
        "tariffs": TariffEntry,
        "customers": CustomerEntry,
    }
)
"""What each section of the YAML file holds; a section refers only to those before it."""


def key_of(entry: KeyedEntry) -> str:
    """What people call the entry: a name, an agent's login, a customer's number."""
    return str(getattr(entry, entry.key))


class Catalogue(Entry):
    """Everything there is, each section in the order of its keys."""

    trunks: tuple[TrunkEntry, ...] = ()
    groups: tuple[GroupEntry, ...] = ()
    agents: tuple[AgentEntry, ...] = ()
    tariffs: tuple[TariffEntry, ...] = ()
    customers: tuple[CustomerEntry, ...] = ()
    own_sounds: Mapping[str, frozenset[str]] = Field(default_factory=dict)
    """What calls name customers' own announcements by, by the customer's number; in the store only, never in a file."""

    def by_key(self) -> dict[tuple[str, str], KeyedEntry]:
        """Every entry by section and key."""
        return {(section, key_of(entry)): entry for section in SECTIONS for entry in getattr(self, section)}


@dataclass(frozen=True, slots=True)
class Changes:
    """What to write, in one transaction: `put` replaces or makes entries, `drop` removes what has these keys.

    `put` is in the order of SECTIONS.
    """

    put: Mapping[tuple[str, str], KeyedEntry] = field(default_factory=dict)
    drop: frozenset[tuple[str, str]] = frozenset()
