"""Values as a customer who can be saved, or every mistake in them: of form, of what they refer to, of law.

Rule of this file: a mistake is shown at its field, a contact by its name, a blocked caller by the number. What was
wrong before and is not the law's does not stop a change of something else: a sound that was deleted, say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.entries import CustomerEntry, KeyedEntry
from engine.entries.paths import NAMED, join, values_of
from engine.ports.customers import CustomerView
from engine.service.catalogue_mistakes import explain
from engine.service.catalogue_reading import Key, read_entry
from engine.service.catalogue_rules import judge, leading_on
from engine.service.catalogue_yaml import Path
from engine.service.customer_rules import Installation
from engine.terms import Wrong

_LAW = "L"
"""The codes of the law's checks begin with it."""
_OURS = "\n"
"""What the customer is called among others: nobody else can be."""
_ORDER = {name: place for place, name in enumerate(CustomerEntry.model_fields)}


@dataclass(frozen=True, slots=True)
class FieldMistake:
    """What is wrong with one field."""

    path: str
    """As in `engine.entries.paths`, going on below lists with places from 0; empty for the customer as a whole."""
    wrong: Wrong

    def __str__(self) -> str:
        return f"{self.path}: {self.wrong}"


class Refused(Exception):
    """Nothing was saved; `mistakes` has every reason, in the order of the fields."""

    def __init__(self, mistakes: Sequence[FieldMistake]) -> None:
        self.mistakes = sorted(mistakes, key=lambda one: _ORDER.get(one.path.partition("/")[0], -1))
        super().__init__("\n".join(map(str, self.mistakes)))


def read_customer(
    values: Mapping[str, Any], view: CustomerView, rules: Installation
) -> tuple[CustomerEntry | None, list[FieldMistake]]:
    """The customer that the values say, if its form is sound, and every mistake in it."""
    read = read_entry(CustomerEntry, dict(values), rules.country)
    mistakes = [FieldMistake(_shown(at, values), explain(error, CustomerEntry, None)) for at, error in read.mistakes]
    whole = read.entry or read.remains
    if isinstance(whole, CustomerEntry):
        found = _judged(whole, view, rules)
        stood = set(map(str, _judged(view.customer, view, rules))) if found and view.customer is not None else set()
        mistakes += [one for one in found if one.wrong.code.startswith(_LAW) or str(one) not in stood]
    return (read.entry if isinstance(read.entry, CustomerEntry) else None), mistakes


def _judged(customer: CustomerEntry, view: CustomerView, rules: Installation) -> list[FieldMistake]:
    """Everything but form."""
    key = ("customers", _OURS)
    others = view.holders(
        customer.number, [*customer.access_numbers, *(number for _, number, _ in leading_on(customer))]
    )
    holders = {("customers", other.number): other for other in others}
    found: list[tuple[Path, Wrong]] = []
    if ("customers", customer.number) in holders:
        text = f"there is a customer '{customer.number}' already: choose another number"
        found.append((("number",), Wrong("taken.number", text, number=customer.number)))
    rules = replace(rules, own_sounds={customer.number: view.own_sounds()})
    after: dict[Key, KeyedEntry] = {**view.catalogue(), **holders, key: customer}
    found += [(path, wrong) for _, path, wrong in judge(after, {key: customer}, (), rules)]
    return [FieldMistake(_shown(path, values_of(customer)), wrong) for path, wrong in found]


def _shown(at: Path, values: Mapping[str, Any]) -> str:
    """The path, with the name of a contact that has one, and such."""
    if len(at) > 1 and at[0] in NAMED and isinstance(at[1], int):
        among, field = str(at[0]), NAMED[str(at[0])]
        one = values[among][at[1]]
        if isinstance(one, Mapping) and isinstance(one.get(field), str):
            at = (among, one[field], *at[2:])
    return join(at)
