"""What entries say about each other: names that must exist, numbers that only one may have, hours.

Rule of this file: judged is what the store would hold afterwards, so a file may also move a number from one customer
to another; a mistake is shown at an entry of the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_network
from itertools import combinations, product

from engine.entries import AgentEntry, CustomerEntry, KeyedEntry, TariffEntry, TrunkEntry
from engine.hours.narrowing import clashes
from engine.hours.spans import DAYS, format_span
from engine.service.catalogue_mistakes import suggestion
from engine.service.catalogue_reading import Key
from engine.service.catalogue_yaml import Path
from engine.service.customer_limits import Found
from engine.service.customer_rules import Installation, judge_customer
from engine.terms import Wrong

Finding = tuple[Key, Path, Wrong]
"""The entry, the field within it, and what is wrong."""


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
        for path, wrong in _unknown_names(entry, known):
            yield key, path, wrong
        if isinstance(entry, CustomerEntry):
            for path, wrong in judge_customer(entry, rules):
                yield key, path, wrong
    yield from _shared_addresses(after, written)
    yield from _shared_numbers(after, written)
    yield from _loops(after, written)
    yield from _wider_than_tariff(after, written)


def _unknown_names(entry: KeyedEntry, known: Mapping[str, set[str]]) -> Found:
    for path, section, name in _references(entry):
        if name not in known[section]:
            kind = section[:-1]
            text = f"there is no {kind} '{name}'{suggestion(name, known[section])}"
            yield path, Wrong(f"unknown.{kind}", text, name=name)


def _references(entry: KeyedEntry) -> Iterator[tuple[Path, str, str]]:
    """Field, section and name of everything that the entry refers to."""
    if isinstance(entry, AgentEntry):
        yield from ((("groups",), "groups", name) for name in entry.groups)
    elif isinstance(entry, CustomerEntry):
        yield ("tariff",), "tariffs", entry.tariff
        yield from ((("routing", "groups"), "groups", name) for name in entry.routing.groups)
        yield from ((("routing", "overflow", "groups"), "groups", name) for name in entry.routing.overflow.groups)


def _shared_addresses(after: Mapping[Key, KeyedEntry], written: Mapping[Key, KeyedEntry]) -> Iterator[Finding]:
    """A carrier that matches two trunks would be taken for whichever comes first."""
    trunks = [(key, entry) for key, entry in after.items() if isinstance(entry, TrunkEntry)]
    for (one, first), (other, second) in combinations(trunks, 2):
        at, owner = (other, first) if other in written else (one, second)
        for mine, theirs in product(first.match, second.match):
            if at in written and ip_network(mine).overlaps(ip_network(theirs)):
                address = mine if owner is first else theirs
                text = f"trunk '{owner.name}' has {address} already"
                yield at, ("match",), Wrong("taken.address", text, name=owner.name, address=address)


def _shared_numbers(after: Mapping[Key, KeyedEntry], written: Mapping[Key, KeyedEntry]) -> Iterator[Finding]:
    owners: dict[str, Key] = {}
    for key, entry in after.items():
        for number in entry.access_numbers if isinstance(entry, CustomerEntry) else ():
            other = owners.setdefault(number, key)
            if other != key:
                at, owner = (key, other) if key in written else (other, key)
                text = f"{number} is an access number of customer '{owner[1]}' already"
                yield at, ("access_numbers",), Wrong("taken.access_number", text, number=number, customer=owner[1])


def _loops(after: Mapping[Key, KeyedEntry], written: Mapping[Key, KeyedEntry]) -> Iterator[Finding]:
    """Who forwards an access number, or is put through to one, comes round to us for ever, whosever it is."""
    customers = [(key, entry) for key, entry in after.items() if isinstance(entry, CustomerEntry)]
    owners = {number: key for key, entry in customers for number in entry.access_numbers}
    for key, entry in customers:
        for path, number, wrong in leading_on(entry):
            if number in owners and key in written:
                yield key, path, wrong
            elif number in owners and owners[number] in written:
                text = f"{number} is a number of customer '{entry.number}' that callers dial or are put through to"
                taken = Wrong("loop.access_number", f"{text}: it cannot be an access number", number=number)
                yield owners[number], ("access_numbers",), taken


def leading_on(customer: CustomerEntry) -> Iterator[tuple[Path, str, Wrong]]:
    """Every number from which or to which calls go, and what is wrong with it if it is an access number."""
    for place, line in enumerate(customer.lines):
        text = f"{line.number} is an access number, to which lines are forwarded: write the number that callers dial"
        yield ("lines", place, "number"), line.number, Wrong("loop.line", text, number=line.number)
    for place, contact in enumerate(customer.contacts):
        for target_place, target in enumerate(contact.transfer.targets):
            path: Path = ("contacts", place, "transfer", "targets", target_place, "number")
            text = f"{target.number} is an access number, so callers would come back: write the contact's own number"
            yield path, target.number, Wrong("loop.target", text, number=target.number)


def _wider_than_tariff(after: Mapping[Key, KeyedEntry], written: Mapping[Key, KeyedEntry]) -> Iterator[Finding]:
    """Also when only the tariff changes, and with it what customers of old may have."""
    for key, entry in after.items():
        if not isinstance(entry, CustomerEntry) or entry.hours is None:
            continue
        booked = ("tariffs", entry.tariff)
        tariff = after.get(booked)
        if isinstance(tariff, TariffEntry) and not written.keys().isdisjoint((key, booked)):
            for clash in clashes(entry.hours, tariff.hours):
                about = {"day": DAYS[clash.day], "outside": format_span(clash.outside)}
                about["tariff"] = ", ".join(map(format_span, clash.tariff))
                if key in written:
                    yield key, ("hours",), Wrong("hours.wider", str(clash), **about)
                else:
                    text = f"customer '{entry.number}' has own hours beyond it: {clash}"
                    yield booked, ("hours",), Wrong("hours.outgrown", text, customer=entry.number, **about)
