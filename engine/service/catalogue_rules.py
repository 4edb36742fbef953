"""What entries say about each other: names that must exist, numbers that only one may have, hours, the law.

Rule of this file: judged is what the store would hold afterwards, so a file may also move a number from one customer
to another; a mistake is shown at an entry of the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_network
from itertools import combinations, product

from engine.entries import AgentEntry, CustomerEntry, KeyedEntry, TariffEntry, TrunkEntry
from engine.hours.narrowing import clashes
from engine.law.checks import check_wait
from engine.law.classes import ClassTable, NotStricter, corrected
from engine.ports import Line
from engine.service.catalogue_mistakes import suggestion
from engine.service.catalogue_reading import Key
from engine.service.catalogue_yaml import Path
from engine.terms import E164, Treatment

Finding = tuple[Key, Path, str]
"""The entry, the field within it, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Installation:
    """What entries are judged by."""

    classes: ClassTable
    longest_wait: float
    """The longest delayed-connect wait in seconds (L6)."""
    country: str = "49"
    """Country code without plus, for numbers written as `030 …`."""
    announcements: frozenset[str] | None = None
    """The names of all there are; None = not known here, so none is refused."""
    music: frozenset[str] | None = None
    """The same of music classes."""


def judge(
    after: Mapping[Key, KeyedEntry],
    written: Mapping[Key, KeyedEntry],
    names: Iterable[Key],
    rules: Installation,
) -> Iterator[Finding]:
    """Everything that is wrong with the entries `written`, if the store held `after`.

    `names`: entries that count as being there although they have mistakes of their own.
    """
    known: dict[str, set[str]] = defaultdict(set)
    for section, name in (*after, *names):
        known[section].add(name)
    for key, entry in written.items():
        for path, message in _unknown_names(entry, known):
            yield key, path, message
        if isinstance(entry, CustomerEntry):
            for path, message in (*_unknown_sounds(entry, rules), *_against_the_law(entry, rules)):
                yield key, path, message
    yield from _shared_addresses(after, written)
    yield from _shared_numbers(after, written)
    yield from _wider_than_tariff(after, written)


def _unknown_names(entry: KeyedEntry, known: Mapping[str, set[str]]) -> Iterator[tuple[Path, str]]:
    for path, section, name in _references(entry):
        if name not in known[section]:
            yield path, f"there is no {section[:-1]} '{name}'{suggestion(name, known[section])}"


def _references(entry: KeyedEntry) -> Iterator[tuple[Path, str, str]]:
    """Field, section and name of everything that the entry refers to."""
    if isinstance(entry, AgentEntry):
        yield from ((("groups",), "groups", name) for name in entry.groups)
    elif isinstance(entry, CustomerEntry):
        yield ("tariff",), "tariffs", entry.tariff
        yield from ((("routing", "groups"), "groups", name) for name in entry.routing.groups)
        yield from ((("routing", "overflow", "groups"), "groups", name) for name in entry.routing.overflow.groups)


def _unknown_sounds(customer: CustomerEntry, rules: Installation) -> Iterator[tuple[Path, str]]:
    wait = customer.wait
    if rules.music is not None and wait.music not in rules.music:
        mend = suggestion(wait.music, rules.music) or f": lay its files into music/{wait.music} of VORZIMMER_HOME"
        yield ("wait", "music"), f"there is no music class '{wait.music}'{mend}"
    if rules.announcements is None:
        return
    named: list[tuple[Path, str]] = [(("wait", "greeting"), wait.greeting)] if wait.greeting else []
    named += [(("wait", "announcements", place), name) for place, name in enumerate(wait.announcements)]
    for path, name in named:
        if name not in rules.announcements:
            mend = suggestion(name, rules.announcements) or f": lay {name}.wav into sounds/<language> of VORZIMMER_HOME"
            yield path, f"there is no announcement '{name}'{mend}"


def _against_the_law(customer: CustomerEntry, rules: Installation) -> Iterator[tuple[Path, str]]:
    lines = []
    for place, line in enumerate(customer.lines):
        number = E164(line.number)
        number_class = rules.classes.rule_for(number).number_class
        try:
            number_class = corrected(number_class, line.number_class or number_class)
        except NotStricter as error:
            yield ("lines", place, "class"), str(error)
        lines.append(Line(number, number_class))
    wait = customer.wait.plan()
    if wait.max_wait is None:
        wait = replace(wait, max_wait=rules.longest_wait if wait.treatment is Treatment.DELAYED_CONNECT else None)
    for refusal in check_wait(lines, wait, rules.longest_wait):
        yield tuple(refusal.field.split(".")), refusal.text


def _shared_addresses(after: Mapping[Key, KeyedEntry], written: Mapping[Key, KeyedEntry]) -> Iterator[Finding]:
    """A carrier that matches two trunks would be taken for whichever comes first."""
    trunks = [(key, entry) for key, entry in after.items() if isinstance(entry, TrunkEntry)]
    for (one, first), (other, second) in combinations(trunks, 2):
        at, owner = (other, first) if other in written else (one, second)
        for mine, theirs in product(first.match, second.match):
            if at in written and ip_network(mine).overlaps(ip_network(theirs)):
                yield at, ("match",), f"trunk '{owner.name}' has {mine if owner is first else theirs} already"


def _shared_numbers(after: Mapping[Key, KeyedEntry], written: Mapping[Key, KeyedEntry]) -> Iterator[Finding]:
    owners: dict[str, Key] = {}
    for key, entry in after.items():
        for number in entry.access_numbers if isinstance(entry, CustomerEntry) else ():
            other = owners.setdefault(number, key)
            if other != key:
                at, owner = (key, other) if key in written else (other, key)
                yield (
                    at,
                    ("access_numbers",),
                    f"{number} is an access number of customer '{owner[1]}' already",
                )


def _wider_than_tariff(after: Mapping[Key, KeyedEntry], written: Mapping[Key, KeyedEntry]) -> Iterator[Finding]:
    """Also when only the tariff changes, and with it what customers of old may have."""
    for key, entry in after.items():
        if not isinstance(entry, CustomerEntry) or entry.hours is None:
            continue
        booked = ("tariffs", entry.tariff)
        tariff = after.get(booked)
        if isinstance(tariff, TariffEntry) and not written.keys().isdisjoint((key, booked)):
            for clash in clashes(entry.hours, tariff.hours):
                if key in written:
                    yield key, ("hours",), str(clash)
                else:
                    yield booked, ("hours",), f"customer '{entry.number}' has own hours beyond it: {clash}"
