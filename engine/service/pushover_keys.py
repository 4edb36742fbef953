"""Whether a Pushover user key that is entered is anybody's (§5.2.3.3): asked while it is saved, before the store is.

Rule of this file: asked is of keys that are new to the customer and have their shape. Where nobody can say, the key is
saved: Pushover may be away, and a contact must be saved all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from engine.entries import CustomerEntry
from engine.entries.edits import edit
from engine.entries.fields import PushoverUser
from engine.entries.paths import CONTACTS, join, values_of
from engine.service.customer_judging import FieldMistake
from engine.terms import Wrong

IsUser = Callable[[str], Awaitable[bool | None]]
"""Whether somebody has this key; None = nobody can say."""
MOST = 10
"""Keys that are asked for in one save."""
UNKNOWN = "Pushover knows no user with this key and a device: copy it from the app"
_SHAPE: TypeAdapter[str] = TypeAdapter(PushoverUser)


async def strangers(stored: CustomerEntry, changes: Mapping[str, Any], is_user: IsUser) -> list[FieldMistake]:
    """The new keys of these changes (`engine.entries.paths`) that are nobody's."""
    if not any(path.partition("/")[0] == CONTACTS for path in changes):
        return []
    known = {key for _, key in _keys(values_of(stored))}
    edit(wanted := values_of(stored), changes)
    return await strangers_of(wanted, is_user, known)


async def strangers_of(values: Mapping[str, Any], is_user: IsUser, known: Collection[str] = ()) -> list[FieldMistake]:
    """The keys in a customer's values that are nobody's, but for those that are known."""
    new = [(path, key) for path, key in _keys(values) if key not in known][:MOST]
    answers = await asyncio.gather(*(is_user(key) for _, key in new))
    return [
        FieldMistake(path, Wrong("pushover.unknown", UNKNOWN))
        for (path, _), is_there in zip(new, answers, strict=True)
        if is_there is False
    ]


def _keys(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Path and key of each that has the shape of one; what is put there may be anything."""
    contacts = values.get(CONTACTS)
    for one in contacts if isinstance(contacts, list) else []:
        key = _below(_below(_below(one, "notify"), "pushover"), "user")
        name = _below(one, "name")
        if isinstance(name, str) and _is_key(key):
            yield join((CONTACTS, name, "notify", "pushover", "user")), key


def _below(value: Any, field: str) -> Any:
    return value.get(field) if isinstance(value, Mapping) else None


def _is_key(value: Any) -> bool:
    try:
        return bool(_SHAPE.validate_python(value))
    except ValidationError:
        return False
