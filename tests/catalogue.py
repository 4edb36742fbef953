"""What tests of the store and of the catalogue share: the issue's YAML, a service on a database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.entries import Catalogue, Changes
from engine.service.catalogue import CatalogueService
from engine.service.catalogue_reading import read_file
from engine.service.customer_rules import Installation
from engine.service.number_classes import load_number_classes
from engine.store.catalogue import StoredCatalogue
from engine.store.database import Database

PROJECT = Path(__file__).parents[1]
CLASSES = load_number_classes(PROJECT / "config" / "number_classes.yaml")
RULES = Installation(CLASSES, longest_wait=120)

FIRST = """\
trunks:
  - {name: carrier, match: [127.0.0.1]}
groups: [{name: team1}]
agents:
  - {login: agent1, name: Agent One, skills: [german], groups: [team1], phone: {kind: static, uri: "sip:agent1@127.0.0.1:6170"}}
  - {login: agent2, name: Agent Two, skills: [german, english], phone: {kind: registered, password: "s3cret-Phone"}}
tariffs:
  - {name: always, hours: {mon-sun: ["00:00-24:00"]}}
  - {name: office, hours: {mon-fri: ["08:00-18:00"]}, holidays: closed}
customers:
  - number: K1001
    name: Muster GmbH
    access_numbers: ["+4930123450"]
    lines: ["+493099887700"]
    tariff: always
    state: BE
    greeting: "Muster GmbH, mein Name ist {agent}, guten Tag."
    wait: {treatment: delayed_connect, music: default, announce_every: 20, max_wait: 120}
    routing: {skills: [german], overflow_after: 60}
"""  # noqa: E501  # as the issue has it
"""The first file that every version imports as it stands."""


STORED = """\
groups: [{name: team1}]
trunks: [{name: old, match: [198.51.100.0/24]}]
tariffs: [{name: always, hours: {mon-sun: ["00:00-24:00"]}}, {name: office, hours: {mon-fri: ["08:00-18:00"]}}]
customers:
  - {number: K9, name: Nine, tariff: office, access_numbers: ["+49309"], hours: {tue: ["09:00-17:00"]}}
"""


class OneState:
    """A catalogue store that never changes, for tests of what is refused."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    async def load(self) -> Catalogue:
        return self._catalogue

    async def change(self, decide: Callable[[Catalogue], Changes]) -> None:
        raise AssertionError("a check must change nothing")


async def said(text: str, *, replace: bool = False) -> list[str]:
    """What a check of the text says, against a store that holds STORED."""
    file = read_file(STORED, "49")
    assert file.mistakes == []
    sections: dict[str, list[object]] = {}
    for (section, _), entry in file.entries.items():
        sections.setdefault(section, []).append(entry)
    service = CatalogueService(OneState(Catalogue.model_validate(sections)), RULES)
    return [str(mistake) for mistake in await service.check(text, replace=replace)]


def service_on(database: Database) -> CatalogueService:
    """A catalogue service with the project's number classes and a longest wait of 120 s."""
    return CatalogueService(StoredCatalogue(database), RULES)
