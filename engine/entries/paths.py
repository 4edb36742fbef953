"""Where a value is within a customer: `greeting`, `wait/max_wait`, `contacts/Eva Brandt/absence`.

Rule of this file: values are in the words of YAML. A contact is named, never counted, as is a blocked caller, so that
a path means the same whoever has added or moved another; within names `~` and `/` are written `~0` and `~1` (JSON
Pointer, RFC 6901, §3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.entries.customers import CustomerEntry

Steps = tuple[str, ...]
Values = dict[str, Any]

CONTACTS, BLOCKED_CALLERS = "contacts", "blocked_callers"
MESSAGES = "messages"
"""No part of a customer, but audited beside it: a message that was sent once more by hand."""
PERSONS = "persons"
"""The same: what was kept about a telephone number was deleted; named by the case, never by the number."""
TESTS = "tests"
"""The same: a test message to one of the contacts."""
NAMED: Mapping[str, str] = MappingProxyType({CONTACTS: "name", BLOCKED_CALLERS: "number"})
"""The lists whose members are named in paths, and by which of their fields."""
_DEEPER = ("wait", "routing", "company")
"""Fields whose parts change each for itself."""


@dataclass(frozen=True, slots=True)
class Change:
    """A difference between two states of a customer; None = it has its default, or is not there."""

    path: str
    old: Any
    new: Any


def join(steps: Sequence[str | int]) -> str:
    """The path of these steps."""
    return "/".join(str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def split(path: str) -> Steps:
    """The steps of this path."""
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in path.split("/"))


def values_of(customer: CustomerEntry) -> Values:
    """All of it, with what has its default."""
    return customer.model_dump(mode="json", by_alias=True)


def value_at(values: Values, path: str) -> Any:
    """What stands there; None where nothing does."""
    found: Any = values
    first, *_ = split(path)
    for step in split(path):
        if first in NAMED and found is values[first]:
            found = next((one for one in found if one[NAMED[first]] == step), None)
        elif isinstance(found, Mapping):
            found = found.get(step)
        else:
            return None
    return found


def alike(one: Any, other: Any) -> bool:
    """Whether both say the same: what is None may as well be left out."""
    return bool(_bare(one) == _bare(other))


def _bare(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _bare(below) for key, below in value.items() if below is not None}
    return [_bare(below) for below in value] if isinstance(value, list | tuple) else value


def differences(before: CustomerEntry, after: CustomerEntry) -> list[Change]:
    """Everything that differs, in the order of the fields."""
    fields = {name for name in CustomerEntry.model_fields if getattr(before, name) != getattr(after, name)}
    old, new = (_some(customer, fields) for customer in (before, after))
    return [change for name in CustomerEntry.model_fields if name in fields for change in _in_field(name, old, new)]


def _some(customer: CustomerEntry, fields: set[str]) -> Values:
    return customer.model_dump(mode="json", by_alias=True, exclude_defaults=True, include=fields)


def _in_field(name: str, old: Values, new: Values) -> Iterator[Change]:
    was, becomes = old.get(name), new.get(name)
    if name in NAMED:
        yield from _in_named(name, was or [], becomes or [])
    elif name in _DEEPER:
        yield from _in_parts((name,), was or {}, becomes or {})
    else:
        yield Change(name, was, becomes)


def _in_named(among: str, old: list[Values], new: list[Values]) -> Iterator[Change]:
    was, becomes = ({one[NAMED[among]]: one for one in some} for some in (old, new))
    for name in (*was, *(name for name in becomes if name not in was)):
        if name in was and name in becomes:
            yield from _in_parts((among, name), was[name], becomes[name])
        else:
            yield Change(join((among, name)), was.get(name), becomes.get(name))
    stay = [name for name in was if name in becomes]
    order = [name for name in becomes if name in was]
    if stay != order:
        yield Change(among, stay, order)


def _in_parts(above: Steps, old: Values, new: Values) -> Iterator[Change]:
    for key in (*old, *(key for key in new if key not in old)):
        if old.get(key) != new.get(key):
            yield Change(join((*above, key)), old.get(key), new.get(key))
